"""When the office answers the telephone, and by which day it promises an answer: both skip work-free days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from mojplin.foundation.working_days import is_work_free, is_working_day, working_day_after

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
CALL_DAYS = 5
"""A call can be asked for on one of so many open days."""
CALL_NOT_BEFORE = timedelta(hours=1)
"""So that somebody in the office has seen the wish before its hour comes."""
LONGEST_CLOSED = 60
"""Days to look ahead for an open one; a supplier's file that never opens is refused at the start."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The office answers on these days of the week (0 = Monday), from `opens` until before `closes`."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


def openings() -> list[Opening]:
    """Return the opening hours of the supplier's file, in its order."""
    return [
        Opening(tuple(sorted(map(WEEKDAYS.index, days))), opens, closes)
        for days, opens, closes in settings.SUPPORT_HOURS
    ]


def open_on(day: date) -> list[Opening]:
    """Return when the office is open on that day; nothing on a work-free day."""
    return [] if is_work_free(day) else [each for each in openings() if day.weekday() in each.weekdays]


def promised_on(now: datetime, working_days: int) -> date:
    """Return the last day on which something that came in at `now` is answered.

    What comes in after closing, or on a day when the office is closed, counts as of the next day.
    """
    came_in = timezone.localtime(now)
    day = came_in.date()
    if not is_working_day(day) or all(came_in.time() >= each.closes for each in open_on(day)):
        day = working_day_after(day, 1)
    return working_day_after(day, working_days)


def call_slots(now: datetime) -> list[tuple[date, list[int]]]:
    """Return the next open days with the whole hours at which a call can be wished for."""
    earliest = timezone.localtime(now + CALL_NOT_BEFORE)
    days = (earliest.date() + each * DAY for each in range(LONGEST_CLOSED))
    slots = ((day, [hour for hour in _hours(open_on(day)) if _is_after(day, hour, earliest)]) for day in days)
    return [slot for slot in slots if slot[1]][:CALL_DAYS]


def call_clock(hour: int) -> tuple[time, time]:
    """Return from when to when the call of that hour comes, as the clock shows it."""
    return time(hour), time((hour + 1) % 24)


def _hours(opening: Sequence[Opening]) -> list[int]:
    """Return the whole hours that lie within the opening hours from beginning to end."""
    return sorted(
        hour
        for each in opening
        for hour in range(24)
        if each.opens <= time(hour) and (hour + 1) * 60 <= each.closes.hour * 60 + each.closes.minute
    )


def _is_after(day: date, hour: int, earliest: datetime) -> bool:
    return (day, time(hour)) >= (earliest.date(), earliest.time())
