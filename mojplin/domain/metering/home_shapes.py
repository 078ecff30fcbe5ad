"""The shapes a home can have, and how likely readings make each of them: the fit of `heating_model`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import mul
from typing import NamedTuple, Protocol

THRESHOLDS_C = tuple(range(8, 23))
BASES = (0.15, 0.3, 0.6, 1.0, 1.5, 2.2, 3.2, 5.0, 8.0)
"""Hot water and cooking of a day, said in degrees."""

USUAL_THRESHOLD_C, THRESHOLD_SCATTER_C = 15.5, 3.0
USUAL_BASE, BASE_LOG_SCATTER = 1.5, 0.75
"""What homes are like before anything is known: 14 real homes of MA, UK and BE (docs/accuracy.md)."""
USUAL_SCATTER, PSEUDO_READINGS = 0.15, 5.0
"""A reading is expected to lie 15 % beside the model; this belief weighs as much as five readings."""
OUTLIER_SIGMAS = 2.5
"""A reading farther off than this counts less in the second fit."""
SMALLEST_UNITS_SHARE = 1e-3
"""No interval is expected to use less than this part of the largest one."""
LEAST_WEIGHT = 1e-5


class DegreeDays(Protocol):
    """The weather of a place (`climate.Climate`): how far the days stayed below each of `THRESHOLDS_C`."""

    def until(self, threshold: int, day: int) -> float:
        """Return the sum of max(0, threshold - temperature) from a day long ago until and with `day`, an ordinal.

        :param threshold: index into `THRESHOLDS_C`.
        """


class Shape(NamedTuple):
    """One way a home can be: its place in the tables above, how likely it is, and what the readings say under it."""

    threshold: int
    base: float
    weight: float
    slope: float
    spread: float
    """Variance of a use over the use."""
    freedom: float
    evidence: float
    """Weighted sum of the uses it was fitted to; 0 before the first reading."""


def _log_prior() -> dict[tuple[int, float], float]:
    """Return how likely each shape is before any reading, as logarithms."""
    raw = {
        (index, base): -0.5 * ((threshold - USUAL_THRESHOLD_C) / THRESHOLD_SCATTER_C) ** 2
        - 0.5 * (log(base / USUAL_BASE) / BASE_LOG_SCATTER) ** 2
        for index, threshold in enumerate(THRESHOLDS_C)
        for base in BASES
    }
    whole = log(sum(exp(each) for each in raw.values()))
    return {shape: each - whole for shape, each in raw.items()}


_LOG_PRIOR = _log_prior()


def before_any_reading() -> tuple[Shape, ...]:
    """Return what homes are like, with a slope of 1."""
    return tuple(
        Shape(threshold, base, exp(prior), 1.0, USUAL_SCATTER**2, PSEUDO_READINGS, 0.0)
        for (threshold, base), prior in _LOG_PRIOR.items()
    )


@dataclass(frozen=True, slots=True)
class _ShapedUnits:
    """What the intervals would use under one shape for a slope of 1, with what a fit needs of it again and again."""

    threshold: int
    base: float
    log_prior: float
    units: list[float]
    squares_over_units: list[float]
    log_units: list[float]


class Evidence:
    """Uses as the fit needs them: with their days and the units of each shape."""

    def __init__(self, days: Sequence[tuple[int, int]], used: Sequence[float], climate: DegreeDays) -> None:
        """:param days: of each use the ordinal before its first day, and that of its last."""
        self.days = days
        self.used = used
        self.degrees = [degrees_of(climate, index, self.days) for index in range(len(THRESHOLDS_C))]
        self.shaped = [
            self._shaped(threshold, base, prior, self.degrees[threshold])
            for (threshold, base), prior in _LOG_PRIOR.items()
        ]

    def _shaped(self, threshold: int, base: float, prior: float, degrees: Sequence[float]) -> _ShapedUnits:
        units = [each + base * (until - after) for each, (after, until) in zip(degrees, self.days, strict=True)]
        least = SMALLEST_UNITS_SHARE * max(units)
        units = [max(each, least) for each in units]
        squares = [used * used / each for used, each in zip(self.used, units, strict=True)]
        return _ShapedUnits(threshold, base, prior, units, squares, list(map(log, units)))

    def fit(self, weights: Sequence[float]) -> tuple[Shape, ...]:
        """Return the shapes that are likely: each use lies about slope * units, with a variance in proportion to it.

        The sum of (used - use)^2 / use, weighted, comes down to sum(used^2 / units) / slope - evidence.
        """
        seen = sum(weights)
        evidence = _weighted(weights, self.used)
        mean = evidence / seen
        freedom = PSEUDO_READINGS + max(seen - 1, 0.0)
        belief = PSEUDO_READINGS * USUAL_SCATTER**2 * mean
        found, likely = [], []
        for each in self.shaped:
            slope = evidence / _weighted(weights, each.units)
            unexplained = belief + max(0.0, _weighted(weights, each.squares_over_units) / slope - evidence)
            logs = _weighted(weights, each.log_units) + seen * log(slope / mean)
            likely.append(each.log_prior - freedom / 2 * log(unexplained) - logs / 2)
            found.append((each.threshold, each.base, slope, unexplained / freedom))
        top = max(likely)
        odds = [exp(each - top) for each in likely]
        whole = sum(odds)
        return tuple(
            Shape(threshold, base, each / whole, slope, spread, freedom, evidence)
            for (threshold, base, slope, spread), each in zip(found, odds, strict=True)
            if each / whole > LEAST_WEIGHT
        )

    def less_of_outliers(self, weights: Sequence[float], shapes: Sequence[Shape]) -> list[float]:
        """Return the weights with those of readings far from the first fit taken down."""
        means, variances = [0.0] * len(self.days), [0.0] * len(self.days)
        for each in shapes:
            for index, degrees in enumerate(self.degrees[each.threshold]):
                after, until = self.days[index]
                use = each.weight * each.slope * (degrees + each.base * (until - after))
                means[index] += use
                variances[index] += each.spread * use
        off = [
            abs(used - mean) / max(sqrt(variance), 1e-9)
            for used, mean, variance in zip(self.used, means, variances, strict=True)
        ]
        return [
            weight * (OUTLIER_SIGMAS / each) ** 2 if each > OUTLIER_SIGMAS else weight
            for weight, each in zip(weights, off, strict=True)
        ]


def _weighted(weights: Sequence[float], values: Sequence[float]) -> float:
    total: float = sum(map(mul, weights, values))
    return total


def degrees_of(climate: DegreeDays, threshold: int, days: Sequence[tuple[int, int]]) -> list[float]:
    """Return the degree days below a threshold of each of the times."""
    return [climate.until(threshold, until) - climate.until(threshold, after) for after, until in days]
