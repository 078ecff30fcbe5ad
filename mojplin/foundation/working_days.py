"""Working days in Slovenia: Monday to Friday, but not on days that are work-free by law."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)


@cache
def _free_days() -> Container[date]:
    """Know every year, each worked out when it is first asked for; the library reads all countries, so not before."""
    import holidays

    return holidays.country_holidays("SI")


def is_work_free(day: date) -> bool:
    """Return whether the day is work-free by law, whatever day of the week it is."""
    return day in _free_days()


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_work_free(day)


def working_day_after(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`, which itself does not count; for 0 the day itself."""
    for _each in range(count):
        day = working_day_from(day + _DAY)
    return day


def working_day_from(day: date) -> date:
    """Return the day itself when it is a working day, else the next one: where a time limit that ends then, ends."""
    while not is_working_day(day):
        day += _DAY
    return day
