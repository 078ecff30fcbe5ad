"""Homes that burn LPG the way fitted real homes burn gas: their shape and scatter, at the size of LPG houses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from mojplin.interfaces.erp.demo.figures import DAY_LAG_1, REAL_HOMES
from mojplin.interfaces.erp.demo.weather import normal_degree_days

REFERENCE_TOWN = "Ljubljana"
"""A home's yearly energy is said for a normal year there; in a colder town the same home uses more."""

MONTH_OF_DAYS = math.sqrt((1 + DAY_LAG_1) / (1 - DAY_LAG_1) / 30)
"""Scatter of a month's use beside that of its days, when a day remembers the one before."""
WIDEST_DAY_SCATTER = 0.9
"""As in the widest of the real homes."""

AWAY_HEATING = 0.15
"""Frost protection of a house nobody is in, as a part of its heating; hot water and cooking stop."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """What a home burns: `slope_m3` a day for each degree below `balance_c`, and `base_degrees` of it every day.

    The scatters are relative standard deviations of a month, as in `figures.RealHome`.
    """

    slope_m3: float
    balance_c: float
    base_degrees: float
    heating_scatter: float
    summer_scatter: float

    def normal_year_m3(self, town: str) -> float:
        """Return the cubic metres of a normal year in a town."""
        return self.slope_m3 * (365.25 * self.base_degrees + normal_degree_days(town, self.balance_c))


def draw_home(random: Random, *, kwh_year: float, kwh_per_m3: float) -> Home:
    """Return a home like one of the real ones, a little different, that needs `kwh_year` in the reference town."""
    real = random.choice(REAL_HOMES)
    balance_c = real.balance_c + random.gauss(0, 0.5)
    base_degrees = real.base_degrees * math.exp(random.gauss(0, 0.15))
    degrees_year = 365.25 * base_degrees + normal_degree_days(REFERENCE_TOWN, balance_c)
    return Home(
        slope_m3=kwh_year / kwh_per_m3 / degrees_year,
        balance_c=balance_c,
        base_degrees=base_degrees,
        heating_scatter=real.heating_scatter,
        summer_scatter=real.summer_scatter,
    )


def daily_litres(
    home: Home, temperatures: Sequence[float], random: Random, *, somebody_in: Sequence[bool] | None = None
) -> list[int]:
    """Return the gas of each day in whole litres (thousandths of a cubic metre), never below zero.

    :param temperatures: daily means in degrees Celsius.
    :param somebody_in: for each day, whether the home is lived in; None: always.
    """
    heating_scatter = min(home.heating_scatter / MONTH_OF_DAYS, WIDEST_DAY_SCATTER)
    base_scatter = min(home.summer_scatter / MONTH_OF_DAYS, WIDEST_DAY_SCATTER)
    fresh = math.sqrt(1 - DAY_LAG_1**2)
    slope_litres = home.slope_m3 * 1000
    base_level = home.base_degrees * slope_litres * math.exp(-(base_scatter**2) / 2)
    heating_level = slope_litres * math.exp(-(heating_scatter**2) / 2)
    heating, base = random.gauss(0, 1), random.gauss(0, 1)
    used = []
    for day, temperature in enumerate(temperatures):
        degrees = max(0.0, home.balance_c - temperature)
        litres = degrees * heating_level * math.exp(heating_scatter * heating)
        if somebody_in is None or somebody_in[day]:
            litres += base_level * math.exp(base_scatter * base)
        else:
            litres *= AWAY_HEATING
        used.append(round(litres))
        heating = DAY_LAG_1 * heating + fresh * random.gauss(0, 1)
        base = DAY_LAG_1 * base + fresh * random.gauss(0, 1)
    return used


def counter_litres(used: Sequence[int], *, start: int) -> list[int]:
    """Return what the counter shows at the end of each day, in litres of gas, from `start` on."""
    return list(accumulate(used, initial=start))[1:]
