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
    supply_point_id: int,
    supply_point_number: str,
    payer_id: int,
    place_name: str,
    typed: str,
    exact_m3: Decimal | None,
    is_confirmed: bool,
    read_on: date,
    by: User,
    today: date,
    now: datetime,
    first_day: int,
) -> Taken:
    """Take the counter a customer read, tell the ERP, and confirm by mail; a second one in the month is a new version.

    :param typed: what the person typed; `exact_m3`, when given, is the counter they chose of what the page named.
    :param is_confirmed: the person says that an odd counter is right: it is taken and marked for the office.
    :param first_day: day of the month on which readings open.
    :raises WindowClosed, ReadOnOutsideWindow, NoMeterToRead: nothing can be taken now.
    :raises ReadingQuestion: the person should look again (see `plausibility`).
    :raises NotANumber, NegativeReading, ExponentTyped, TooManyDigits: see `reading_parser`.
    """
    window = _open_window(today, first_day, read_on)
    # Refusals come before the first write, so they need no savepoint of their own to fall back to.
    with transaction.atomic(savepoint=False):
        try:
            taken = _take(supply_point_id, payer_id, typed, exact_m3, is_confirmed, read_on, by, now, window)
        except Refused as refused:
            refusal = refused
        else:
            _tell(taken.reading, supply_point_number, place_name, by, window)
            return taken
    raise refusal


def _take(
    supply_point_id: int,
    payer_id: int,
    typed: str,
    exact_m3: Decimal | None,
    is_confirmed: bool,
    read_on: date,
    by: User,
    now: datetime,
    window: ReadingWindow,
) -> Taken:
    """Check the counter against what is known of the meter and write its next version."""
    # The row of the meter is held until the commit, so that two senders cannot make the same version.
    meter = _held_meter(supply_point_id)
    if meter is None:
        raise NoMeterToRead
    read = _counter(meter, typed, exact_m3)
    of_all = plausibility.readings_of_all_payers(supply_point_id)
    known = plausibility.before(
        meter_id=meter.pk,
        installed=(meter.installed_on, meter.initial_value_m3),
        known=plausibility.known_readings(supply_point_id, payer_id),
        sent=[each for each in of_all if each.payer_id == payer_id],
        month=window.month,
        closes_on=window.closes_on,
    )
    question = plausibility.question_about(read.value_m3, known, read_on)
    if question and not (is_confirmed and question.may_confirm):
        raise question
    reading = SubmittedReading(
        supply_point_id=supply_point_id,
        payer_id=payer_id,
        meter=meter,
        month=window.month,
        version=_next_version(of_all, meter, window),
        value_m3=read.value_m3,
        read_on=read_on,
        submitted_by=by,
        submitted_at=now,
        is_odd=question is not None,
    )
    insert([reading])
    return Taken(reading, read.dropped)


_OF_METER = [field.attname for field in Meter._meta.concrete_fields]


def _held_meter(supply_point_id: int) -> Meter | None:
    """Return the meter that counts at the place, its row held until the commit."""
    found = rows(_meter_to_hold, (supply_point_id,))
    return Meter.from_db(DEFAULT_DB_ALIAS, _OF_METER, found[0]) if found else None


def _meter_to_hold(asked: Sequence[Any]) -> "QuerySet[Meter, Any]":
    return current_meters(asked[0]).select_for_update().values_list(*_OF_METER)[:1]


def _open_window(today: date, first_day: int, read_on: date) -> ReadingWindow:
    window = reading_window(today, first_day)
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


def _next_version(sent: Sequence[SubmittedReading], meter: Meter, window: ReadingWindow) -> int:
    """Return the version of the meter's next reading in the month; an earlier payer's are counted too."""
    same_month = (each for each in sent if each.meter_id == meter.pk and each.month == window.month)
    return 1 + max((each.version for each in same_month), default=0)


def _tell(
    reading: SubmittedReading, supply_point_number: str, place_name: str, by: User, window: ReadingWindow
) -> None:
    """Write the message to the ERP and, unless the customer does not want it, the confirmation by mail."""
    is_confirmed = is_wanted("reading_received", by=by)
    Message.post(
        "erp.reading.submitted",
        wakes_worker=not is_confirmed,
        id=reading.public_id,
        version=reading.version,
        supply_point=supply_point_number,
        meter=reading.meter.number,
        month=reading.month.isoformat(),
        value_m3=str(reading.value_m3),
        read_on=reading.read_on.isoformat(),
        confirmed_by_customer=reading.is_odd,
    )
    if not is_confirmed:
        return
    language: formats.Language = "en" if by.language == "en" else "sl"
    context = {
        "value": formats.cubic_metres(reading.value_m3, language),
        "place": place_name,
        "day": formats.day_in_sentence(reading.submitted_at, language),
        "clock": formats.clock(reading.submitted_at, language),
        "closes": formats.day_in_sentence(window.closes_on, language),
        "is_odd": reading.is_odd,
    }
    mail.post(to=by.email, template="metering/mail/reading_received", context=context, language=by.language)
