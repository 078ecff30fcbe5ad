"""What customers do with readings: send one, and correct it until the window closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import is_wanted
from mojplin.domain.metering import plausibility
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.reading_parser import NegativeReading, ParsedReading, TooManyDigits, parse_reading
from mojplin.domain.metering.window import ReadingWindow, reading_window
from mojplin.domain.supply.models import Meter
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.prepared import insert, rows


def current_meters(supply_point_id: int) -> "QuerySet[Meter]":
    """Return the meters that count at the place now, the newest first; there should be one."""
    return Meter.objects.filter(supply_point_id=supply_point_id, removed_on=None).order_by("-installed_on", "-pk")


class NoMeterToRead(Refused):
    message = _("There is no meter to read at this supply point.")


class WindowClosed(Refused):
    field = "typed"
    message = _("Readings are not open today. You can submit the reading from %(opens)s.")


class ReadOnOutsideWindow(Refused):
    field = "read_on"
    message = _("The day of the reading must lie between %(first)s and today.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading that was taken; `dropped` are the digits after the decimal mark that were left out."""

    reading: SubmittedReading
    dropped: str


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
) -> Taken:
    """Take the counter a customer read, tell the ERP, and confirm by mail; see `take_reading` for the rest."""
    # Refusals come before the first write, so they need no savepoint of their own to fall back to.
    with transaction.atomic(savepoint=False):
        try:
            is_told = is_wanted("reading_received", by=by)
            taken = take_reading(
                point=point, typed=typed, exact_m3=exact_m3, is_confirmed=is_confirmed, read_on=read_on,
                by=by, today=today, now=now, way=way, wakes_worker=not is_told,
            )  # fmt: skip
        except Refused as refused:
            refusal = refused
        else:
            if is_told:
                _confirm_by_mail(taken.reading, point, by, today)
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
    wakes_worker: bool = True,
) -> Taken:
    """Take one counter in the caller's transaction and tell the ERP; a second one in the month is a new version.

    Row by row: a refusal has written nothing, so the caller may catch it and go on with the next row. No mail is
    sent; the caller confirms what was taken as a whole.

    :param typed: what the person typed; `exact_m3`, when given, is the counter they chose of what the page named.
    :param is_confirmed: the person says that an odd counter is right: it is taken and marked for the office.
    :param way: by which way it came, of `SubmittedReading.Way`.
    :param wakes_worker: False when another message of the same transaction follows.
    :raises WindowClosed, ReadOnOutsideWindow, NoMeterToRead: nothing can be taken now.
    :raises ReadingQuestion: the person should look again (see `plausibility`).
    :raises NotANumber, NegativeReading, ExponentTyped, TooManyDigits: see `reading_parser`.
    """
    window = _open_window(today, point, read_on)
    # The row of the meter is held until the commit, so that two senders cannot make the same version.
    meter = _held_meter(point.supply_point_id)
    if meter is None:
        raise NoMeterToRead
    read = _counter(meter, typed, exact_m3)
    of_all = plausibility.readings_of_all_payers(point.supply_point_id)
    known = plausibility.before(
        meter_id=meter.pk,
        installed=(meter.installed_on, meter.initial_value_m3),
        known=plausibility.known_readings(point.supply_point_id, point.payer_id),
        sent=[each for each in of_all if each.payer_id == point.payer_id],
        month=window.month,
        closes_on=window.closes_on,
    )
    question = plausibility.question_about(read.value_m3, known, read_on)
    if question and not (is_confirmed and question.may_confirm):
        raise question
    reading = SubmittedReading(
        supply_point_id=point.supply_point_id,
        payer_id=point.payer_id,
        meter=meter,
        month=window.month,
        value_m3=read.value_m3,
        read_on=read_on,
        submitted_by=by,
        submitted_at=now,
        is_odd=question is not None,
        way=way,
    )
    _write_next_version(reading, of_all)
    _tell_erp(reading, point, wakes_worker=wakes_worker)
    return Taken(reading, read.dropped)


