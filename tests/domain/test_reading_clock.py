"""The edges of the window minute by minute: in the time of Ljubljana, when clocks change, wherever the server is."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mojplin.domain.metering.window import WindowDays, reading_window
from mojplin.interfaces.web.doors import today

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
USUAL = WindowDays(25, 31)


@pytest.fixture(params=["America/Los_Angeles", "Asia/Tokyo", "Europe/Ljubljana", "UTC"])
def server_in(request, monkeypatch):
    """The clock of the server's system stands in another part of the world."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    assert os.environ.get("TZ") != "Asia/Tokyo"


def midnight(day: date) -> datetime:
    """Return the instant at which that day begins in Ljubljana."""
    return datetime(day.year, day.month, day.day, tzinfo=LJUBLJANA).astimezone(UTC)


EDGES = [
    (date(2026, 11, 25), True), (date(2026, 12, 1), False), (date(2026, 10, 25), True), (date(2026, 11, 1), False),
    (date(2026, 3, 25), True), (date(2026, 4, 1), False), (date(2028, 2, 25), True), (date(2028, 3, 1), False),
    (date(2027, 3, 1), False), (date(2026, 12, 25), True), (date(2027, 1, 1), False),
]  # fmt: skip


@pytest.mark.parametrize(("day", "opens"), EDGES)
def test_it_opens_and_closes_with_the_day_of_ljubljana_to_the_minute(server_in, day, opens):
    for minutes in range(-3, 4):
        with time_machine.travel(midnight(day) + timedelta(minutes=minutes), tick=False):
            is_open = reading_window(today(), USUAL).is_open
        assert is_open == (opens if minutes >= 0 else not opens), (day, minutes)


@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2026, 3, 29)])
def test_in_the_night_when_the_clocks_change_every_minute_belongs_to_one_day(server_in, night):
    """The window of October opens on the very night with 25 hours; that of March is open through the one with 23."""
    start, end = midnight(night), midnight(night + timedelta(days=1))
    assert (end - start) / timedelta(hours=1) in (23, 25)
    instant = start
    while instant < end:
        with time_machine.travel(instant, tick=False):
            window = reading_window(today(), USUAL)
        assert window.is_open and window.month == night.replace(day=1)
        instant += timedelta(minutes=7)


def test_the_days_left_count_down_by_one_each_day_through_a_leap_february():
    left = [reading_window(date(2028, 2, day), USUAL).days_left for day in range(20, 30)]
    assert left == [5, 4, 3, 2, 1, 4, 3, 2, 1, 0]
