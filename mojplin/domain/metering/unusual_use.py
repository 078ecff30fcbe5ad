"""Does a home use more than it used to, reading after reading? A hint to look, never an alarm.

Each of the newest six readings is compared with what the home would have used in the same weather as it was known six
readings earlier, so that a slow change does not become the rule. What they are above it is summed up, a little taken
off each time (a cumulative sum, Page 1954); where the sum passes its limit the page says so, with the words about the
smell of gas beside it. Of 0,1 m3 a day more nothing is seen for months: it must never be called a leak alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mojplin.domain.metering.heating_model import READINGS_LOOKED_AT, Expected, Interval, fitted
from mojplin.domain.metering.home_shapes import DegreeDays

WATCHED_READINGS = 6
REMEMBERED_HOMES = 128
LOOKED_AT = READINGS_LOOKED_AT + 2 * WATCHED_READINGS
"""Older readings change nothing."""
LEAST_BEFORE = 3
"""A reading is judged only where the model it is compared with knows so many readings."""
SLACK, LIMIT = 0.5, 3.0
"""In standard deviations: what a reading may lie above without counting, and where the sum is said."""


@dataclass(frozen=True, slots=True)
class UnusualUse:
    """More than the home is expected to have used since the end of `after`, in the unit of the intervals."""

    after: date
    until: date
    used: float
    expected: float


def unusual_use(intervals: Sequence[Interval], climate: DegreeDays, *, unit_m3: float = 1.0) -> UnusualUse | None:
    """Return what stands out in the newest intervals between true readings (oldest first), or None.

    Makes up to six fits: pages ask `remembered_unusual_use`.

    :param unit_m3: how much of the intervals' unit is a cubic metre.
    """
    first = max(len(intervals) - WATCHED_READINGS, LEAST_BEFORE + WATCHED_READINGS - 1)
    watched = [
        (each, _known_before(intervals, first + index, climate, unit_m3))
        for index, each in enumerate(intervals[first:])
    ]
    total, since = 0.0, 0
    for index, (each, expected) in enumerate(watched):
        if total == 0.0:
            since = index
        total = max(0.0, total + (float(each.used) - expected.use) / expected.sd - SLACK)
    if total <= LIMIT:
        return None
    above = watched[since:]
    used = sum(float(each.used) for each, _expected in above)
    return UnusualUse(above[0][0].after, above[-1][0].until, used, sum(expected.use for _each, expected in above))


@lru_cache(maxsize=REMEMBERED_HOMES)
def remembered_unusual_use(
    intervals: tuple[Interval, ...], climate: DegreeDays, *, unit_m3: float = 1.0
) -> UnusualUse | None:
    """Return the same, once for as long as readings and weather stay as they are."""
    return unusual_use(intervals, climate, unit_m3=unit_m3)


def _known_before(intervals: Sequence[Interval], index: int, climate: DegreeDays, unit_m3: float) -> Expected:
    model = fitted(intervals[: index - WATCHED_READINGS + 1], climate, unit_m3=unit_m3)
    return model.expected(intervals[index].after, intervals[index].until)
