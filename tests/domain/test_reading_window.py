"""When a reading may be sent."""

from datetime import date, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.window import WindowDays, reading_window, window_days, window_of_month

USUAL = WindowDays(25, 31)
INTO_NEXT_MONTH = WindowDays(28, 3)


def test_readings_open_on_the_twenty_fifth_and_close_with_the_month():
    window = reading_window(date(2026, 11, 26), USUAL)
    assert (window.opens_on, window.closes_on) == (date(2026, 11, 25), date(2026, 11, 30))
    assert (window.month, window.is_open, window.days_left) == (date(2026, 11, 1), True, 4)


def test_before_the_first_day_the_window_says_how_long_until_it_opens():
    window = reading_window(date(2026, 11, 23), USUAL)
    assert (window.is_open, window.days_left, window.opens_on) == (False, 2, date(2026, 11, 25))


def test_the_last_day_of_a_leap_february_is_still_open():
    window = reading_window(date(2028, 2, 29), USUAL)
    assert (window.is_open, window.days_left) == (True, 0)


def test_a_first_day_that_a_short_month_does_not_have_is_its_last_day():
    assert reading_window(date(2026, 2, 27), WindowDays(31, 31)).opens_on == date(2026, 2, 28)


def test_after_the_last_day_the_next_months_window_is_meant():
    window = reading_window(date(2026, 11, 29), WindowDays(20, 28))
    assert (window.month, window.is_open, window.opens_on) == (date(2026, 12, 1), False, date(2026, 12, 20))


@pytest.mark.parametrize(
    ("today", "month", "is_open", "days_left"),
    [
        (date(2026, 11, 27), date(2026, 11, 1), False, 1), (date(2026, 11, 28), date(2026, 11, 1), True, 5),
        (date(2026, 12, 3), date(2026, 11, 1), True, 0), (date(2026, 12, 4), date(2026, 12, 1), False, 24),
        (date(2027, 1, 1), date(2026, 12, 1), True, 2), (date(2028, 2, 29), date(2028, 2, 1), True, 3),
    ],
)  # fmt: skip
def test_a_window_may_end_in_the_following_month(today, month, is_open, days_left):
    window = reading_window(today, INTO_NEXT_MONTH)
    assert (window.month, window.is_open, window.days_left) == (month, is_open, days_left)


@override_settings(READING_WINDOWS={"": (25, 31), "network": (20, 28)})
def test_a_place_has_its_own_days_else_those_of_its_kind_else_the_usual_ones():
    assert window_days("network", 5, 9) == (5, 9)
    assert window_days("network", None, None) == (20, 28)
    assert window_days("metered", None, None) == (25, 31)


@given(
    today=st.dates(date(2000, 2, 1), date(2099, 12, 31)),
    days=st.builds(WindowDays, st.integers(1, 31), st.integers(1, 31)),
)
def test_on_every_day_there_is_one_window_that_is_open_or_opens_later(today, days):
    window = reading_window(today, days)
    assert window == window_of_month(window.month, days, today)
    assert window.month <= window.opens_on <= window.closes_on
    assert window.is_open == (window.opens_on <= today <= window.closes_on)
    assert today <= window.closes_on
    reached = window.closes_on if window.is_open else window.opens_on
    assert today + timedelta(days=window.days_left) == reached


@given(today=st.dates(date(2000, 2, 1), date(2099, 12, 31)), first_day=st.integers(1, 28))
def test_a_window_until_the_end_of_the_month_is_always_that_of_the_month_of_today(today, first_day):
    window = reading_window(today, WindowDays(first_day, 31))
    assert window.month == today.replace(day=1)
    assert (window.closes_on + timedelta(days=1)).day == 1
