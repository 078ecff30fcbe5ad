"""The demo supplier's weather and homes stay within stated bands of the real ones they are made from."""

import statistics
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.interfaces.erp.demo.figures import REAL_HOMES, TOWNS, TOWNS_DAY_CORRELATION
from mojplin.interfaces.erp.demo.homes import Home, counter_litres, daily_litres, draw_home
from mojplin.interfaces.erp.demo.weather import Weather, normal_day_c, normal_degree_days

FIRST, LAST = date(2021, 1, 1), date(2025, 12, 31)
PROPANE_KWH_PER_M3 = 25.9845
YEARS = range(2021, 2026)


@cache
def weather(seed: int) -> Weather:
    return Weather(seed=seed, first=FIRST, last=LAST)


def months_of(values: list[float]) -> dict[tuple[int, int], list[float]]:
    months: dict[tuple[int, int], list[float]] = {}
    for offset, value in enumerate(values):
        day = FIRST + timedelta(days=offset)
        months.setdefault((day.year, day.month), []).append(value)
    return months


def many_months(town: str, *, seeds: int = 20) -> dict[int, list[list[float]]]:
    """The days of every month of a hundred years, by number of the month."""
    found: dict[int, list[list[float]]] = {}
    for seed in range(seeds):
        for (_year, month), values in months_of(weather(seed).of(town)).items():
            found.setdefault(month, []).append(values)
    return found


def root_mean_square(values: list[float]) -> float:
    return statistics.fmean(value * value for value in values) ** 0.5


class TestWeather:
    def test_the_same_seed_gives_the_same_weather_and_another_seed_another(self):
        again = Weather(seed=1, first=FIRST, last=LAST)

        assert again.of("Koper") == weather(1).of("Koper")
        assert again.of("Koper") != weather(2).of("Koper")

    def test_a_later_last_day_continues_the_same_weather(self):
        longer = Weather(seed=1, first=FIRST, last=date(2026, 11, 23))

        known = len(weather(1).of("Kranj"))
        assert longer.of("Kranj")[:known] == weather(1).of("Kranj")
        assert len(longer.of("Kranj")) == (date(2026, 11, 23) - FIRST).days + 1

    @pytest.mark.parametrize("town", ["Ljubljana", "Koper", "Rateče"])
    def test_months_have_the_level_and_the_scatter_of_the_real_town(self, town):
        normals = TOWNS[town]

        for month, drawn in many_months(town).items():
            means = [statistics.fmean(values) for values in drawn]
            within = [value - mean for values, mean in zip(drawn, means, strict=True) for value in values]
            assert statistics.fmean(means) == pytest.approx(normals.mean_c[month - 1], abs=0.7)
            assert statistics.stdev(means) == pytest.approx(normals.year_scatter_c[month - 1], rel=0.3)
            assert root_mean_square(within) == pytest.approx(normals.day_scatter_c[month - 1], rel=0.15)

    def test_a_day_remembers_the_day_before_as_in_the_real_town(self):
        products, squares = 0.0, 0.0
        for drawn in many_months("Ljubljana").values():
            for values in drawn:
                mean = statistics.fmean(values)
                off = [value - mean for value in values]
                products += statistics.fmean(a * b for a, b in pairwise(off))
                squares += statistics.fmean(value * value for value in off)

        assert products / squares == pytest.approx(TOWNS["Ljubljana"].lag_1, abs=0.04)

    def test_towns_have_a_cold_day_together(self):
        pairs = [("Ljubljana", "Maribor"), ("Koper", "Rateče"), ("Kranj", "Celje")]
        for one, other in pairs:
            off = [self.off_normal(town) for town in (one, other)]

            assert statistics.correlation(*off) == pytest.approx(TOWNS_DAY_CORRELATION, abs=0.05)

    def off_normal(self, town: str) -> list[float]:
        days = (FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1))
        return [value - normal_day_c(town, day) for value, day in zip(weather(3).of(town), days, strict=True)]

    @pytest.mark.parametrize("seed", range(6))
    def test_every_five_years_hold_a_cold_and_a_mild_winter(self, seed):
        longer = Weather(seed=seed, first=FIRST, last=date(2026, 3, 31)).of("Ljubljana")
        winters = [
            statistics.fmean(longer[(date(year, 11, 1) - FIRST).days : (date(year + 1, 4, 1) - FIRST).days])
            for year in YEARS
        ]

        assert max(winters) - min(winters) > 1.2

    def test_normal_degree_days_are_near_those_counted_in_the_weather(self):
        counted = statistics.fmean(
            sum(max(0.0, 15.5 - value) for value in weather(seed).of("Maribor")) / len(YEARS) for seed in range(20)
        )

        assert normal_degree_days("Maribor", 15.5) == pytest.approx(counted, rel=0.04)

    def test_ljubljana_has_the_degree_days_it_really_has(self):
        assert normal_degree_days("Ljubljana", 15.5) == pytest.approx(2216, rel=0.03)


