"""What is to come: a season with its range, the window for filling a tank, and use that stands out."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.forecast import forecast, season_of
from mojplin.domain.metering.heating_model import Interval, fitted
from mojplin.domain.metering.refill import Level, Tank, refill_window
from mojplin.domain.metering.unusual_use import unusual_use
from mojplin.foundation.months import last_day, months_between

NORMAL = normal_climate("Ljubljana")
MONTH_ENDS = [last_day(month) for month in months_between(date(2023, 9, 1), date(2026, 10, 1))]
TODAY = date(2026, 11, 26)
TANK = Tank(capacity_l=2700, least_order_l=500, delivery_days=10)


def home(scale=1.0):
    """Return what a home used in normal weather: 650 m3 a year at a scale of 1."""
    index = 15 - 8
    uses = []
    for after, until in pairwise(MONTH_ENDS):
        degrees = NORMAL.until(index, until.toordinal()) - NORMAL.until(index, after.toordinal())
        uses.append(Interval(after, until, round(Decimal(scale * (0.4 * (until - after).days + 0.24 * degrees)), 3)))
    return uses


METERED = fitted(home(), NORMAL)
LITRES = fitted(home(scale=3.73), NORMAL, unit_m3=3.73)
"""The same home, from a tank."""


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [(date(2026, 6, 30), 2025, 2026), (date(2026, 7, 1), 2026, 2027), (date(2027, 1, 5), 2026, 2027)],
)
def test_a_season_is_one_winter_whole(day, first, last):
    assert season_of(day) == (date(first, 7, 1), date(last, 6, 30))


def test_a_season_is_foretold_with_a_range_that_shrinks_as_the_winter_passes():
    until = date(2027, 6, 30)
    ranges = []
    for after in (date(2026, 6, 30), date(2026, 12, 31), date(2027, 2, 28), date(2027, 4, 30)):
        said = forecast(METERED, climate=NORMAL, after=after, until=until)
        assert said.low < said.use < said.high
        ranges.append(said.high - said.low)
    assert ranges == sorted(ranges, reverse=True)
    whole = forecast(METERED, climate=NORMAL, after=date(2026, 6, 30), until=until)
    assert 0.12 < (whole.high - whole.use) / whole.use < 0.18
    assert not whole.is_rough


def test_few_readings_make_a_rough_forecast_with_a_wider_range():
    season = {"climate": NORMAL, "after": date(2026, 6, 30), "until": date(2027, 6, 30)}
    few = forecast(fitted(home()[:2], NORMAL), **season)
    many = forecast(METERED, **season)
    assert few.is_rough
    assert (few.high - few.low) / few.use > (many.high - many.low) / many.use


def test_days_whose_weather_is_known_are_in_no_doubt_about_it():
    known = Climate("Ljubljana", {date(2026, 11, 1) + timedelta(offset): 3.0 for offset in range(26)})
    days = {"after": date(2026, 10, 31), "until": TODAY}
    sure = forecast(fitted(home(), known), climate=known, **days)
    unsure = forecast(METERED, climate=NORMAL, **days)
    assert (sure.high - sure.low) / sure.use < (unsure.high - unsure.low) / unsure.use


def test_a_tank_is_ordered_when_the_least_fits_and_before_the_reserve_is_needed():
    window = refill_window(LITRES, Level(date(2026, 11, 20), 2200.0), TANK, climate=NORMAL, today=TODAY)
    fits = LITRES.expected(date(2026, 11, 20), window.from_on).use
    assert fits == pytest.approx(2200 - (0.85 * 2700 - 500), abs=25)
    at_the_latest = window.until_on + timedelta(days=TANK.delivery_days)
    assert LITRES.expected(date(2026, 11, 20), at_the_latest).use < 2200 - 0.2 * 2700
    assert TODAY < window.from_on < window.until_on
    assert not window.is_late(TODAY)


def test_a_tank_at_its_reserve_is_ordered_today():
    window = refill_window(LITRES, Level(TODAY, 500.0), TANK, climate=NORMAL, today=TODAY)
    assert (window.from_on, window.until_on) == (TODAY, TODAY)
    assert window.is_late(TODAY)


def test_a_home_that_hardly_uses_gas_needs_none_for_a_year():
    cooking = fitted([each._replace(used=Decimal(1)) for each in home()], NORMAL)
    window = refill_window(cooking, Level(TODAY, 2250.0), TANK, climate=NORMAL, today=TODAY)
    assert (window.from_on, window.until_on) == (None, None)


@given(st.integers(600, 2290), st.integers(0, 400), st.floats(1.0, 2.0))
@settings(max_examples=25, deadline=None)
def test_the_window_is_never_later_with_less_gas_or_more_use(level, less, scale):
    def window(model, litres):
        found = refill_window(model, Level(TODAY, float(litres)), TANK, climate=NORMAL, today=TODAY)
        return found.from_on or date.max, found.until_on or date.max

    larger = fitted([each._replace(used=each.used * Decimal(scale)) for each in home(scale=3.73)], NORMAL, unit_m3=3.73)
    for earlier in (window(LITRES, max(level - less, 0)), window(larger, level)):
        for day, of_more_gas in zip(earlier, window(LITRES, level), strict=True):
            assert day <= of_more_gas


@given(st.integers(0, 2295))
@settings(max_examples=25, deadline=None)
def test_from_its_first_day_on_the_least_order_never_fills_a_tank_above_its_limit(level):
    window = refill_window(LITRES, Level(TODAY, float(level)), TANK, climate=NORMAL, today=TODAY)
    if window.from_on and window.from_on < (window.until_on or date.max):
        left = level - LITRES.expected(TODAY, window.from_on).use
        assert left + TANK.least_order_l <= 0.85 * TANK.capacity_l + 1e-6


def with_more(uses, m3_a_day, months):
    more = [each._replace(used=each.used + m3_a_day * (each.until - each.after).days) for each in uses[-months:]]
    return [*uses[:-months], *more]


def test_a_home_like_itself_stands_out_in_nothing():
    assert unusual_use(home(), NORMAL) is None


def test_a_cubic_metre_more_a_day_stands_out_within_three_readings():
    found = unusual_use(with_more(home(), 1, months=3), NORMAL)
    assert found.until == MONTH_ENDS[-1]
    assert found.after >= MONTH_ENDS[-4]
    assert found.used - found.expected == pytest.approx((found.until - found.after).days, rel=0.25)


def test_a_little_more_does_not_stand_out():
    assert unusual_use(with_more(home(), Decimal("0.1"), months=3), NORMAL) is None


@pytest.mark.parametrize(("readings", "says"), [(9, True), (8, False)])
def test_nothing_is_said_before_enough_is_known(readings, says):
    uses = home()[:readings]
    assert (unusual_use([*uses[:-1], uses[-1]._replace(used=uses[-1].used * 9)], NORMAL) is not None) is says
