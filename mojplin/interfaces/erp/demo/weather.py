"""Invented daily mean temperatures, true to the normals of real towns in level, scatter, memory and kinship."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from mojplin.interfaces.erp.demo.figures import TOWNS, TOWNS_DAY_CORRELATION, TOWNS_MONTH_CORRELATION, TownNormals

WINTERS = (-1.4, -0.5, 0.0, 0.5, 1.4)
"""Five equally likely winters, in standard deviations of a winter's mean: every five years hold each of them once."""

DAY_MEMORY = 0.81
"""Memory of the daily process; about its own month's mean it is what `lag_1` of the towns says (0.76)."""
MONTH_SHARE = 0.24
"""Part of that process's variance that sits in the month's mean and is taken out with it."""


class Weather:
    """Daily mean temperatures in degrees Celsius of every town from `first` on; the same for the same seed.

    `first` is the first day of a month. A later `last` continues the same weather.
    """

    def __init__(self, *, seed: int, first: date, last: date) -> None:
        self.first = first
        self.last = last
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        months = _month_anomalies(seed, first.year, last.year)
        common = _noise(Random(f"{seed} days"), len(days) + 31)
        self._temperatures = {
            town: _of_town(normals, days, months, common, f"{seed} {town}") for town, normals in TOWNS.items()
        }

    def of(self, town: str) -> list[float]:
        """Return the days of a town; the first is `self.first`."""
        return self._temperatures[town]


def normal_day_c(town: str, day: date) -> float:
    """Return the long-term mean temperature of a calendar day, smooth over the year."""
    return _smooth(_knots(TOWNS[town].mean_c), day)


def normal_degree_days(town: str, balance_c: float) -> float:
    """Return the degree days below `balance_c` of a normal year, from the monthly figures alone."""
    total = 0.0
    for mean, day, year in zip(*_monthly(TOWNS[town]), strict=True):
        scatter = math.hypot(day, year)
        z = (balance_c - mean) / scatter
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        below = (1 + math.erf(z / math.sqrt(2))) / 2
        total += 365.25 / 12 * scatter * (z * below + density)
    return total


def _monthly(normals: TownNormals) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    return normals.mean_c, normals.day_scatter_c, normals.year_scatter_c


def _month_anomalies(seed: int, first_year: int, last_year: int) -> Mapping[tuple[int, int], float]:
    """Return the standardised deviation common to all towns, by year and month."""
    random, kinds = Random(f"{seed} months"), Random(f"{seed} winters")
    drawn = {
        (year, month): random.gauss(0, 1) for year in range(first_year - 1, last_year + 2) for month in range(1, 13)
    }
    bag: list[float] = []
    for year in range(first_year - 1, last_year + 1):
        bag = bag or kinds.sample(WINTERS, len(WINTERS))
        winter = [(year, 11), (year, 12), (year + 1, 1), (year + 1, 2), (year + 1, 3)]
        # The winter's mean becomes the kind drawn for it; its months keep their differences.
        shift = bag.pop() / math.sqrt(len(winter)) - sum(drawn[month] for month in winter) / len(winter)
        for month in winter:
            drawn[month] += shift
    return drawn


def _noise(random: Random, length: int) -> list[float]:
    """Return a standard normal process that remembers the day before."""
    fresh = math.sqrt(1 - DAY_MEMORY**2)
    value = random.gauss(0, 1)
    values = []
    for _ in range(length):
        values.append(value)
        value = DAY_MEMORY * value + fresh * random.gauss(0, 1)
    return values


def _of_town(
    normals: TownNormals, days: list[date], months: Mapping[tuple[int, int], float], common: list[float], seed: str
) -> list[float]:
    # Drawn for whole months, so that a later last day does not change earlier days. The year's own rise or fall
    # within a month is a part of the scatter that was measured, so it is taken off.
    knots = _knots(normals.mean_c)
    own = _noise(Random(f"{seed} days"), len(common))
    random = Random(f"{seed} months")
    shared_day, own_day = (math.sqrt(TOWNS_DAY_CORRELATION), math.sqrt(1 - TOWNS_DAY_CORRELATION))
    shared_month, own_month = (math.sqrt(TOWNS_MONTH_CORRELATION), math.sqrt(1 - TOWNS_MONTH_CORRELATION))
    values: list[float] = []
    start = 0
    while start < len(days):
        month = days[start].month
        length = _days_in_month(days[start])
        deviations = [shared_day * common[start + i] + own_day * own[start + i] for i in range(length)]
        mean = sum(deviations) / length
        anomaly = shared_month * months[days[start].year, month] + own_month * random.gauss(0, 1)
        level = normals.year_scatter_c[month - 1] * anomaly
        trend = (knots[month % 12] - knots[month - 2]) / 2
        scale = math.sqrt((normals.day_scatter_c[month - 1] ** 2 - trend**2 / 12) / (1 - MONTH_SHARE))
        for day, deviation in zip(days[start : start + length], deviations, strict=False):
            values.append(_smooth(knots, day) + level + scale * (deviation - mean))
        start += length
    return values


def _days_in_month(first: date) -> int:
    return ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days


def _knots(means: tuple[float, ...]) -> tuple[float, ...]:
    """Return mid-month values whose straight connection has the given monthly means."""
    knots = list(means)
    for _ in range(6):
        reached = [0.125 * knots[i - 1] + 0.75 * knots[i] + 0.125 * knots[(i + 1) % 12] for i in range(12)]
        knots = [knot + mean - now for knot, mean, now in zip(knots, means, reached, strict=True)]
    return tuple(knots)


def _smooth(knots: tuple[float, ...], day: date) -> float:
    position = day.month - 1 + (day.day - 15.5) / 30.5
    left = math.floor(position)
    share = position - left
    return knots[left % 12] * (1 - share) + knots[(left + 1) % 12] * share
