"""The scale of a chart: where its axis ends, and positions as an SVG wants them."""

from decimal import Decimal
from math import ceil

STEPS = tuple(Decimal(digit).scaleb(power) for power in range(9) for digit in (1, 2, 5))
MOST_LINES = 4
"""The axis takes the smallest of the steps that needs at most so many lines above zero."""


def axis_top(highest: Decimal) -> tuple[Decimal, Decimal]:
    """Return the value at the top of the axis and the step between its lines."""
    step = next(each for each in STEPS if highest <= each * MOST_LINES)
    return step * max(1, ceil(highest / step)), step


def percent(share: float | Decimal) -> str:
    """Return a position for an SVG attribute: two decimals, a point, whatever the language."""
    return f"{share:.2f}%"
