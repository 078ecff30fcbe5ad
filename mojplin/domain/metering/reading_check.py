"""Is a counter plausible? Impossible ones are blocked, unlikely ones asked about, the rest taken as they are.

A pure function over the heating model: what is done with its verdict (which refusal, which words) is the operation's.

How it is called:

    model = fitted(intervals_of_true_readings, climate, today=today)
    verdict = check_reading(value_m3, on=day, last=Last(last_day, last_value_m3), model=model, digits=meter.digits)
    verdict.outcome          # "block", "ask" or "ok"
    verdict.reason           # why (None when ok): a word of `Reason`
    verdict.low_m3, .high_m3 # the counter the portal expected, from-to, to be named in the question; None: unknown

A counter below the last one is always blocked here: it is a slip, another meter, or an exchange that comes with the
final and the first counter. A roll-over is never assumed (a home needs a century to fill five digits).
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from mojplin.domain.metering.heating_model import Model

METER_MOST_M3_HOUR = 6
"""The greatest flow of a G4, the meter of a home (Elster/Honeywell BK-G4)."""
BOILER_MOST_M3_DAY = 46
"""A boiler of 50 kW that burns propane all day: asked about where the model knows no better."""
LARGER_METER_TIMES = 3
"""Where the home is expected to burn so much that a G4 cannot be meant, this many times the range is blocked."""
SAME_ASKED_FROM_M3 = 2.0
"""The same counter again is asked about when more than this was expected."""


class Reason(StrEnum):
    DOES_NOT_FIT_COUNTER = "does_not_fit_counter"
    NOT_AFTER_LAST = "not_after_last"
    LOWER_THAN_LAST = "lower_than_last"
    MORE_THAN_METER_PASSES = "more_than_meter_passes"
    SAME_AS_LAST = "same_as_last"
    LESS_THAN_EXPECTED = "less_than_expected"
    MORE_THAN_EXPECTED = "more_than_expected"


class Last(NamedTuple):
    """The newest true reading of the same meter: the counter at the end of the day."""

    on: date
    value_m3: Decimal


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Literal["block", "ask", "ok"]
    reason: Reason | None
    low_m3: Decimal | None
    high_m3: Decimal | None


def check_reading(
    value_m3: Decimal,
    *,
    on: date,
    last: Last,
    model: Model,
    digits: int,
    meter_most_m3_hour: int = METER_MOST_M3_HOUR,
) -> Verdict:
    """Return the verdict on a counter at the end of day `on`, in cubic metres.

    :param model: of the intervals before; one fitted to no reading at all expects nothing, then only the boiler asks.
    :param digits: black digits of the counter.
    """
    use = float(value_m3 - last.value_m3)
    days = (on - last.on).days
    low, high = _expected_use(model, last.on, on)
    blocked = _impossible(value_m3, use, days, digits, _most_m3(days, high, meter_most_m3_hour))
    reason = blocked or _unlikely(use, days, low, high, model, last.on, on)
    outcome: Literal["block", "ask", "ok"] = "block" if blocked else "ask" if reason else "ok"
    # Rounded inwards: nobody is asked about a counter that the sentence itself calls expected.
    return Verdict(outcome, reason, _counter(last, low, ROUND_CEILING), _counter(last, high, ROUND_FLOOR))


def _expected_use(model: Model, after: date, until: date) -> tuple[float | None, float | None]:
    if not model.readings or until <= after:
        return None, None
    return model.expected(after, until).within(99)


def _most_m3(days: int, high: float | None, meter_most_m3_hour: int) -> float:
    """Return what cannot have passed the meter: its greatest flow, unless this home is known to need a larger one."""
    passes = 24.0 * meter_most_m3_hour * days
    return max(passes, LARGER_METER_TIMES * high) if high and high > passes / LARGER_METER_TIMES else passes


def _impossible(value_m3: Decimal, use: float, days: int, digits: int, most_m3: float) -> Reason | None:
    if not 0 <= value_m3 < 10**digits:
        return Reason.DOES_NOT_FIT_COUNTER
    if days <= 0:
        return Reason.NOT_AFTER_LAST
    if use < 0:
        return Reason.LOWER_THAN_LAST
    return Reason.MORE_THAN_METER_PASSES if use > most_m3 else None


def _unlikely(
    use: float, days: int, low: float | None, high: float | None, model: Model, after: date, until: date
) -> Reason | None:
    if low is None or high is None:
        return Reason.MORE_THAN_EXPECTED if use > BOILER_MOST_M3_DAY * days else None
    if use == 0 and model.expected(after, until).use > SAME_ASKED_FROM_M3:
        return Reason.SAME_AS_LAST
    if use < low:
        return Reason.LESS_THAN_EXPECTED
    return Reason.MORE_THAN_EXPECTED if use > high else None


def _counter(last: Last, use: float | None, rounding: str) -> Decimal | None:
    """Return the counter after a use as a person reads it: in whole cubic metres."""
    return None if use is None else (last.value_m3 + Decimal(use)).quantize(Decimal(1), rounding)
