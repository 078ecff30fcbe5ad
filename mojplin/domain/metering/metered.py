"""The metered ledger: what was really used, by calendar month, and how well each month is known.

A pure function of true readings, the weather and the energy of the gas: it is recomputed, never patched. A correction
is another reading in the place of the old one; bills, credit notes and flat rates change nothing here.

How it is called:

    chain = chain_of(readings)                        # intervals between true readings; never over a counter that fell
    months = months_of(chain.intervals, split, energy=energy, changes=days_before_energy_changes)

`split` is anything that says how much of a home's use falls on some days (`heating_model.Model.units`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

from mojplin.domain.metering.heating_model import Interval, Model
from mojplin.domain.metering.true_readings import Kind, TrueReading
from mojplin.foundation.months import last_day, month_of, months_between, next_month

SMALLEST = Decimal("0.001")
LONG_DAYS = 45
"""An interval longer than this is split between its months with 10 to 25 % of doubt, a shorter one with 3 to 7 %."""
MOST_ESTIMATED_MONTHS = 12

Units = Callable[[date, date], float]
"""How much use the days after the first until the second call for, in any unit."""


class Basis(StrEnum):
    """How a month is known; the best first."""

    MEASURED = "measured"
    """Read at the end of the month before and at its own end."""
    SPLIT = "split"
    """Out of readings at most `LONG_DAYS` apart."""
    SPLIT_LONG = "split_long"
    ESTIMATED = "estimated"
    """Some of it lies after the last reading."""
    PARTIAL = "partial"
    """Only some of its days are known."""


class Fall(NamedTuple):
    """Two readings of one meter of which the later is lower: nothing is known of the days between them."""

    before: TrueReading
    after: TrueReading


@dataclass(frozen=True, slots=True)
class Chain:
    intervals: tuple[Interval, ...]
    falls: tuple[Fall, ...] = ()


@dataclass(frozen=True, slots=True)
class MeteredMonth:
    """What was used in a month, in thousandths of the unit of the readings.

    `used` are the days between readings. `expected`, from `low` to `high`, are those after the last one; without them
    all three are zero.
    """

    month: date
    basis: Basis
    used: Decimal
    days: int
    """Days between readings."""
    kwh: Decimal | None = None
    """Energy of all of it, expected days included; None where the energy of the gas is not known."""
    expected: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.used + self.expected

    @property
    def is_whole(self) -> bool:
        """Return whether the month may be compared with another: all of its days are measured."""
        return self.basis in (Basis.MEASURED, Basis.SPLIT, Basis.SPLIT_LONG)


def chain_of(readings: Iterable[TrueReading], capacity: Mapping[int, int] | None = None) -> Chain:
    """Return the intervals between readings, in order; each is exactly the difference of two counters.

    :param capacity: by meter, what its counter holds: needed where one turned over.
    """
    last: dict[int, TrueReading] = {}
    intervals: list[Interval] = []
    falls: list[Fall] = []
    for each in sorted(readings, key=lambda reading: (reading.on, reading.kind, reading.meter_id)):
        before = last.get(each.meter_id)
        last[each.meter_id] = each
        if before is None or each.kind is Kind.START:
            continue
        used = each.value_m3 - before.value_m3 + ((capacity or {})[each.meter_id] if each.turned_over else 0)
        if used < 0:
            falls.append(Fall(before, each))
        elif each.on > before.on:
            intervals.append(Interval(before.on, each.on, used))
    return Chain(tuple(sorted(intervals)), tuple(falls))


def parts_of(interval: Interval, units: Units, changes: Sequence[date] = ()) -> list[Interval]:
    """Return the interval cut at the ends of months and after the days of `changes`, by the use each part calls for.

    The running sum is rounded, not the parts: they add up exactly, none is below zero, and what lies between two days
    does not depend on where else the interval is cut.
    """
    ends = {last_day(month) for month in months_between(interval.after, interval.until)}
    cuts = sorted(day for day in ends.union(changes) if interval.after < day < interval.until)
    days = [interval.after, *cuts, interval.until]
    if not cuts:
        return [interval]
    called = [units(interval.after, day) for day in days]
    whole = called[-1]
    if whole <= 0:
        called, whole = [float((day - interval.after).days) for day in days], float(interval.until.toordinal())
        whole -= interval.after.toordinal()
    total = int(interval.used / SMALLEST)
    reached = [0, *accumulate((min(total, round(total * each / whole)) for each in called[1:-1]), max), total]
    return [
        Interval(after, until, SMALLEST * (end - start))
        for (after, until), (start, end) in zip(pairwise(days), pairwise(reached), strict=True)
    ]  # fmt: skip


def used_between(intervals: Sequence[Interval], units: Units, after: date, until: date) -> Decimal | None:
    """Return what was used on the days after `after` until `until`, or None where some of them are not measured."""
    used, days = Decimal(0), 0
    for interval in intervals:
        if interval.until <= after or interval.after >= until:
            continue
        for part in parts_of(interval, units, (after, until)):
            if after <= part.after and part.until <= until:
                used += part.used
                days += (part.until - part.after).days
    return used if days == (until - after).days else None


Energy = Callable[[date], Decimal | None]
"""kWh of one unit on a day."""


@dataclass(slots=True)
class _Sum:
    used: Decimal = Decimal(0)
    kwh: Decimal = Decimal(0)
    days: int = 0
    longest: int = 0
    is_split: bool = False
    expected: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    knows_kwh: bool = True

    def add_energy(self, used: Decimal, kwh_per_unit: Decimal | None) -> None:
        if kwh_per_unit is None:
            self.knows_kwh = False
        else:
            self.kwh += used * kwh_per_unit


def months_of(
    intervals: Sequence[Interval],
    units: Units,
    *,
    energy: Energy = lambda _day: None,
    changes: Sequence[date] = (),
    model: Model | None = None,
    estimate_until: date | None = None,
) -> dict[date, MeteredMonth]:
    """Return the months (key: first day) that any interval touches, and those until `estimate_until`, in order.

    :param energy: kWh of one unit on a day; it changes after the days of `changes` only.
    :param model: where given, the whole months after the last reading are estimated.
    """
    sums: dict[date, _Sum] = {}
    for interval in intervals:
        parts = parts_of(interval, units, changes)
        is_split = month_of(parts[0].until) != month_of(parts[-1].until)
        for part in parts:
            month = sums.setdefault(month_of(part.until), _Sum())
            month.used += part.used
            month.days += (part.until - part.after).days
            month.longest = max(month.longest, (interval.until - interval.after).days)
            month.is_split |= is_split
            month.add_energy(part.used, energy(part.until))
    if model and model.readings and estimate_until and intervals:
        _estimate(sums, intervals[-1].until, estimate_until, model, energy)
    return {month: _month(month, sums[month]) for month in sorted(sums)}


def _estimate(sums: dict[date, _Sum], last_on: date, until: date, model: Model, energy: Energy) -> None:
    """Add what the whole months after the last reading should have used, with the range that holds 80 of 100."""
    after = last_on
    for month in months_between(next_month(last_on) if last_on == last_day(last_on) else last_on, until)[
        :MOST_ESTIMATED_MONTHS
    ]:
        end = last_day(month)
        if end > until:
            return
        expected = model.expected(after, end)
        low, high = expected.within(80)
        one = sums.setdefault(month, _Sum())
        one.expected, one.low, one.high = (_thousandths(each) for each in (expected.use, low, high))
        one.add_energy(one.expected, energy(end))
        after = end


def _thousandths(value: float) -> Decimal:
    return SMALLEST * round(value * 1000)


def _month(month: date, found: _Sum) -> MeteredMonth:
    return MeteredMonth(
        month=month,
        basis=_basis(month, found),
        used=found.used,
        days=found.days,
        kwh=found.kwh if found.knows_kwh else None,
        expected=found.expected,
        low=found.low,
        high=found.high,
    )


def _basis(month: date, found: _Sum) -> Basis:
    if found.days < last_day(month).day:
        return Basis.ESTIMATED if found.expected or found.high else Basis.PARTIAL
    if not found.is_split:
        return Basis.MEASURED
    return Basis.SPLIT if found.longest <= LONG_DAYS else Basis.SPLIT_LONG
