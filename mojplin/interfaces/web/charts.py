"""Geometry of the charts: values in, positions in percent of a fluid SVG out; the templates only draw.

Positions are written here, with a decimal point, and never by the localized filters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from mojplin.foundation.chart_scale import axis_top, percent
from mojplin.foundation.months import last_day, month_of

# Below this top of the axis values are written with one decimal.
WHOLE_FROM = Decimal(20)

# Shares of the width of a month, as drawn: one bar with its tick, or two bars with a hair between them.
ONE_BAR, TICK = Decimal("0.607"), Decimal("0.78")
TWO_BARS, HAIR = Decimal("0.341"), Decimal("0.029")
STRIP_CELL = Decimal("0.72")


Basis = Literal["measured", "split", "split_long", "estimated", "partial", "flat_rate"]
"""How a month is known: each has a pattern of its own, `measured` none."""
BASES: tuple[Basis, ...] = get_args(Basis)
WHOLE: tuple[Basis, ...] = ("measured", "split", "split_long", "flat_rate")
"""Months on these bases are known from end to end and may be compared."""


@dataclass(frozen=True)
class MonthUse:
    """What was used in a month and in the same month a year before, in one unit; None where it is not known.

    `range` is from where to where an estimated month may lie.
    """

    month: date
    used: Decimal | None
    before: Decimal | None
    basis: Basis = "measured"
    before_basis: Basis = "measured"
    range: tuple[Decimal, Decimal] | None = None

    @property
    def is_comparable(self) -> bool:
        known = self.used is not None and self.before is not None
        return known and self.basis in WHOLE and self.before_basis in WHOLE


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    middle: str
    label_y: str
    """Where its value is written: above it, and above the range of an estimate."""
    value: Decimal
    basis: Basis


@dataclass(frozen=True)
class Tick:
    x1: str
    x2: str
    y: str


@dataclass(frozen=True)
class Range:
    """From where to where an estimated month may lie: an upright line."""

    x: str
    y1: str
    y2: str


@dataclass(frozen=True)
class AxisLine:
    y: str
    value: Decimal


@dataclass(frozen=True)
class Chart:
    """A chart ready to be drawn, with the months behind it and their sums.

    `used` is the sum of all known months; `compared` and `compared_before` sum only the months known in both years,
    the last of which is `compared_until` (None: nothing to compare).
    """

    months: Sequence[MonthUse]
    unit: str
    places: int
    axis: Sequence[AxisLine]
    slots: Sequence[str]
    """Where the place of each month begins."""
    slot_width: str
    bars: Sequence[Bar]
    bars_before: Sequence[Bar]
    ticks: Sequence[Tick]
    ranges: Sequence[Range]
    used: Decimal
    compared: Decimal
    compared_before: Decimal
    compared_until: date | None

    @property
    def patterns(self) -> Sequence[Basis]:
        """Return the bases in the chart that have a pattern, in the order of `BASES`."""
        shown = {each.basis for each in self.months if each.used is not None}
        shown |= {each.before_basis for each in self.months if each.before is not None}
        return [each for each in BASES if each in shown and each != "measured"]


@dataclass(frozen=True)
class StripDay:
    x: str
    open: bool
    past: bool


@dataclass(frozen=True)
class MonthStrip:
    """The days of one month: when the reading window is open, and where today is."""

    month: date
    first_day: int
    last_day: int
    today_day: int
    today_x: str
    cell_width: str
    cells: Sequence[StripDay]


def year_chart(months: Sequence[MonthUse], unit: str) -> Chart:
    """Return the chart of Home: one bar a month, and a tick where the same month stood a year before."""
    return _chart(months, unit, two_bars=False)


def two_year_chart(months: Sequence[MonthUse], unit: str) -> Chart:
    """Return the chart of the consumption page: two bars a month, the year before on the left."""
    return _chart(months, unit, two_bars=True)


def month_strip(first_on: date, last_on: date, today: date) -> MonthStrip | None:
    """Return the month in which the window lies; both of its ends belong to it. None: window and today are of two."""
    if not month_of(first_on) == month_of(last_on) == month_of(today):
        return None
    days = last_day(last_on).day
    slot = Decimal(100) / days
    cells = [
        StripDay(
            x=percent(slot * (number - 1) + slot * (1 - STRIP_CELL) / 2),
            open=first_on.day <= number <= last_on.day,
            past=number < today.day,
        )
        for number in range(1, days + 1)
    ]
    return MonthStrip(
        month=month_of(last_on),
        first_day=first_on.day,
        last_day=last_on.day,
        today_day=today.day,
        today_x=percent(slot * today.day - slot / 2),
        cell_width=percent(slot * STRIP_CELL),
        cells=cells,
    )


def _chart(months: Sequence[MonthUse], unit: str, *, two_bars: bool) -> Chart:
    values = [value for each in months for value in (each.used, each.before, *(each.range or ())) if value is not None]
    top, step = axis_top(max([Decimal(0), *values]))
    slot = Decimal(100) / max(1, len(months))
    width = slot * (TWO_BARS if two_bars else ONE_BAR)
    bars, before, ticks, ranges = [], [], [], []
    for index, each in enumerate(months):
        centre = slot * index + slot / 2
        if each.used is not None:
            start = centre + slot * HAIR / 2 if two_bars else centre - width / 2
            bars.append(_bar(start, width, each.used, top, each.basis, max(each.range or (each.used,))))
            if each.range:
                low, high = (percent(100 - _height(end, top)) for end in each.range)
                ranges.append(Range(percent(start + width / 2), low, high))
        if each.before is not None and two_bars:
            before.append(
                _bar(
                    centre - slot * HAIR / 2 - width,
                    width,
                    each.before,
                    top,
                    each.before_basis,
                )
            )
        elif each.before is not None:
            half = slot * TICK / 2
            ticks.append(
                Tick(
                    percent(centre - half),
                    percent(centre + half),
                    percent(100 - _height(each.before, top)),
                )
            )
    both = [each for each in months if each.is_comparable]
    return Chart(
        months=months,
        unit=unit,
        places=0 if top >= WHOLE_FROM else 1,
        axis=[
            AxisLine(percent(100 - 100 * step * number / top), step * number)
            for number in range(int(top / step), -1, -1)
        ],
        slots=[percent(slot * index) for index in range(len(months))],
        slot_width=percent(slot),
        bars=bars,
        bars_before=before,
        ticks=ticks,
        ranges=ranges,
        used=sum((each.used for each in months if each.used is not None), Decimal(0)),
        compared=sum((each.used or Decimal(0) for each in both), Decimal(0)),
        compared_before=sum((each.before or Decimal(0) for each in both), Decimal(0)),
        compared_until=both[-1].month if both else None,
    )


def _bar(
    start: Decimal, width: Decimal, value: Decimal, top: Decimal, basis: Basis, highest: Decimal | None = None
) -> Bar:
    height = _height(value, top)
    return Bar(
        x=percent(start),
        y=percent(100 - height),
        width=percent(width),
        height=percent(height),
        middle=percent(start + width / 2),
        label_y=percent(100 - _height(value if highest is None else highest, top)),
        value=value,
        basis=basis,
    )


def _height(value: Decimal, top: Decimal) -> Decimal:
    """Return the height in percent; a settled month can be below zero, and has no bar then."""
    return max(Decimal(0), 100 * value / top)
