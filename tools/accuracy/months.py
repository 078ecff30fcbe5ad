"""A1 and A2: irregular readings shared over calendar months, against the months as they were."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from statistics import fmean

from mojplin.domain.metering.heating_model import Interval, fitted
from mojplin.domain.metering.metered import parts_of
from mojplin.foundation.months import last_day, month_of
from tools.accuracy.homes import Home, month_bills

SCHEDULES = 60
"""With 25 the figures move by a tenth from one draw to another."""
DAYS_OFF = 6

Months = dict[date, Decimal]


def months_error(homes: Sequence[Home], left_out: float) -> tuple[float, float]:
    """Return the sum of the errors over the sum of the uses, in percent, of the model and of a straight line.

    The means of the homes, each read in 60 ways at month ends give or take six days, so many of the readings left out.
    The first and the last day of what is known are always read: a ledger begins with a counter and ends with one.
    """
    errors: list[tuple[float, float]] = []
    for home in homes:
        truth = {month_of(each.until): each.used for each in month_bills(home.days)}
        of_home = [
            _one(home, truth, Random(f"{home.name} {left_out} {number}"), left_out) for number in range(SCHEDULES)
        ]
        errors.append((fmean(model for model, _line in of_home), fmean(line for _model, line in of_home)))
    return 100 * fmean(model for model, _line in errors), 100 * fmean(line for _model, line in errors)


def _one(home: Home, truth: Months, random: Random, left_out: float) -> tuple[float, float]:
    readings = _readings(home, _days_read(home, random, left_out))
    model = fitted(readings, home.climate)
    by_model: Months = {}
    by_line: Months = {}
    for each in readings:
        for part in parts_of(each, model.units):
            _add(by_model, month_of(part.until), part.used)
        days = _days(each)
        for day in days:
            _add(by_line, month_of(day), each.used / len(days))
    first, last = readings[0].after, readings[-1].until
    whole = [month for month in truth if first < month and last_day(month) <= last]
    return _off(by_model, truth, whole), _off(by_line, truth, whole)


def _days_read(home: Home, random: Random, left_out: float) -> list[date]:
    first, last = min(home.days) - timedelta(days=1), max(home.days)
    month_ends = [day for day in sorted(home.days) if day == last_day(day) and first < day < last]
    kept = [day for day in month_ends if random.random() >= left_out]
    read = {day + timedelta(days=random.randint(-DAYS_OFF, DAYS_OFF)) for day in kept}
    return sorted({first, last, *(day for day in read if first < day < last)})


def _readings(home: Home, days: Sequence[date]) -> list[Interval]:
    found = []
    for after, until in pairwise(days):
        used = sum(home.days[after + timedelta(days=ahead)] for ahead in range(1, (until - after).days + 1))
        found.append(Interval(after, until, Decimal(used).quantize(Decimal("0.001"))))
    return found


def _days(interval: Interval) -> list[date]:
    return [interval.after + timedelta(days=ahead) for ahead in range(1, (interval.until - interval.after).days + 1)]


def _add(months: Months, month: date, used: Decimal) -> None:
    months[month] = months.get(month, Decimal(0)) + used


def _off(found: Months, truth: Months, months: Sequence[date]) -> float:
    off = sum(abs(found.get(month, Decimal(0)) - truth[month]) for month in months)
    return float(off / sum(truth[month] for month in months))
