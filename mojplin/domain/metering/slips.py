"""The likely slip behind an implausible counter: a red digit typed, two digits swapped, a digit left out.

A slip is named only where the counter without it would be taken as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

RED_DIGITS = (1, 2, 3)


class Slip(StrEnum):
    RED_DIGIT = "red_digit"
    SWAPPED = "swapped"
    MISSING_DIGIT = "missing_digit"
    OTHER_METER = "other_meter"


@dataclass(frozen=True, slots=True)
class LikelySlip:
    """What probably happened; `value_m3` is the counter that was meant, where it can be known."""

    kind: Slip
    value_m3: Decimal | None = None
    place: str = ""
    """What its user calls the place of the other meter."""


def likely_slip(
    value_m3: Decimal, *, last_m3: Decimal, digits: int, expected_m3: Decimal, fits: Callable[[Decimal], bool]
) -> LikelySlip | None:
    """Return the slip that explains the counter, or None.

    :param fits: whether a counter would be taken without a question.
    :param expected_m3: where several counters fit, the one nearest to this was meant.
    """
    for count in RED_DIGITS:
        meant = Decimal(int(value_m3) // 10**count)
        if meant and fits(meant):
            return LikelySlip(Slip.RED_DIGIT, meant)
    swapped = [each for each in _swapped(value_m3, digits) if fits(each)]
    if swapped:
        return LikelySlip(Slip.SWAPPED, min(swapped, key=lambda each: abs(each - expected_m3)))
    if 0 < value_m3 < last_m3 and len(str(int(value_m3))) == len(str(int(last_m3))) - 1:
        return LikelySlip(Slip.MISSING_DIGIT)
    return None


def _swapped(value_m3: Decimal, digits: int) -> Iterator[Decimal]:
    """Yield the counters with two neighbouring digits changed over; red ones stay where they are."""
    whole, rest = divmod(value_m3, 1)
    shown = f"{int(whole):0{digits}d}"
    for place in range(len(shown) - 1):
        if shown[place] != shown[place + 1]:
            yield Decimal(shown[:place] + shown[place + 1] + shown[place] + shown[place + 2 :]) + rest
