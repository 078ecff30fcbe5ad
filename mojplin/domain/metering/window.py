"""When a reading may be sent: between two days of the month, which the supplier decides for each kind and place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings

from mojplin.foundation.months import last_day, month_of, next_month


class WindowDays(NamedTuple):
    """Days of the month, both included; a day that a month does not have is its last one.

    A last day before the first one is a day of the following month: 28 to 3 is from 28 November to 3 December.
    """

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """The reading window of one calendar month; all days are Ljubljana's, both ends included."""

    month: date
    """The first day of the month the reading is for."""
    opens_on: date
    closes_on: date
    is_open: bool
    days_left: int
    """While open: days until the last one, which counts as 0. Before: days until it opens. After: 0."""


def window_days(kind: str, first_day: int | None, last_day: int | None) -> WindowDays:
    """Return the days on which a place is read: its own, else those of its kind, else the supplier's usual ones."""
    if first_day and last_day:
        return WindowDays(first_day, last_day)
    return WindowDays(*settings.READING_WINDOWS.get(kind, settings.READING_WINDOWS[""]))


def reading_window(today: date, days: WindowDays) -> ReadingWindow:
    """Return the window that is open today, else the next that opens."""
    month = month_of(today)
    for each in (month_of(month - timedelta(days=1)), month):
        window = window_of_month(each, days, today)
        if today <= window.closes_on and (window.is_open or each == month):
            return window
    return window_of_month(next_month(month), days, today)


def window_of_month(month: date, days: WindowDays, today: date) -> ReadingWindow:
    """Return the window in which the month, a first day, is read."""
    opens_on = _day(month, days.first)
    closes_on = _day(month if days.last >= days.first else next_month(month), days.last)
    is_open = opens_on <= today <= closes_on
    days_left = ((closes_on if is_open else opens_on) - today).days
    return ReadingWindow(month, opens_on, closes_on, is_open, max(0, days_left))


def _day(month: date, number: int) -> date:
    return month.replace(day=min(number, last_day(month).day))
