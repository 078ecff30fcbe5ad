"""Geometry of the chart of a marked reading: what was used beside what was expected, in percent of a fluid SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from mojplin.domain.metering.judging import Beside

ROUND = (1, 2, 5)
MOST_LINES = 4
BAND, MARK = Decimal("0.5"), Decimal("0.8")
"""Shares of a slot that the expected range and the mark of the use take."""


@dataclass(frozen=True)
class Slot:
    """One time between two readings, as it is drawn; `band_y` None: nothing was expected."""

    beside: Beside
    x: str
    band_x: str
    band_width: str
    band_y: str | None
    band_height: str
    mark_x1: str
    mark_x2: str
    mark_y: str


@dataclass(frozen=True)
class ReadingChart:
    slots: Sequence[Slot]
    slot_width: str
    axis: Sequence[tuple[str, Decimal]]
    """Position and value of each line, from the top down."""


def chart_of(beside: Sequence[Beside]) -> ReadingChart:
    values = [value for each in beside for value in (each.used, each.low, each.high) if value is not None]
    highest = max([Decimal(1), *values])
    step = step_for(highest)
    lines = ceil(highest / step)
    top = step * lines
    width = Decimal(100) / len(beside)
    return ReadingChart(
        slots=[slot(each, width * place, width, top) for place, each in enumerate(beside)],
        slot_width=percent(width),
        axis=[(percent(100 - Decimal(100) * line / lines), step * line) for line in range(lines, -1, -1)],
    )


def step_for(highest: Decimal) -> Decimal:
    """Return the smallest round step of which four at most reach the highest value."""
    steps = (Decimal(digit).scaleb(power) for power in range(12) for digit in ROUND)
    return next(step for step in steps if step * MOST_LINES >= highest)


def slot(beside: Beside, start: Decimal, width: Decimal, top: Decimal) -> Slot:
    centre = start + width / 2
    low, high = (height(value, top) for value in (beside.low or Decimal(0), beside.high or Decimal(0)))
    return Slot(
        beside=beside,
        x=percent(start),
        band_x=percent(centre - width * BAND / 2),
        band_width=percent(width * BAND),
        band_y=None if beside.high is None else percent(100 - high),
        band_height=percent(max(high - low, Decimal(1))),
        mark_x1=percent(centre - width * MARK / 2),
        mark_x2=percent(centre + width * MARK / 2),
        mark_y=percent(100 - height(beside.used, top)),
    )


def height(value: Decimal, top: Decimal) -> Decimal:
    """Return the height in percent; a counter that fell stands on the axis."""
    return max(Decimal(0), 100 * value / top)


def percent(share: Decimal) -> str:
    """Return a position for an SVG attribute: two decimals, a point, whatever the language."""
    return f"{share:.2f}%"
