"""A9, A10, A11: the day a tank is empty, use that stands out, and the time a fit takes."""

import time
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.heating_model import Interval, fitted
from mojplin.domain.metering.unusual_use import LEAST_BEFORE, WATCHED_READINGS, unusual_use
from tools.accuracy.homes import Home

LONGEST_FILL_DAYS = 120
"""Between two summers nothing can be said about the day."""
SEEN_WITHIN = 3
LEAK_M3_A_DAY = Decimal(1)
TIMED_READINGS = 24


def refill_error_days(tank: Home) -> tuple[float, float, int]:
    """Return the median error in days of the model and of a straight line, and how many fills, weather known."""
    off: list[tuple[int, int]] = []
    for known in range(1, len(tank.readings)):
        after, until, used = tank.readings[known]
        if (until - after).days >= LONGEST_FILL_DAYS:
            continue
        before = tank.readings[:known]
        empty_on = fitted(before, tank.climate).day_reached(after, float(used), within_days=1000)
        assert empty_on
        days = sum((each.until - each.after).days for each in before)
        line_days = float(used) / (float(sum(each.used for each in before)) / days)
        off.append((abs((empty_on - until).days), round(abs(line_days - (until - after).days))))
    return median(model for model, _line in off), median(line for _model, line in off), len(off)


def watch(homes: Sequence[Home]) -> tuple[int, int, float]:
    """Return the false hints, the readings watched, and how many of a hundred leaks are seen within three readings.

    A hint that goes on counts once. A leak begins with each reading in turn; where a hint stood already it is not counted.
    """
    false = watched = 0
    seen = begun = 0
    for home in homes:
        uses, climate, stood = home.readings, home.climate, False
        for known in range(LEAST_BEFORE + WATCHED_READINGS, len(uses) + 1):
            stands = unusual_use(uses[:known], climate) is not None
            watched += 1
            false += stands and not stood
            stood = stands
            if not stands and known + SEEN_WITHIN <= len(uses):
                begun += 1
                seen += _sees_leak(uses[:known], uses[known : known + SEEN_WITHIN], climate)
    return false, watched, 100 * seen / begun


def _sees_leak(before: Sequence[Interval], then: Sequence[Interval], climate: Climate) -> bool:
    leaking = [_leaking(each) for each in then]
    return any(unusual_use([*before, *leaking[:count]], climate) for count in range(1, len(leaking) + 1))


def _leaking(interval: Interval) -> Interval:
    more = LEAK_M3_A_DAY * (interval.until - interval.after).days
    return interval._replace(used=interval.used + more)


def fit_ms(homes: Sequence[Home]) -> float:
    """Return the time of a fit to 24 readings with an expected use, in milliseconds: the median home's best of five, of the
    process's own time."""
    took = []
    for home in homes:
        climate = home.climate
        known = home.readings[:TIMED_READINGS]
        took.append(min(_ms(known, climate) for _round in range(5)))
    return median(took)


def _ms(known: Sequence[Interval], climate: Climate) -> float:
    began_at = time.process_time()
    fitted(known, climate).expected(known[-1].after, known[-1].until)
    return 1000 * (time.process_time() - began_at)
