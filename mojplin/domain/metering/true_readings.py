"""The counter as somebody really read it: what the metered ledger is made of. Cubic metres.

True are readings by the customer, by a technician, by the meter itself, and the first and last counter of an exchange.
A flat-rate billing is none: it says what was billed, not what the counter showed.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from mojplin.domain.metering.billed import FLAT_RATE, BilledRow

DAY = timedelta(days=1)


class Kind(IntEnum):
    """In the order in which readings of one day are taken."""

    READ = 0
    START = 1
    """A meter, or somebody's time as payer, begins: nothing was used until then."""


class TrueReading(NamedTuple):
    """The counter of a meter at the end of a day."""

    meter_id: int
    on: date
    value_m3: Decimal
    kind: Kind = Kind.READ
    turned_over: bool = False
    """The counter passed its last digit and began at zero: only where the supplier billed it so."""


class MeterLife(NamedTuple):
    """A meter of the place, from its first day to its last."""

    meter_id: int
    number: str
    digits: int
    installed_on: date
    initial_value_m3: Decimal
    removed_on: date | None
    final_value_m3: Decimal | None
    correction_factor: Decimal


class SentReading(NamedTuple):
    """What the customer sent for a month: the version that holds, or one noted while readings were closed."""

    meter_id: int
    month: date
    read_on: date
    value_m3: Decimal
    is_informative: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PayersTime:
    """From when until before when somebody pays for the place (None: still); only what lies in it is theirs."""

    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Return whether the end of that day is the payer's; the counter they began with stood on the day before."""
        return self.starts_on - DAY <= day and (self.ends_on is None or day < self.ends_on)


def true_readings(
    time: PayersTime, meters: Sequence[MeterLife], billed: Iterable[BilledRow], sent: Iterable[SentReading]
) -> list[TrueReading]:
    """Return the payer's true readings in order, one for each meter and day.

    Where a reading was sent and then billed, it is one reading, of the day on which it was read; where the office
    billed another counter for that month, the office's holds. A counter noted while readings were closed was read as
    truly as others; as nobody checks it, it counts where it lies between those around it.

    :param sent: the versions of a meter and month in their order.
    """
    rows = [each for each in billed if time.holds(each.period_to)]
    sent = list(sent)
    found = [*_from_bills(rows, [each for each in sent if not each.is_informative], meters), *_of_meters(meters)]
    found = [each for each in found if time.holds(each.on)]
    found = _since_the_first_bill(rows, found)
    once: dict[tuple[int, date], TrueReading] = {}
    for each in found:
        once.setdefault((each.meter_id, each.on), each)
    read = sorted(once.values(), key=_in_order)
    for each in _noted(sent, meters):
        if time.holds(each.on) and _lies_between(each, read):
            insort(read, each, key=_in_order)
    return read


def _in_order(reading: TrueReading) -> tuple[date, Kind, int]:
    return reading.on, reading.kind, reading.meter_id


def _noted(sent: Iterable[SentReading], meters: Iterable[MeterLife]) -> list[TrueReading]:
    """Return the newest of what was noted for each meter and month while readings were closed, unless taken back.

    The newest comes first: where two contradict one another, the person has confirmed the later one.
    """
    removed_on = {each.meter_id: each.removed_on for each in meters}
    newest = {(each.meter_id, each.month): each for each in sent if each.is_informative}
    noted = [
        TrueReading(each.meter_id, each.read_on, each.value_m3)
        for each in newest.values()
        if not each.is_withdrawn and each.read_on < (removed_on.get(each.meter_id) or date.max)
    ]
    return sorted(noted, key=_in_order, reverse=True)


def _lies_between(noted: TrueReading, read: Sequence[TrueReading]) -> bool:
    """Return whether the counter follows upon one of its meter and is not above the next; no day has two."""
    same = [each for each in read if each.meter_id == noted.meter_id]
    before = next((each for each in reversed(same) if each.on <= noted.on), None)
    after = next((each for each in same if each.on > noted.on), None)
    if before is None or before.on == noted.on or noted.value_m3 < before.value_m3:
        return False
    return after is None or after.turned_over or noted.value_m3 <= after.value_m3


def _from_bills(
    rows: Sequence[BilledRow], sent: Sequence[SentReading], meters: Sequence[MeterLife]
) -> list[TrueReading]:
    digits = {each.meter_id: each.digits for each in meters}
    of_month = {(each.meter_id, each.month): each for each in sent}
    found = []
    for row in rows:
        if row.basis == FLAT_RATE:
            continue
        own = of_month.pop((row.meter_id, row.period_to.replace(day=1)), None)
        is_same = own is not None and own.value_m3 == row.value_to_m3
        on = own.read_on if own and is_same else row.period_to
        turned_over = row.is_turned_over(digits.get(row.meter_id))
        found.append(TrueReading(row.meter_id, on, row.value_to_m3, turned_over=turned_over))
    return found + [TrueReading(each.meter_id, each.read_on, each.value_m3) for each in of_month.values()]


def _of_meters(meters: Sequence[MeterLife]) -> list[TrueReading]:
    """Return the first and last counters of the meters; a day belongs to one meter only, at an exchange to the old."""
    found = []
    old_until = date.min
    for meter in sorted(meters, key=lambda each: each.installed_on):
        start = max(meter.installed_on - DAY, old_until)
        found.append(TrueReading(meter.meter_id, start, meter.initial_value_m3, Kind.START))
        if meter.removed_on and meter.final_value_m3 is not None:
            found.append(TrueReading(meter.meter_id, meter.removed_on, meter.final_value_m3))
            old_until = max(old_until, meter.removed_on)
    return found


def _since_the_first_bill(rows: Sequence[BilledRow], found: list[TrueReading]) -> list[TrueReading]:
    """Begin with the counter of the payer's first bill: of what was before, such as a meter's first day, no bill tells.

    Where the supplier gives bills of some years only, the meter may be much older than the first of them.
    """
    if not rows:
        return found
    first = min(rows, key=lambda each: (each.period_from, each.period_to))
    day = first.period_from - DAY
    later = [each for each in found if each.kind is not Kind.START or each.on > day]
    return [TrueReading(first.meter_id, day, first.value_from_m3, Kind.START), *later]
