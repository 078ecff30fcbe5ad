"""Two years compared as if their weather had been normal."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.fair_comparison import Days, MonthPair, compare, normalised, weather_change
from mojplin.domain.metering.heating_model import Interval, fitted

NORMAL = normal_climate("Celje")
MONTH_ENDS = [date(2023 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(37)]
LAST_COLD = date(2024, 12, 31)


def colder_until(last_cold, degrees):
    """Return the weather of Celje with the days until `last_cold` that much colder than 10 degrees, then 10 degrees."""
    first = date(2022, 12, 31)
    days = [first + timedelta(offset) for offset in range(1100)]
    return Climate("Celje", {day: 10.0 - degrees if day <= last_cold else 10.0 for day in days})


def home(climate, base=0.4, slope=0.3, threshold=15):
    """Return a home that uses exactly what its weather calls for, with its model."""
    index = threshold - 8
    uses = []
    for after, until in pairwise(MONTH_ENDS):
        degrees = climate.until(index, until.toordinal()) - climate.until(index, after.toordinal())
        uses.append(Interval(after, until, round(Decimal(base * (until - after).days + slope * degrees), 3)))
    return uses, fitted(uses, climate)


def pairs_of(uses):
    by_month = {each.until: each for each in uses}
    return [
        MonthPair(Days(now.after, now.until), now.used, Days(before.after, before.until), before.used)
        for now in uses[24:]
        if (before := by_month[uses[uses.index(now) - 12].until])
    ]


def test_a_colder_year_is_about_the_same_when_only_the_weather_was_colder():
    climate = colder_until(LAST_COLD, degrees=4)
    uses, model = home(climate)
    found = compare(model, climate, NORMAL, pairs_of(uses))
    assert found.change_percent < -30
    assert abs(found.normal_change_percent) < 3
    assert found.is_about_the_same
    assert found.days_without_temperature == 0


def test_a_new_boiler_shows_through_the_weather():
    climate = colder_until(LAST_COLD, degrees=0)
    uses, model = home(climate)
    less = [pair._replace(used=pair.used * Decimal("0.84")) for pair in pairs_of(uses)]
    found = compare(model, climate, NORMAL, less)
    assert found.normal_change_percent == pytest.approx(Decimal(-16), abs=1)
    assert not found.is_about_the_same


@pytest.mark.parametrize(("times", "same"), [("1.069", True), ("1.071", False), ("0.931", True), ("0.929", False)])
def test_below_seven_percent_it_is_about_the_same(times, same):
    climate = Climate("Celje", {})
    _uses, model = home(climate)
    days = Days(date(2024, 1, 31), date(2024, 2, 29))
    pair = MonthPair(days, Decimal(100) * Decimal(times), days, Decimal(100))
    assert compare(model, climate, NORMAL, [pair]).is_about_the_same is same


def test_days_without_a_temperature_are_counted_and_count_as_normal():
    known = {date(2025, 1, 1) + timedelta(offset): -3.0 for offset in range(10)}
    climate = Climate("Celje", known)
    _uses, model = home(climate)
    january = Days(date(2024, 12, 31), date(2025, 1, 31))
    before = Days(date(2023, 12, 31), date(2024, 1, 31))
    found = compare(model, climate, NORMAL, [MonthPair(january, Decimal(90), before, Decimal(80))])
    assert (found.days, found.days_without_temperature) == (62, 52)
    assert found.knows_weather
    assert found.normal_before == pytest.approx(Decimal(80))
    assert found.normal < 90
    assert not compare(model, NORMAL, NORMAL, [MonthPair(january, Decimal(90), before, Decimal(80))]).knows_weather


def test_without_a_month_in_both_years_nothing_is_compared():
    climate = Climate("Celje", {})
    assert compare(home(climate)[1], climate, NORMAL, []) is None


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 500), st.integers(0, 500))
@settings(max_examples=40, deadline=None)
def test_days_and_temperature_add_up_to_what_the_weather_calls_for(length, before_length, start, before_start):
    climate = colder_until(LAST_COLD, degrees=3)
    _uses, model = home(climate)
    now, before = (
        Days(MONTH_ENDS[0] + timedelta(at), MONTH_ENDS[0] + timedelta(at + days))
        for at, days in ((start, length), (before_start, before_length))
    )
    change = weather_change(model, before=before, now=now)
    assert sum(change) == pytest.approx(model.units(*now) / model.units(*before) - 1)
    assert change.days == pytest.approx(length / before_length - 1)


def test_in_normal_weather_a_use_is_what_it_is():
    climate = Climate("Celje", {})
    _uses, model = home(climate)
    days = Days(date(2024, 1, 31), date(2024, 2, 29))
    assert normalised(model, NORMAL, Decimal("81.25"), days) == pytest.approx(Decimal("81.25"))