@cache
def population() -> list[Home]:
    random = Random("population")
    return [draw_home(random, kwh_year=20_000, kwh_per_m3=PROPANE_KWH_PER_M3) for _ in range(400)]


def refitted(home: Home, used: list[int], temperatures: list[float]) -> tuple[float, float, float]:
    """Fit (balance, base in degrees, scatter of heating months) to the months a home used, as the table was fitted."""
    months = [
        (sum(litres) / len(litres), degrees)
        for litres, degrees in zip(months_of(used).values(), months_of(temperatures).values(), strict=True)
    ]
    best: tuple[float, float, float, float] | None = None
    for half_degrees in range(16, 45):
        balance = half_degrees / 2
        x = [statistics.fmean(max(0.0, balance - degree) for degree in degrees) for _use, degrees in months]
        y = [use for use, _degrees in months]
        slope, base = statistics.linear_regression(x, y)
        relative = [
            use / (base + slope * each) - 1 for each, use in zip(x, y, strict=True) if each > 4 and base + slope * each
        ]
        error = sum((use - base - slope * each) ** 2 for each, use in zip(x, y, strict=True))
        if slope > 0 and (best is None or error < best[0]):
            best = (error, balance, max(base, 0.0) / slope, root_mean_square(relative))
    assert best is not None
    return best[1:]


class TestHomes:
    def test_the_homes_drawn_have_the_shapes_of_the_real_homes(self):
        for feature, band in (("balance_c", 0.06), ("base_degrees", 0.2), ("heating_scatter", 0.3)):
            real = statistics.median(getattr(home, feature) for home in REAL_HOMES)
            drawn = statistics.median(getattr(home, feature) for home in population())

            assert drawn == pytest.approx(real, rel=band), feature

    def test_fitting_what_they_burn_finds_the_real_homes_again(self):
        temperatures = weather(1).of("Ljubljana")
        fits = [
            refitted(home, daily_litres(home, temperatures, Random(number)), temperatures)
            for number, home in enumerate(population()[:80])
        ]
        balance, base, scatter = (statistics.median(values) for values in zip(*fits, strict=True))

        assert balance == pytest.approx(statistics.median(home.balance_c for home in REAL_HOMES), abs=1.5)
        assert base == pytest.approx(statistics.median(home.base_degrees for home in REAL_HOMES), rel=0.35)
        assert scatter == pytest.approx(statistics.median(home.heating_scatter for home in REAL_HOMES), rel=0.5)

    def test_a_house_of_twenty_megawatt_hours_burns_about_770_cubic_metres_of_propane(self):
        temperatures = weather(4).of("Ljubljana")
        yearly = statistics.fmean(
            sum(daily_litres(home, temperatures, Random(number))) / 1000 / len(YEARS)
            for number, home in enumerate(population()[:60])
        )

        assert yearly == pytest.approx(770, rel=0.08)

    def test_the_same_home_burns_more_where_it_is_colder(self):
        home = population()[0]

        assert home.normal_year_m3("Koper") < home.normal_year_m3("Ljubljana") < home.normal_year_m3("Rateče")

    def test_winter_takes_most_of_the_year(self):
        temperatures = weather(2).of("Celje")
        months = months_of(daily_litres(population()[3], temperatures, Random(3)))
        january = statistics.fmean(sum(values) for (_year, month), values in months.items() if month == 1)
        july = statistics.fmean(sum(values) for (_year, month), values in months.items() if month == 7)

        assert january > 5 * july > 0

    def test_a_house_nobody_is_in_burns_little(self):
        home, temperatures = population()[5], [0.0] * 30
        lived_in = sum(daily_litres(home, temperatures, Random(1)))
        away = sum(daily_litres(home, temperatures, Random(1), somebody_in=[False] * 30))

        assert 0 < away < 0.2 * lived_in

    @given(
        seed=st.integers(min_value=0, max_value=10**9),
        kwh_year=st.floats(min_value=500, max_value=200_000),
        temperatures=st.lists(st.floats(min_value=-40, max_value=45), min_size=1, max_size=400),
        start=st.integers(min_value=0, max_value=10**8),
    )
    def test_no_day_is_below_zero_and_the_counter_never_falls(self, seed, kwh_year, temperatures, start):
        random = Random(seed)
        home = draw_home(random, kwh_year=kwh_year, kwh_per_m3=PROPANE_KWH_PER_M3)
        used = daily_litres(home, temperatures, random)
        counter = counter_litres(used, start=start)

        assert all(isinstance(litres, int) and litres >= 0 for litres in used)
        assert [start, *counter] == sorted([start, *counter])
        assert counter[-1] - start == sum(used)
        assert len(counter) == len(temperatures)
