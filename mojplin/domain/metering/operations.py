"""What customers do with readings: send one, correct it until the window closes, or take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.metering import taking
from mojplin.domain.metering.known import Before
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.plausibility import Judge, ReadingQuestion
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.slips import LikelySlip, Slip
from mojplin.domain.metering.taking import RECEIVED, HeldMeter
from mojplin.domain.metering.window import ReadingWindow, reading_window, window_of_month
from mojplin.domain.supply.models import Meter
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.unsubscribing import Stop

OTHER_METERS_LOOKED_AT = 6


class NoMeterToRead(Refused):
    message = _("There is no meter to read at this supply point.")


class WindowClosed(Refused):
    field = "typed"
    message = _("Readings are not open today. You can submit the reading from %(opens)s.")


class ReadOnOutsideWindow(Refused):
    field = "read_on"
    message = _("The day of the reading must lie between %(first)s and today.")


class TooLateToTakeBack(Refused):
    message = _("This reading can no longer be taken back. If it is wrong, write to us.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading that was taken; `dropped` are the digits after the decimal mark that were left out."""

    reading: SubmittedReading
    dropped: str
    before: Before
    use_m3: Decimal
    """Since the last reading; below zero where a lower counter was confirmed."""
    held: HeldMeter

    @property
    def is_receipt_wanted(self) -> bool:
        return self.held.is_receipt_wanted


def submit_reading(
    *,
    point: PointToRead,
    typed: str,
    exact_m3: Decimal | None,
    is_confirmed: bool,
    read_on: date,
    by: User,
    today: date,
    now: datetime,
    way: str = SubmittedReading.Way.PORTAL,
    as_informative: bool = False,
    others: Sequence[PointToRead] = (),
) -> Taken:
    """Take the counter a customer read, tell the ERP, and confirm by mail; see `take_reading` for the rest."""
    with transaction.atomic(savepoint=False):
        try:
            taken = take_reading(
                point=point, typed=typed, exact_m3=exact_m3, is_confirmed=is_confirmed, read_on=read_on,
                by=by, today=today, now=now, way=way, as_informative=as_informative, others=others,
                receipt_follows=True,
            )  # fmt: skip
        except Refused as refused:
            refusal = refused
        else:
            if taken.is_receipt_wanted:
                confirm_by_mail(taken, point, by)
            return taken
    raise refusal


def take_reading(
    *,
    point: PointToRead,
    typed: str,
    exact_m3: Decimal | None,
    is_confirmed: bool,
    read_on: date,
    by: User,
    today: date,
    now: datetime,
    way: str,
    as_informative: bool = False,
    others: Sequence[PointToRead] = (),
    receipt_follows: bool = False,
) -> Taken:
    """Take one counter in the caller's transaction and tell the ERP; a second one in the month is a new version.

    Row by row: a refusal has written nothing, so the caller may catch it and go on with the next row. No mail is
    sent; the caller confirms what was taken as a whole.

    :param typed: what the person typed; `exact_m3`, when given, is the counter they chose of what the page named.
    :param is_confirmed: the person says that an odd counter is right: it is taken and marked for the office.
    :param way: by which way it came, of `SubmittedReading.Way`.
    :param as_informative: take it while readings are closed, too: kept and shown, not billed.
    :param others: the person's other places, for recognising the counter of another meter.
    :param receipt_follows: the caller confirms by mail in the same transaction if `Taken.is_receipt_wanted`.
    :raises WindowClosed, ReadOnOutsideWindow, NoMeterToRead: nothing can be taken now.
    :raises ReadingQuestion: the person should look again (see `plausibility`).
    :raises NotANumber, NegativeReading, ExponentTyped, TooManyDigits: see `reading_parser`.
    """
    window = open_window(today, point, read_on, as_informative=as_informative)
    held = taking.held_meter(point, by.pk, read_on)
    if held is None:
        raise NoMeterToRead
    read = taking.counter(held.meter, typed, exact_m3)
    history = taking.history_of(held.meter, point, window)
    question = Judge(history.before, read_on, held.meter.digits, held.climate).question(read.value_m3)
    if question and not (is_confirmed and question.may_confirm):
        raise _naming_other_meter(question, others, window, read_on)
    reading = SubmittedReading(
        supply_point_id=point.supply_point_id,
        payer_id=point.payer_id,
        meter=held.meter,
        month=window.month,
        value_m3=read.value_m3,
        read_on=read_on,
        submitted_by=by,
        submitted_at=now,
        is_odd=question is not None,
        way=way,
        holds=window.is_open,
        is_informative=not window.is_open,
    )
    taking.write_next_version(reading, history.of_all)
    wakes_worker = not (receipt_follows and held.is_receipt_wanted)
    tell_erp(reading, point, meter=held.meter.number, wakes_worker=wakes_worker)
    return Taken(reading, read.dropped, history.before, reading.value_m3 - history.before.last_m3, held)


