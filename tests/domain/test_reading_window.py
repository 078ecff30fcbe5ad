"""When a reading may be sent."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.window import reading_window


def test_readings_open_on_the_twenty_fifth_and_close_with_the_month():
    window = reading_window(date(2026, 11, 26), 25)
    assert (window.opens_on, window.closes_on) == (date(2026, 11, 25), date(2026, 11, 30))
    assert (window.month, window.is_open, window.days_left) == (date(2026, 11, 1), True, 4)


def test_before_the_first_day_the_window_says_how_long_until_it_opens():
    window = reading_window(date(2026, 11, 23), 25)
    assert (window.is_open, window.days_left, window.opens_on) == (False, 2, date(2026, 11, 25))


def test_the_last_day_of_a_leap_february_is_still_open():
    window = reading_window(date(2028, 2, 29), 25)
    assert (window.is_open, window.days_left) == (True, 0)


def test_a_first_day_that_a_short_month_does_not_have_is_its_last_day():
    assert reading_window(date(2026, 2, 28), 31).opens_on == date(2026, 2, 28)


@given(today=st.dates(date(2000, 1, 1), date(2099, 12, 31)), first_day=st.integers(1, 31))
def test_on_every_day_of_every_month_the_window_lies_in_that_month(today, first_day):
    window = reading_window(today, first_day)
    assert window.month == today.replace(day=1)
    assert window.month <= window.opens_on <= window.closes_on
    assert (window.closes_on + timedelta(days=1)).day == 1
    assert window.is_open == (window.opens_on <= today <= window.closes_on)
    reached = window.closes_on if window.is_open else window.opens_on
    assert today + timedelta(days=window.days_left) == reached
