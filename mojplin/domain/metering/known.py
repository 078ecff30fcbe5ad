"""What is known of a counter before the next one: what was billed, what was sent, and what the home burned so far.

Cubic metres. A reading in question is compared with this; whether it is asked about is `plausibility`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from mojplin.domain.metering.heating_model import Interval
from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.domain.metering.window import ReadingWindow
from mojplin.domain.supply.models import Meter
from mojplin.foundation.prepared import rows

ROWS_TO_LOOK_AT = 40
NOT_MEASURED = (BilledReading.Basis.FLAT_RATE, BilledReading.Basis.SETTLEMENT)
"""What was billed so is an estimate, or sets one right: no use of the weeks it is billed for."""
BEGINNING_COUNTS = timedelta(days=400)
"""A meter's first counter is learnt from when the payer's first reading followed so soon; else others used it, too."""


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A billed period: the counter at the end of its last day, and what was billed for it."""

    period_to: date
    value_m3: Decimal
    consumption_m3: Decimal
    basis: str
    meter_id: int
    customer_reading: str = ""
    """Public id of the submitted reading it answers, if the ERP says so."""
    not_used_because: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a meter before a reading of a month."""

    last_m3: Decimal
    last_on: date
    last_year_m3: Decimal | None
    """Used in the same weeks a year before; None when nothing was billed then, or some of it by estimate."""
    intervals: tuple[Interval, ...] = ()
    """Between readings that were really read, oldest first."""


def known_readings(supply_point_id: int, payer_id: int) -> list[KnownReading]:
    """Return the payer's newest billed readings at the place, in one statement."""
    return [KnownReading(*row) for row in rows(_known, (supply_point_id, payer_id))]


def _known(asked: Sequence[Any]) -> QuerySet[BilledReading, Any]:
    supply_point_id, payer_id = asked
    found = BilledReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id).order_by("-period_to")
    return found.values_list(
        "period_to", "value_to_m3", "consumption_m3", "basis", "meter_id", "customer_reading", "not_used_because"
    )[:ROWS_TO_LOOK_AT]


def sent_readings(supply_point_id: int, payer_id: int) -> list[SubmittedReading]:
    """Return the payer's newest submitted versions at the place, newest first, in one statement."""
    found = rows(_sent, (supply_point_id, payer_id))
    return [SubmittedReading.from_db(DEFAULT_DB_ALIAS, _OF_READING, row) for row in found]


def readings_of_all_payers(supply_point_id: int) -> list[SubmittedReading]:
    """Return the newest submitted versions at the place, newest first: to count versions, never to be shown."""
    found = rows(_sent_by_all, (supply_point_id,))
    return [SubmittedReading.from_db(DEFAULT_DB_ALIAS, _OF_READING, row) for row in found]


_OF_READING = [field.attname for field in SubmittedReading._meta.concrete_fields]


def _sent(asked: Sequence[Any]) -> QuerySet[SubmittedReading, Any]:
    supply_point_id, payer_id = asked
    found = SubmittedReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id)
    return found.newest_first().values_list(*_OF_READING)[:ROWS_TO_LOOK_AT]


def _sent_by_all(asked: Sequence[Any]) -> QuerySet[SubmittedReading, Any]:
    found = SubmittedReading.objects.filter(supply_point_id=asked[0])
    return found.newest_first().values_list(*_OF_READING)[:ROWS_TO_LOOK_AT]


def before(
    meter: Meter, window: ReadingWindow, *, known: Sequence[KnownReading], sent: Sequence[SubmittedReading]
) -> Before:
    """Return what is known of the meter before the reading of the window's month.

    :param sent: newest first.
    """
    installed = meter.installed_on, meter.initial_value_m3
    in_time = [each for each in known if _is_read(each, meter.pk) and each.period_to <= window.closes_on]
    read = {each.period_to: each.value_m3 for each in in_time}
    counted = [each for each in _counted(sent, window.month) if each.meter_id == meter.pk]
    read |= {each.read_on: each.value_m3 for each in counted}
    last_on, last_m3 = max([installed, *read.items()], key=lambda each: each[0])
    first, end = a_year_before(last_on), a_year_before(window.closes_on)
    a_year_ago = [each for each in known if first < each.period_to <= end]
    is_measured = a_year_ago and not any(each.basis in NOT_MEASURED for each in a_year_ago)
    used = sum((each.consumption_m3 for each in a_year_ago), Decimal(0)) if is_measured else None
    return Before(last_m3, last_on, used, _intervals(meter.pk, installed, known, read))


def _counted(sent: Iterable[SubmittedReading], month: date) -> list[SubmittedReading]:
    """Return what a reading of the month follows upon: those of months before, and one noted while all was closed."""
    newest: dict[tuple[int, date], SubmittedReading] = {}
    for each in sent:
        if each.holds or each.is_informative:
            newest.setdefault((each.meter_id, each.month), each)
    return [
        each
        for each in newest.values()
        if not each.is_withdrawn and (each.month < month or (each.month == month and each.is_informative))
    ]


def _intervals(
    meter_id: int, installed: tuple[date, Decimal], known: Sequence[KnownReading], read: dict[date, Decimal]
) -> tuple[Interval, ...]:
    """Return what was used between the readings of each meter; none over a counter that fell."""
    if read and min(read) - installed[0] <= BEGINNING_COUNTS:
        read = {installed[0]: installed[1]} | read
    of_meters = [read]
    for other in {each.meter_id for each in known} - {meter_id}:
        of_meters.append({each.period_to: each.value_m3 for each in known if _is_read(each, other)})
    found = [
        Interval(after[0], until[0], until[1] - after[1])
        for each in of_meters
        for after, until in pairwise(sorted(each.items()))
        if until[1] >= after[1]
    ]
    return tuple(sorted(found))


def a_year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _is_read(reading: KnownReading, meter_id: int) -> bool:
    return reading.meter_id == meter_id and reading.basis != BilledReading.Basis.FLAT_RATE
