"""A3, A4, A8: the next reading, a year held out, and the year ahead with its range."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean, median

from mojplin.domain.metering.forecast import forecast
from mojplin.domain.metering.heating_model import Interval, fitted
from tools.accuracy.homes import Home

YEAR_READINGS = 12
FIRST_FIVE = 5


def next_reading_error(homes: Sequence[Home]) -> tuple[float, float, int]:
    """Return the sum of errors over the sum of uses in percent, of all readings and of the first five, and how many."""
    off: list[tuple[int, float, float]] = []
    for home in homes:
        climate = home.climate
        for known in range(1, len(home.readings)):
            model = fitted(home.readings[:known], climate)
            after, until, used = home.readings[known]
            off.append((known, abs(model.expected(after, until).use - float(used)), float(used)))
    return _share(off), _share([each for each in off if each[0] <= FIRST_FIVE]), len(off)


def _share(off: Sequence[tuple[int, float, float]]) -> float:
    return 100 * sum(error for _known, error, _used in off) / sum(used for _known, _error, used in off)


def held_out_error(homes: Sequence[Home]) -> tuple[float, float, int]:
    """Return the median CV(RMSE) in percent of the model and of "same month last year", and how many homes it is of.

    The last twelve readings are expected from the twelve before them, in the weather as it was.
    """
    errors = []
    for home in homes:
        known, ahead = home.readings[-2 * YEAR_READINGS : -YEAR_READINGS], home.readings[-YEAR_READINGS:]
        if len(known) < YEAR_READINGS:
            continue
        model = fitted(known, home.climate)
        expected = [model.expected(each.after, each.until).use for each in ahead]
        same = [_a_day(last) * (each.until - each.after).days for last, each in zip(known, ahead, strict=True)]
        errors.append((_cv_rmse(expected, ahead), _cv_rmse(same, ahead)))
    return median(model for model, _same in errors), median(same for _model, same in errors), len(errors)


def _a_day(interval: Interval) -> float:
    return float(interval.used) / (interval.until - interval.after).days


def _cv_rmse(expected: Sequence[float], ahead: Sequence[Interval]) -> float:
    used = [float(each.used) for each in ahead]
    return 100 * sqrt(fmean((a - b) ** 2 for a, b in zip(expected, used, strict=True))) / fmean(used)


def year_ahead(homes: Sequence[Home]) -> tuple[float, float, int]:
    """Return how many of a hundred years lay in the range foretold, the median error in percent, and how many years.

    From every reading with at least three known and twelve to come; the weather to come is not known.
    """
    inside, off = [], []
    for home in homes:
        for known in range(3, len(home.readings) - YEAR_READINGS + 1):
            ahead = home.readings[known : known + YEAR_READINGS]
            on = home.readings[known - 1].until
            if not home.knows_normals(on) or any(one.until != next_.after for one, next_ in pairwise(ahead)):
                continue
            climate = home.foreseen(on)
            said = forecast(fitted(home.readings[:known], climate), climate=climate, after=on, until=ahead[-1].until)
            used = float(sum(each.used for each in ahead))
            inside.append(said.low <= used <= said.high)
            off.append(abs(said.use - used) / used)
    return 100 * fmean(inside), 100 * median(off), len(inside)
