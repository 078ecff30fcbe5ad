"""Geometry of the charts: values in, positions in percent of a fluid SVG out; the templates only draw.

Positions are written here, with a decimal point, and never by the localized filters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from mojplin.foundation.chart_scale import axis_top, percent
from mojplin.foundation.months import last_day, month_of
from mojplin.interfaces.web.chart_lines import BASES, Bar, Basis, MonthRow, MonthUse, StripDay, Tick

# Below this top of the axis values are written with one decimal.
WHOLE_FROM = Decimal(20)

# Shares of the width of a month, as drawn: one bar with its tick, or two bars with a hair between them.
ONE_BAR, TICK = 0.607, 0.78
TWO_BARS, HAIR = 0.341, 0.029
STRIP_CELL = 0.72


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

    id: str
    """Unlike that of another chart on the page."""
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
    ranges: Sequence[Tick]
    used: Decimal
    compared: Decimal
    compared_before: Decimal
    compared_until: date | None

    @cached_property
    def patterns(self) -> Sequence[Basis]:
        """Return the bases in the chart that have a pattern, in the order of `BASES`."""
        shown = {each.basis for each in self.months if each.used is not None}
        shown |= {each.before_basis for each in self.months if each.before is not None}
        return [each for each in BASES if each in shown and each != "measured"]

    def rows(self, heading_before: str, *, with_year: bool) -> list[MonthRow]:
        """Return the lines of the table below the chart.

        :param heading_before: what the year before is called there, as HTML.
        """
        is_explained = bool(self.patterns)
        return [MonthRow(each, self.places, with_year, is_explained, heading_before) for each in self.months]


@dataclass(frozen=True)
class MonthStrip:
    """The days of one month: when the reading window is open, and where today is."""

    month: date
    first_day: int
    last_day: int
    today_day: int
    today_x: str
    cells: Sequence[StripDay]


def year_chart(months: Sequence[MonthUse], unit: str) -> Chart:
    """Return the chart of Home: one bar a month, and a tick where the same month stood a year before."""
    return _chart(months, unit, two_bars=False)


def two_year_chart(months: Sequence[MonthUse], unit: str) -> Chart:
    """Return the chart of the consumption page: two bars a month, the year before on the left."""
    return _chart(months, unit, two_bars=True)


@lru_cache(maxsize=128)
def month_strip(first_on: date, last_on: date, today: date) -> MonthStrip | None:
    """Return the month in which the window lies; both of its ends belong to it. None: window and today are of two."""
    if not month_of(first_on) == month_of(last_on) == month_of(today):
        return None
    days = last_day(last_on).day
    slot = 100 / days
    width = percent(slot * STRIP_CELL)
    cells = [
        StripDay(
            "closed" if not first_on.day <= number <= last_on.day else "open past" if number < today.day else "open",
            percent(slot * (number - 1) + slot * (1 - STRIP_CELL) / 2),
            width,
        )
        for number in range(1, days + 1)
    ]
    return MonthStrip(
        month=month_of(last_on),
        first_day=first_on.day,
        last_day=last_on.day,
        today_day=today.day,
        today_x=percent(slot * today.day - slot / 2),
        cells=cells,
    )


def _chart(months: Sequence[MonthUse], unit: str, *, two_bars: bool) -> Chart:
    values = [value for each in months for value in (each.used, each.before, *(each.range or ())) if value is not None]
    top, step = axis_top(max([Decimal(0), *values]))
    drawing = _Drawing("two-year-chart" if two_bars else "year-chart", top, 100 / max(1, len(months)), two_bars)
    for index, each in enumerate(months):
        drawing.add(index, each)
    both = [each for each in months if each.is_comparable]
    return Chart(
        id=drawing.id,
        months=months,
        unit=unit,
        places=drawing.places,
        axis=[AxisLine(drawing.y(step * number), step * number) for number in range(int(top / step), -1, -1)],
        slots=[percent(drawing.slot * index) for index in range(len(months))],
        slot_width=percent(drawing.slot),
        bars=drawing.bars,
        bars_before=drawing.bars_before,
        ticks=drawing.ticks,
        ranges=drawing.ranges,
        used=sum((each.used for each in months if each.used is not None), Decimal(0)),
        compared=sum((each.used or Decimal(0) for each in both), Decimal(0)),
        compared_before=sum((each.before or Decimal(0) for each in both), Decimal(0)),
        compared_until=both[-1].month if both else None,
    )


class _Drawing:
    """What is drawn of the months so far."""

    def __init__(self, chart_id: str, top: Decimal, slot: float, two_bars: bool) -> None:
        self.id, self.top, self.slot, self.two_bars = chart_id, float(top), slot, two_bars
        self.places = 0 if top >= WHOLE_FROM else 1
        self.width, self.hair = slot * (TWO_BARS if two_bars else ONE_BAR), slot * HAIR / 2
        self.width_written = percent(self.width)
        self.bars: list[Bar] = []
        self.bars_before: list[Bar] = []
        self.ticks: list[Tick] = []
        self.ranges: list[Tick] = []

    def add(self, index: int, each: MonthUse) -> None:
        centre = self.slot * index + self.slot / 2
        if each.used is not None:
            start = centre + self.hair if self.two_bars else centre - self.width / 2
            kind: Literal["valued", "alone"] = "valued" if self.two_bars else "alone"
            self.bars.append(self.bar(kind, start, each.used, each.basis, max(each.range or (each.used,))))
            if each.range:
                low, high = map(self.y, each.range)
                x = percent(start + self.width / 2)
                self.ranges.append(Tick(x, x, low, high))
        if each.before is not None and self.two_bars:
            start = centre - self.hair - self.width
            self.bars_before.append(self.bar("before", start, each.before, each.before_basis, each.before))
        elif each.before is not None:
            half, y = self.slot * TICK / 2, self.y(each.before)
            self.ticks.append(Tick(percent(centre - half), percent(centre + half), y, y))

    def bar(
        self, kind: Literal["alone", "before", "valued"], start: float, value: Decimal, basis: Basis, highest: Decimal
    ) -> Bar:
        return Bar(
            self.id,
            kind,
            basis,
            value,
            self.places,
            x=percent(start),
            y=self.y(value),
            width=self.width_written,
            height=percent(self.height(value)),
            middle=percent(start + self.width / 2) if kind == "valued" else "",
            label_y=self.y(highest) if kind == "valued" else "",
        )

    def y(self, value: Decimal) -> str:
        return percent(100 - self.height(value))

    def height(self, value: Decimal) -> float:
        """Return the height in percent; a settled month can be below zero, and has no bar then."""
        return max(0.0, 100 * float(value) / self.top)
