"""The heating model: what it expects, how it shares a use, and what it says about a new reading."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.heating_model import Interval, fitted, student_quantile
from mojplin.domain.metering.home_shapes import THRESHOLDS_C
from mojplin.domain.metering.metered import parts_of
from mojplin.domain.metering.reading_check import Last, Reason, check_reading
from mojplin.foundation.months import months_between, next_month
from mojplin.interfaces.erp.demo.homes import daily_litres, draw_home
from mojplin.interfaces.erp.demo.weather import Weather

FIRST = date(2022, 1, 1)
WEATHER = Weather(seed=4, first=FIRST, last=date(2026, 12, 31))
TEMPERATURES = WEATHER.of("Ljubljana")
CLIMATE = Climate("Ljubljana", {FIRST + timedelta(offset): mean_c for offset, mean_c in enumerate(TEMPERATURES)})
DAYS = st.integers(0, 1500).map(lambda offset: FIRST + timedelta(offset))


def home(seed):
    """Return the litres of each day of a made home of 12 to 30 MWh a year."""
    random = Random(seed)
    drawn = draw_home(random, kwh_year=random.uniform(12_000, 30_000), kwh_per_m3=25.98)
    return daily_litres(drawn, TEMPERATURES, random)


HOMES = [home(seed) for seed in range(12)]


def month_ends(first, count):
    """Return the last days of the month of `first` and of so many months after it."""
    starts = months_between(next_month(first), date(first.year + 5, 1, 1))[: count + 1]
    return [start - timedelta(days=1) for start in starts]


def used(litres, after, until):
    """Return the cubic metres between two readings, as whole counters show them."""
    start, end = ((day - FIRST).days + 1 for day in (after, until))
    return Decimal(sum(litres[:end]) // 1000 - sum(litres[:start]) // 1000)


def read(litres, days):
    return [Interval(after, until, used(litres, after, until)) for after, until in pairwise(days)]


def test_after_a_year_of_readings_the_next_year_is_expected_as_well_as_made_homes_allow():
    off = whole = Decimal(0)
    for litres in HOMES:
        days = month_ends(date(2022, 12, 31), 24)
        model = fitted(read(litres, days[:13]), CLIMATE)
        for after, until in pairwise(days[12:]):
            truth = used(litres, after, until)
            off += abs(truth - Decimal(model.expected(after, until).use))
            whole += truth
    assert off / whole < Decimal("0.15")


def test_three_readings_are_enough_for_a_rough_year():
    for litres in HOMES:
        model = fitted(read(litres, month_ends(date(2022, 12, 31), 3)), CLIMATE)
        year = model.expected(date(2023, 12, 31), date(2024, 12, 31)).use
        assert year == pytest.approx(float(used(litres, date(2023, 12, 31), date(2024, 12, 31))), rel=0.35)


@given(st.sampled_from(HOMES), st.lists(DAYS, min_size=2, max_size=8, unique=True))
@settings(max_examples=40, deadline=None)
def test_the_parts_of_an_interval_add_up_to_it_exactly(litres, days):
    after, *cuts, until = sorted(days)
    whole = Interval(after, until, used(litres, after, until))
    parts = parts_of(whole, fitted(read(litres, month_ends(date(2021, 12, 31), 6)), CLIMATE).units, cuts)
    assert sum(each.used for each in parts) == whole.used
    assert all(each.used >= 0 for each in parts)
    ends = {next_month(month) - timedelta(days=1) for month in months_between(after, until)}
    assert [each.until for each in parts] == sorted({*cuts, *(day for day in ends if after < day < until), until})


def test_an_interval_is_shared_by_its_weather_and_not_by_its_days():
    litres = HOMES[0]
    model = fitted(read(litres, month_ends(date(2021, 12, 31), 24)), CLIMATE)
    autumn = Interval(date(2024, 8, 31), date(2024, 11, 30), used(litres, date(2024, 8, 31), date(2024, 11, 30)))
    september, october, november = parts_of(autumn, model.units)
    for part in (september, october, november):
        assert abs(part.used - used(litres, part.after, part.until)) < Decimal("0.12") * autumn.used
    assert september.used < october.used < november.used


def test_before_the_first_reading_only_the_shape_of_homes_is_known():
    model = fitted([], CLIMATE)
    assert model.readings == 0
    january, july = (
        model.units(date(2024, 12, 31), date(2025, 1, 31)),
        model.units(date(2025, 6, 30), date(2025, 7, 31)),
    )
    assert january > 5 * july
    parts = parts_of(Interval(date(2024, 12, 31), date(2025, 7, 31), Decimal(400)), model.units)
    assert sum(each.used for each in parts) == 400


def test_a_home_that_used_nothing_is_no_evidence():
    assert fitted([Interval(date(2024, 1, 31), date(2024, 2, 29), Decimal(0))], CLIMATE).readings == 0


@given(st.sampled_from(HOMES), st.integers(2, 50))
@settings(max_examples=20, deadline=None)
def test_a_home_k_times_as_large_has_the_same_shape_and_k_times_the_months(litres, times):
    days = month_ends(date(2021, 12, 31), 14)
    one = fitted(read(litres, days), CLIMATE)
    many = fitted([each._replace(used=each.used * times) for each in read(litres, days)], CLIMATE)
    assert [(each.threshold, each.base) for each in one.shapes] == [(each.threshold, each.base) for each in many.shapes]
    assert [each.weight for each in many.shapes] == pytest.approx([each.weight for each in one.shapes], abs=1e-6)
    assert many.units(days[0], days[-1]) == pytest.approx(times * one.units(days[0], days[-1]))


def test_a_single_wild_reading_hardly_moves_the_model():
    litres, days = HOMES[2], month_ends(date(2021, 12, 31), 24)
    clean = read(litres, days)
    wild = [*clean[:18], clean[18]._replace(used=clean[18].used + 300), *clean[19:]]
    year = (date(2023, 12, 31), date(2024, 12, 31))
    assert fitted(wild, CLIMATE).expected(*year).use == pytest.approx(
        fitted(clean, CLIMATE).expected(*year).use, rel=0.1
    )


def test_the_portrait_names_hot_water_and_what_a_degree_costs():
    base, slope, threshold = 0.35, 0.29, 15
    days = month_ends(date(2021, 12, 31), 36)
    exact = [
        Interval(after, until, Decimal(round(1000 * sum(
            base + slope * max(0.0, threshold - TEMPERATURES[(after - FIRST).days + 1 + offset])
            for offset in range((until - after).days)
        ))) / 1000)
        for after, until in pairwise(days)
    ]  # fmt: skip
    portrait = fitted(exact, CLIMATE).portrait()
    assert portrait.base_a_day == pytest.approx(base, rel=0.15)
    assert portrait.per_degree == pytest.approx(slope, rel=0.08)
    assert portrait.threshold_c == pytest.approx(threshold, abs=1)


@pytest.mark.parametrize(
    ("percent", "freedom", "table"), [(99, 5, 4.032), (99, 30, 2.750), (95, 10, 2.228), (80, 8, 1.397)]
)
def test_the_ranges_are_those_of_the_t_tables(percent, freedom, table):
    assert student_quantile(percent, freedom) == pytest.approx(table, rel=0.01)


def test_a_wider_range_holds_the_narrower_one_and_none_goes_below_zero():
    expected = fitted(read(HOMES[3], month_ends(date(2022, 5, 31), 2)), CLIMATE).expected(
        date(2022, 7, 31), date(2022, 8, 3)
    )
    ranges = [expected.within(percent) for percent in (80, 95, 99)]
    assert ranges[0][0] >= ranges[1][0] >= ranges[2][0] >= 0
    assert ranges[0][1] < ranges[1][1] < ranges[2][1]


# The weather


def test_missing_days_are_normal_ones_and_are_counted():
    actual = {date(2026, 1, 10): -12.0, date(2026, 1, 12): -12.0}
    climate, normal = Climate("Celje", actual), normal_climate("Celje")
    index = THRESHOLDS_C.index(15)
    for day, degrees in ((10, 27), (12, 27)):
        on = date(2026, 1, day).toordinal()
        assert climate.until(index, on) - climate.until(index, on - 1) == pytest.approx(degrees)
    for day in (9, 11, 13):
        on = date(2026, 1, day).toordinal()
        assert climate.until(index, on) - climate.until(index, on - 1) == pytest.approx(
            normal.until(index, on) - normal.until(index, on - 1)
        )
    assert climate.known_days(date(2026, 1, 1), date(2026, 1, 31)) == 2
    assert (climate.known_until, normal.known_until) == (date(2026, 1, 12), None)


def test_a_normal_year_has_the_degree_days_of_the_ten_seasons():
    # Means of July 2016 to June 2026, from the same daily values as the figures of the towns.
    for town, threshold, degree_days in (("Ljubljana", 15, 2091), ("Ljubljana", 20, 3429), ("Ljubljana", 8, 768)):
        index, climate = THRESHOLDS_C.index(threshold), normal_climate(town)
        year = climate.until(index, date(2026, 6, 30).toordinal()) - climate.until(index, date(2025, 6, 30).toordinal())
        assert year == pytest.approx(degree_days, rel=0.012)


def test_a_leap_day_is_one_day():
    climate = normal_climate("Maribor")
    reached = [climate.until(0, date(2024, 2, 28).toordinal() + offset) for offset in range(3)]
    leap_day, first_of_march = (after - before for before, after in pairwise(reached))
    assert 0.7 < first_of_march / leap_day < 1


# The verdict on a new reading


LAST = Last(date(2025, 1, 31), Decimal(4260))
MODEL = fitted(read(HOMES[1], month_ends(date(2021, 12, 31), 37)), CLIMATE)


def verdict(value_m3, *, on=date(2025, 2, 28), model=MODEL, digits=5):
    found = check_reading(Decimal(value_m3), on=on, last=LAST, model=model, digits=digits)
    return found.outcome, found.reason


def expected_counter(on=date(2025, 2, 28)):
    return LAST.value_m3 + Decimal(round(MODEL.expected(LAST.on, on).use))


def test_the_expected_counter_is_taken():
    assert verdict(expected_counter()) == ("ok", None)


@pytest.mark.parametrize(
    ("value_m3", "outcome", "reason"),
    [
        (100_000, "block", Reason.DOES_NOT_FIT_COUNTER),
        (-1, "block", Reason.DOES_NOT_FIT_COUNTER),
        (4259, "block", Reason.LOWER_THAN_LAST),
        (4260 + 144 * 28 + 1, "block", Reason.MORE_THAN_METER_PASSES),
        (4260 + 144 * 28, "ask", Reason.MORE_THAN_EXPECTED),
        (4260, "ask", Reason.SAME_AS_LAST),
        (4261, "ask", Reason.LESS_THAN_EXPECTED),
    ],
)
def test_the_impossible_is_blocked_and_the_unlikely_asked_about(value_m3, outcome, reason):
    assert verdict(value_m3) == (outcome, reason)


def test_a_reading_of_the_day_of_the_last_one_is_blocked():
    assert verdict(4270, on=LAST.on) == ("block", Reason.NOT_AFTER_LAST)


def test_the_question_names_the_expected_counter():
    found = check_reading(Decimal(9000), on=date(2025, 2, 28), last=LAST, model=MODEL, digits=5)
    assert LAST.value_m3 < found.low_m3 < expected_counter() < found.high_m3
    assert verdict(found.low_m3) == verdict(found.high_m3) == ("ok", None)
    assert verdict(found.low_m3 - 1)[1], verdict(found.high_m3 + 1)[1]


def test_without_any_reading_only_the_boiler_asks():
    new = fitted([], CLIMATE)
    assert verdict(4260 + 46 * 28, model=new) == ("ok", None)
    assert verdict(4260 + 46 * 28 + 1, model=new) == ("ask", Reason.MORE_THAN_EXPECTED)
    assert verdict(4260, model=new) == ("ok", None)


def test_a_hotel_on_a_larger_meter_is_not_blocked():
    days = month_ends(date(2021, 12, 31), 37)
    hotel = [each._replace(used=each.used * 60) for each in read(HOMES[1], days)]
    use = Decimal(round(60 * MODEL.expected(LAST.on, date(2025, 2, 28)).use))
    assert use > 144 * 28
    assert verdict(4260 + use, model=fitted(hotel, CLIMATE), digits=6) == ("ok", None)


@given(st.integers(0, 99_999), st.integers(0, 100))
@settings(max_examples=200, deadline=None)
def test_whatever_lies_between_a_plausible_counter_and_the_expected_one_is_plausible(value_m3, percent):
    if verdict(value_m3)[0] == "ok":
        between = value_m3 + (int(expected_counter()) - value_m3) * percent // 100
        assert verdict(between)[0] == "ok"
