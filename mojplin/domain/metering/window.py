"""When a reading may be sent: from a day of the month (the supplier decides which) until the month ends."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """The reading window of one calendar month; all days are Ljubljana's, both ends included."""

    month: date
    """The first day of the month the reading is for."""
    opens_on: date
    closes_on: date
    is_open: bool
    days_left: int
    """While open: days until the last one, which counts as 0. Before: days until it opens."""


def reading_window(today: date, first_day: int) -> ReadingWindow:
    """Return the window of the month of `today`, which is open or opens later; it always closes with the month.

    :param first_day: day of the month on which readings open; in a shorter month its last day.
    """
    month = today.replace(day=1)
    closes_on = today.replace(day=monthrange(today.year, today.month)[1])
    opens_on = today.replace(day=min(max(first_day, 1), closes_on.day))
    is_open = today >= opens_on
    days_left = (closes_on - today).days if is_open else (opens_on - today).days
    return ReadingWindow(month, opens_on, closes_on, is_open, days_left)
