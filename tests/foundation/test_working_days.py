"""Promised days and time limits skip weekends and the work-free days of Slovenia."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from mojplin.foundation.working_days import is_working_day, working_day_after, working_day_from

DAYS = some.dates(date(2020, 1, 1), date(2060, 12, 31))


def test_a_promise_over_christmas_counts_working_days_only():
    assert working_day_after(date(2026, 12, 23), 1) == date(2026, 12, 24)
    assert working_day_after(date(2026, 12, 23), 2) == date(2026, 12, 28)
    assert working_day_after(date(2026, 12, 30), 3) == date(2027, 1, 5)


def test_easter_monday_and_the_days_around_may_are_free():
    assert not is_working_day(date(2026, 4, 6)) and not is_working_day(date(2026, 4, 27))
    assert working_day_from(date(2026, 5, 1)) == date(2026, 5, 4)
    assert working_day_from(date(2026, 5, 4)) == date(2026, 5, 4)


@given(DAYS, some.integers(1, 30))
def test_so_many_working_days_lie_between(day, count):
    last = working_day_after(day, count)
    between = [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]
    assert is_working_day(last)
    assert sum(map(is_working_day, between)) == count
