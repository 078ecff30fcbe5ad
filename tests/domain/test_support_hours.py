"""Opening hours and promised days: closing time, weekends and the work-free days of Slovenia are all counted right."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from mojplin.domain.support.hours import call_slots, open_on, promised_on
from mojplin.foundation.working_days import is_working_day
from tests.cast import moment

WEEK = [(["mon", "tue", "wed", "thu", "fri"], time(7), time(15))]
WITH_BREAK = [
    (["mon", "wed"], time(7, 30), time(12)),
    (["mon", "wed"], time(13), time(16, 45)),
    (["sat"], time(8), time(10)),
]
MOMENTS = some.datetimes(
    min_value=moment(2026, 1, 1).replace(tzinfo=None), max_value=moment(2031, 1, 1).replace(tzinfo=None)
).map(timezone.make_aware)


@pytest.fixture(autouse=True)
def hours(settings):
    settings.SUPPORT_HOURS = WEEK


@pytest.mark.parametrize(
    ("came_in", "promised"),
    [
        (moment(2026, 11, 23, 10), date(2026, 11, 24)),  # Monday
        (moment(2026, 11, 23, 14, 59), date(2026, 11, 24)),
        (moment(2026, 11, 23, 15), date(2026, 11, 25)),  # closed: as if on Tuesday
        (moment(2026, 11, 27, 10), date(2026, 11, 30)),  # Friday
        (moment(2026, 11, 27, 16), date(2026, 12, 1)),
        (moment(2026, 11, 28, 10), date(2026, 12, 1)),  # Saturday: as if on Monday
        (moment(2026, 12, 24, 10), date(2026, 12, 28)),  # Christmas, Independence Day, Sunday
        (moment(2027, 4, 26, 10), date(2027, 4, 28)),  # Resistance Day
    ],
)
def test_an_answer_is_promised_for_the_next_working_day(came_in, promised):
    assert promised_on(came_in, 1) == promised


@given(MOMENTS, some.integers(1, 10))
def test_a_promise_is_a_working_day_and_never_sooner_than_so_many(now, days):
    promised = promised_on(now, days)
    today = timezone.localdate(now)
    between = [today + timedelta(days=each) for each in range(1, (promised - today).days + 1)]
    assert is_working_day(promised)
    assert sum(map(is_working_day, between)) in (days, days + 1)


def test_calls_are_offered_in_whole_open_hours_of_the_next_open_days():
    slots = call_slots(moment(2026, 11, 27, 12, 30))
    assert slots[0] == (date(2026, 11, 27), [14])
    assert slots[1] == (date(2026, 11, 30), [7, 8, 9, 10, 11, 12, 13, 14])
    assert [day for day, _hours in slots[1:]] == [date(2026, 11, 30), *(date(2026, 12, each) for each in (1, 2, 3))]


def test_a_break_and_half_hours_leave_whole_hours_only(settings):
    settings.SUPPORT_HOURS = WITH_BREAK
    slots = dict(call_slots(moment(2026, 11, 28, 4)))
    assert slots[date(2026, 11, 28)] == [8, 9]
    assert slots[date(2026, 11, 30)] == [8, 9, 10, 11, 13, 14, 15]


def test_on_a_work_free_saturday_nobody_answers(settings):
    settings.SUPPORT_HOURS = WITH_BREAK
    assert open_on(date(2026, 12, 26)) == [] and open_on(date(2026, 12, 19)) != []


@given(MOMENTS)
def test_no_call_is_offered_within_the_hour_or_on_a_closed_day(now):
    slots = call_slots(now)
    assert len(slots) == 5
    for day, hours in slots:
        assert open_on(day) and hours
        assert all(moment(day.year, day.month, day.day, hour) - now >= timedelta(minutes=59) for hour in hours)
