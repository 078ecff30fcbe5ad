"""When a delivery can come: as soon as possible, or in one of the next weeks."""

from datetime import date, timedelta
from typing import NamedTuple

from mojplin.foundation.working_days import working_day_after

WEEKS_OFFERED = 3
SPREAD_WORKING_DAYS = 3


class Days(NamedTuple):
    """From the first to the last day, both included."""

    first: date
    last: date


def soonest(today: date, working_days: int) -> Days:
    """Return the days on which a delivery ordered now is likely to come."""
    first = working_day_after(today, working_days)
    return Days(first, working_day_after(first, SPREAD_WORKING_DAYS))


def weeks_to_choose(today: date, working_days: int) -> list[Days]:
    """Return the weeks, Monday to Friday, that begin after the soonest delivery."""
    after = soonest(today, working_days).first
    monday = after + timedelta(days=7 - after.weekday())
    mondays = [monday + timedelta(weeks=week) for week in range(WEEKS_OFFERED)]
    return [Days(each, each + timedelta(days=4)) for each in mondays]
