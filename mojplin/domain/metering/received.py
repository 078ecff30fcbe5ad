"""Readings as they come in: how many on each day of the reading window, beside the window before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, QuerySet, Value
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


class Span(NamedTuple):
    """Readings for a month that came between the beginning of a day and the end of another; None: without that end."""

    month: date
    first_on: date | None = None
    last_on: date | None = None


def received_readings(today: date) -> Received:
    """Return what came in the usual window that is open, or was last; one statement."""
    window = _last_opened(today)
    before = _window(month_of(window.month - timedelta(days=1)), today)
    same_day = Span(before.month, last_on=before.opens_on + (today - window.opens_on))
    spans = [*_days_of(window), *_days_of(before)]
    counts = _counts_of([Span(window.month), Span(before.month), same_day, *spans])
    days = [
        ReceivedDay(
            number=number + 1,
            day=window.opens_on + timedelta(days=number),
            received=counts.get(_day(window, number)) if window.opens_on + timedelta(days=number) <= today else None,
            before=counts.get(_day(before, number)),
        )
        for number in range(max(len(_days_of(window)), len(_days_of(before))))
    ]
    return Received(
        month=window.month,
        month_before=before.month,
        days=days,
        total=counts[Span(window.month)],
        total_before=counts[Span(before.month)],
        so_far_before=counts[same_day],
        outside=counts[Span(window.month)] - sum(each.received or 0 for each in days),
    )


def _day(window: ReadingWindow, number: int) -> Span:
    on = window.opens_on + timedelta(days=number)
    return Span(window.month, on, on)


def _days_of(window: ReadingWindow) -> list[Span]:
    return [_day(window, number) for number in range((window.closes_on - window.opens_on).days + 1)]


def _counts_of(spans: Sequence[Span]) -> dict[Span, int]:
    """Return how many readings that hold came in each, days being those of Ljubljana.

    Each is a range of the index; grouping by the day took two seconds for 200,000 readings on SQLite.
    """
    first, *others = [_counted(span, number) for number, span in enumerate(spans)]
    counts = dict(first.union(*others, all=True))
    return {span: counts.get(number, 0) for number, span in enumerate(spans)}


def _counted(span: Span, number: int) -> "QuerySet[SubmittedReading, tuple[int, int]]":
    held = SubmittedReading.objects.that_hold().filter(month=span.month)
    if span.first_on:
        held = held.filter(submitted_at__gte=_midnight(span.first_on))
    if span.last_on:
        held = held.filter(submitted_at__lt=_midnight(span.last_on + timedelta(days=1)))
    counted = held.order_by().values("month").annotate(number=Value(number), count=Count("*"))
    return counted.values_list("number", "count")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _last_opened(today: date) -> ReadingWindow:
    month = month_of(today)
    while (window := _window(month, today)).opens_on > today:
        month = month_of(month - timedelta(days=1))
    return window


def _window(month: date, today: date) -> ReadingWindow:
    return window_of_month(month, WindowDays(*settings.READING_WINDOWS[""]), today)