@transaction.atomic
def take_back(*, reading: SubmittedReading, point: PointToRead, by: User, today: date, now: datetime) -> None:
    """Take a reading back, as a version of its own; the ERP is told.

    :raises TooLateToTakeBack: its window has closed, or another version holds by now.
    """
    meter = Meter.objects.select_for_update().get(pk=reading.meter_id)
    same = SubmittedReading.objects.filter(meter=meter, month=reading.month)
    newest = same.filter(payer_id=point.payer_id).order_by("-version").first()
    is_over = today > window_of_month(reading.month, point.window_days, today).closes_on
    if is_over or newest != reading or reading.is_withdrawn:
        raise TooLateToTakeBack
    back = SubmittedReading(
        supply_point_id=reading.supply_point_id, payer_id=reading.payer_id, meter=meter, month=reading.month,
        value_m3=reading.value_m3, read_on=reading.read_on, submitted_by=by, submitted_at=now, holds=False,
        is_withdrawn=True, is_informative=reading.is_informative,
    )  # fmt: skip
    same.filter(pk=reading.pk).update(holds=False)
    taking.write_next_version(back, list(same))
    tell_erp(back, point, meter=meter.number)


def open_window(today: date, point: PointToRead, read_on: date, *, as_informative: bool = False) -> ReadingWindow:
    """Return the window a reading falls into.

    :raises WindowClosed, ReadOnOutsideWindow: it cannot be taken.
    """
    window = reading_window(today, point.window_days)
    language = formats.active_language()
    if not (window.is_open or as_informative):
        raise WindowClosed(opens=formats.day_in_sentence(window.opens_on, language))
    first = min(window.month, today.replace(day=1))
    if not first <= read_on <= today:
        raise ReadOnOutsideWindow(first=formats.day(first, language))
    return window


def _naming_other_meter(
    question: ReadingQuestion, others: Sequence[PointToRead], window: ReadingWindow, read_on: date
) -> ReadingQuestion:
    """Return the question with the other meter of the person whose counter this is, if nothing else explains it."""
    if question.places["slip"] is None:
        value_m3 = question.places["value_m3"]
        other = taking.other_meter_of(value_m3, others[:OTHER_METERS_LOOKED_AT], window, read_on)
        if other:
            slip = LikelySlip(Slip.OTHER_METER, place=other.name)
            return type(question)(**dict(question.places) | {"slip": slip})
    return question


def tell_erp(reading: SubmittedReading, point: PointToRead, *, meter: str, wakes_worker: bool = True) -> None:
    """Write the message to the ERP in the caller's transaction.

    :param meter: the number of the meter; after an exchange the new one's.
    """
    Message.post(
        "erp.reading.submitted",
        wakes_worker=wakes_worker,
        id=reading.public_id,
        version=reading.version,
        supply_point=point.number,
        meter=meter,
        month=reading.month.isoformat(),
        value_m3=str(reading.value_m3),
        read_on=reading.read_on.isoformat(),
        confirmed_by_customer=reading.is_odd,
        withdrawn=reading.is_withdrawn,
        informative=reading.is_informative,
        way=reading.way,
    )


def confirm_by_mail(taken: Taken, point: PointToRead, by: User) -> None:
    """Post the receipt in the caller's transaction."""
    reading, before, held = taken.reading, taken.before, taken.held
    language = formats.language_of(by.language)
    window = window_of_month(reading.month, point.window_days, reading.read_on)
    with translation.override(language):
        path = reverse("web:reading_sent", args=[reading.public_id])
        use = _amount(taken.use_m3, held.kwh_per_m3, language) if taken.use_m3 >= 0 else ""
        last_year_m3 = before.last_year_m3
        last_year = "" if last_year_m3 is None else _amount(last_year_m3, held.kwh_per_m3_year_before, language)
    context = {
        "value": formats.cubic_metres(reading.value_m3, language),
        "place": point.name,
        "day": formats.day_in_sentence(reading.submitted_at, language),
        "clock": formats.clock(reading.submitted_at, language),
        "use": use,
        "since": formats.day_in_sentence(before.last_on, language),
        "last_year": last_year,
        "opens": formats.day_in_sentence(window.opens_on, language) if reading.is_informative else "",
        "closes": formats.day_in_sentence(window.closes_on, language),
        "is_odd": reading.is_odd,
        "reading_url": settings.BASE_URL + path,
    }
    mail.post(
        to=by.email, template="metering/mail/reading_received", context=context, language=by.language,
        stop=Stop(by.pk, [RECEIVED]),
    )  # fmt: skip


def _amount(use_m3: Decimal, kwh_per_m3: Decimal | None, language: formats.Language) -> str:
    """Return a use in cubic metres and, where it is known, about how many kilowatt-hours that is."""
    in_m3 = formats.cubic_metres(use_m3, language, grouped=True)
    if kwh_per_m3 is None:
        return in_m3
    energy = formats.kilowatt_hours(use_m3 * kwh_per_m3, language)
    return f"{in_m3} ({gettext('about %(energy)s') % {'energy': energy}})"
