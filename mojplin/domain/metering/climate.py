"""The weather of a town as the heating model needs it: actual days where they are known, normal ones elsewhere.

How it is called:

    climate = Climate("Ljubljana", {date(2026, 1, 1): -3.5, ...})     # days that are not in it are normal ones
    fitted(intervals, climate, today=today)
    climate.known_days(after, until)                                   # how many of the days are actual ones
    normal_climate("Ljubljana")                                        # a normal year, again and again

From the database: `temperatures.climate_of(town)`.
"""

import math
from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate

from mojplin.domain.metering.climate_normals import TOWNS, TownNormals
from mojplin.domain.metering.home_shapes import THRESHOLDS_C

CYCLE_DAYS = 1461
"""Four years with their leap day; the calendar repeats so from 1901 until 2099."""
CYCLE_START = 500 * CYCLE_DAYS
MIDDLE_OF_MONTH, MONTH_DAYS = 15.5, 30.5


class Climate:
    """Degree days of a town over any days; one object is made once for a town and shared."""

    def __init__(
        self, town: str, actual_c: Mapping[date, float] | None = None, *, normals: TownNormals | None = None
    ) -> None:
        """:param actual_c: daily mean temperatures in degrees Celsius; days not in it are normal ones.
        :param normals: of a place that is none of `TOWNS`.
        """
        self.town = town
        normals = normals or TOWNS[town]
        self._normal = _normal_sums(normals)
        actual_c = actual_c or {}
        self._first = min(actual_c, default=date.min).toordinal()
        days = [date.fromordinal(day) for day in range(self._first, max(actual_c, default=date.min).toordinal() + 1)]
        self._known = list(accumulate((day in actual_c for day in days), initial=0))
        on_days = [((day.month, day.day), actual_c.get(day)) for day in days]
        self._beside = [
            array("d", accumulate(_beside_normal(on_days, threshold, daily), initial=0.0))
            for threshold, daily in zip(THRESHOLDS_C, normal_degree_days(normals), strict=True)
        ]

    def until(self, threshold: int, day: int) -> float:
        """Return the sum of max(0, threshold - temperature) from a day long ago until and with `day`, an ordinal.

        :param threshold: index into `THRESHOLDS_C`.
        """
        cycles, offset = divmod(day + 1, CYCLE_DAYS)
        normal = self._normal[threshold]
        return cycles * normal[CYCLE_DAYS] + normal[offset] + self._beside[threshold][self._place(day)]

    def known_days(self, after: date, until: date) -> int:
        """Return on how many of the days after `after` until `until` the actual temperature is known."""
        return self._known[self._place(until.toordinal())] - self._known[self._place(after.toordinal())]

    @property
    def known_until(self) -> date | None:
        """Return the last day whose actual temperature is known."""
        last = self._first + len(self._known) - 2
        return date.fromordinal(last) if self._known[-1] else None

    def _place(self, day: int) -> int:
        return min(max(day - self._first + 1, 0), len(self._known) - 1)


@lru_cache(maxsize=len(TOWNS))
def normal_climate(town: str) -> Climate:
    """Return the weather of a year that is normal in every respect."""
    return Climate(town)


@lru_cache(maxsize=2 * len(TOWNS))
def normal_degree_days(normals: TownNormals) -> Sequence[Mapping[tuple[int, int], float]]:
    """Return, for each of `THRESHOLDS_C`, the degree days to be expected on each (month, day).

    The days of many years scatter about the normal day like a bell curve, so that a day of 16 degrees on average
    calls for heat below 15 degrees, too.
    """
    means = mid_months(normals.mean_c)
    calendar = [date.fromordinal(date(2024, 1, 1).toordinal() + offset) for offset in range(366)]
    days = [((day.month, day.day), on_day(means, day), normals.scatter_c[day.month - 1]) for day in calendar]
    return [{key: _below(threshold, mean, scatter) for key, mean, scatter in days} for threshold in THRESHOLDS_C]


def _below(threshold: int, mean_c: float, scatter_c: float) -> float:
    z = (threshold - mean_c) / scatter_c
    below, density = (1 + math.erf(z / math.sqrt(2))) / 2, math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return scatter_c * (z * below + density)


def mid_months(means: Sequence[float]) -> list[float]:
    """Return temperatures in the middle of the months whose straight connection has the given monthly means."""
    knots = list(means)
    for _ in range(8):
        reached = [0.125 * knots[i - 1] + 0.75 * knots[i] + 0.125 * knots[(i + 1) % 12] for i in range(12)]
        knots = [knot + mean - now for knot, mean, now in zip(knots, means, reached, strict=True)]
    return knots


def on_day(knots: Sequence[float], day: date) -> float:
    """Return the temperature of a day on the straight lines between the middles of the months."""
    position = day.month - 1 + (day.day - MIDDLE_OF_MONTH) / MONTH_DAYS
    left = math.floor(position)
    share = position - left
    return knots[left % 12] * (1 - share) + knots[(left + 1) % 12] * share


@lru_cache(maxsize=2 * len(TOWNS))
def _normal_sums(normals: TownNormals) -> list[Sequence[float]]:
    """Return the running sums of normal degree days over four years, for each of `THRESHOLDS_C`."""
    days = [date.fromordinal(CYCLE_START + offset) for offset in range(CYCLE_DAYS)]
    return [
        array("d", accumulate((daily[day.month, day.day] for day in days), initial=0.0))
        for daily in normal_degree_days(normals)
    ]  # fmt: skip


def _beside_normal(
    days: Sequence[tuple[tuple[int, int], float | None]], threshold: int, daily: Mapping[tuple[int, int], float]
) -> list[float]:
    """Return how many degree days each actual day had beside the normal one; none where it is not known."""
    return [
        0.0 if actual_c is None else (threshold - actual_c if actual_c < threshold else 0.0) - daily[on]
        for on, actual_c in days
    ]
