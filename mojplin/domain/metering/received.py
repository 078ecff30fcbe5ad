"""Readings as they come in: how many on each day of the reading window, beside the window before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.window import ReadingWindow, WindowDays, window_of_month
from mojplin.foundation.months import month_of


@dataclass(frozen=True)
class ReceivedDay:
    """A day of the window, counted from 1; readings that came that day, and on the same day of the window before.

    None: the day is still to come, or that window had fewer days.
    """

    number: int
    day: date
    received: int | None
    before: int | None


@dataclass(frozen=True)
class Received:
    """The readings of a month and of the month before, by the day they came; `so_far` counts both up to today."""

    month: date
    month_before: date
    days: Sequence[ReceivedDay]
    total: int
    total_before: int
    so_far_before: int
    """Of the month before, up to the same day of its window."""
    outside: int
    """Of `total`: what came on a day outside the window, as from places with days of their own."""


def received_readings(today: date) -> Received:
    """Return what came in the usual window that is open, or was last; one statement."""
    window = _last_opened(today)
    before = _window(month_of(window.month - timedelta(days=1)), today)
    counts = _counts_of(window.month, before.month)
    last = max((window.closes_on - window.opens_on).days, (before.closes_on - before.opens_on).days)
    days = [_day(number, window, before, counts, today) for number in range(last + 1)]
    total = sum(count for (month, _on), count in counts.items() if month == window.month)
    total_before = sum(count for (month, _on), count in counts.items() if month == before.month)
    same_day = before.opens_on + (today - window.opens_on)
    return Received(
        month=window.month,
        month_before=before.month,
        days=days,
        total=total,
        total_before=total_before,
        so_far_before=sum(count for (month, on), count in counts.items() if month == before.month and on <= same_day),
        outside=total - sum(each.received or 0 for each in days),
    )


def _day(
    number: int, window: ReadingWindow, before: ReadingWindow, counts: dict[tuple[date, date], int], today: date
) -> ReceivedDay:
    day, day_before = window.opens_on + timedelta(days=number), before.opens_on + timedelta(days=number)
    is_known = day <= min(today, window.closes_on)
    return ReceivedDay(
        number=number + 1,
        day=day,
        received=counts.get((window.month, day), 0) if is_known else None,
        before=counts.get((before.month, day_before), 0) if day_before <= before.closes_on else None,
    )


def _counts_of(*months: date) -> dict[tuple[date, date], int]:
    """Return how many readings that hold came, by the month they are for and the day in Ljubljana."""
    held = SubmittedReading.objects.that_hold().filter(month__in=months)
    day = TruncDate("submitted_at", tzinfo=timezone.get_default_timezone())
    rows = held.annotate(day=day).values_list("month", "day").annotate(count=Count("pk")).order_by()
    return {(month, on): count for month, on, count in rows}


def _last_opened(today: date) -> ReadingWindow:
    month = month_of(today)
    while (window := _window(month, today)).opens_on > today:
        month = month_of(month - timedelta(days=1))
    return window


def _window(month: date, today: date) -> ReadingWindow:
    return window_of_month(month, WindowDays(*settings.READING_WINDOWS[""]), today)