def _write_next_version(reading: SubmittedReading, of_all: Sequence[SubmittedReading]) -> None:
    """Write the reading as the next version of its meter and month; an earlier payer's versions are counted too."""
    same = [each for each in of_all if (each.meter_id, each.month) == (reading.meter.pk, reading.month)]
    reading.version = 1 + max((each.version for each in same), default=0)
    if any(each.holds and each.payer_id == reading.payer_id for each in same):
        SubmittedReading.objects.filter(
            supply_point_id=reading.supply_point_id, payer_id=reading.payer_id, meter=reading.meter,
            month=reading.month, holds=True,
        ).update(holds=False)  # fmt: skip
    insert([reading])


_OF_METER = [field.attname for field in Meter._meta.concrete_fields]


def _held_meter(supply_point_id: int) -> Meter | None:
    """Return the meter that counts at the place, its row held until the commit."""
    found = rows(_meter_to_hold, (supply_point_id,))
    return Meter.from_db(DEFAULT_DB_ALIAS, _OF_METER, found[0]) if found else None


def _meter_to_hold(asked: Sequence[Any]) -> "QuerySet[Meter, Any]":
    return current_meters(asked[0]).select_for_update().values_list(*_OF_METER)[:1]


def _open_window(today: date, point: PointToRead, read_on: date) -> ReadingWindow:
    window = reading_window(today, point.window_days)
    language = plausibility.language()
    if not window.is_open:
        raise WindowClosed(opens=formats.day_in_sentence(window.opens_on, language))
    if not window.month <= read_on <= today:
        raise ReadOnOutsideWindow(first=formats.day(window.month, language))
    return window


def _counter(meter: Meter, typed: str, exact_m3: Decimal | None) -> ParsedReading:
    """Return the counter that was typed or chosen.

    :raises TwoMeanings: what was typed can be read in two ways.
    """
    if exact_m3 is not None:
        return ParsedReading(_exact(meter, exact_m3))
    read = parse_reading(typed, digits=meter.digits, decimals=meter.decimals)
    if read.other_m3 is not None:
        raise plausibility.TwoMeanings(
            value=plausibility.cubic_metres(read.value_m3),
            other=plausibility.cubic_metres(read.other_m3),
            value_m3=read.value_m3,
            other_m3=read.other_m3,
        )
    return read


def _exact(meter: Meter, exact_m3: Decimal) -> Decimal:
    if exact_m3 < 0:
        raise NegativeReading
    shown = exact_m3.quantize(Decimal(1).scaleb(-meter.decimals), ROUND_DOWN)
    if shown >= 10**meter.digits:
        raise TooManyDigits(digits=meter.digits, typed=len(str(int(shown))), likely_m3=None)
    return shown


def _tell_erp(reading: SubmittedReading, point: PointToRead, *, wakes_worker: bool) -> None:
    Message.post(
        "erp.reading.submitted",
        wakes_worker=wakes_worker,
        id=reading.public_id,
        version=reading.version,
        supply_point=point.number,
        meter=reading.meter.number,
        month=reading.month.isoformat(),
        value_m3=str(reading.value_m3),
        read_on=reading.read_on.isoformat(),
        confirmed_by_customer=reading.is_odd,
        way=reading.way,
    )


def _confirm_by_mail(reading: SubmittedReading, point: PointToRead, by: User, today: date) -> None:
    window = reading_window(today, point.window_days)
    language: formats.Language = "en" if by.language == "en" else "sl"
    context = {
        "value": formats.cubic_metres(reading.value_m3, language),
        "place": point.name,
        "day": formats.day_in_sentence(reading.submitted_at, language),
        "clock": formats.clock(reading.submitted_at, language),
        "closes": formats.day_in_sentence(window.closes_on, language),
        "is_odd": reading.is_odd,
    }
    mail.post(to=by.email, template="metering/mail/reading_received", context=context, language=by.language)
