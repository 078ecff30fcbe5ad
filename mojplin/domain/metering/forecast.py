"""What the rest of a season will take, with an honest range: the weather to come is not known, nor what people will do.

How it is called:

    ahead = forecast(model, climate=normal, after=newest_reading_on, until=season.last_on)
    ahead.use, ahead.low, ahead.high      # in the model's unit; the range holds eight seasons out of ten
    season_of(today)                      # July to June: one winter, whole

What was measured of the season already is added by the caller: it is known and has no range.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.heating_model import Model, student_quantile

SEASON_STARTS_IN = 7
WEATHER_SCATTER = 0.09
"""How far a season lies beside the mean of the ten before it (17 Slovenian towns, 2000 to 2026: 9 to 10 %)."""
BEHAVIOUR_SCATTER = 0.05
"""How far people go beside themselves when the weather is the same: rooms, guests, holidays."""
ROUGH_BELOW_READINGS = 3
"""With fewer readings a forecast is a first rough guess, and the page says so."""


class Season(NamedTuple):
    """A heating season, its first and its last day."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """An expected use and the range that holds it with eight chances in ten."""

    use: float
    low: float
    high: float
    is_rough: bool


def season_of(day: date) -> Season:
    """Return the season, July to June, in which a day lies."""
    starts = day.year if day.month >= SEASON_STARTS_IN else day.year - 1
    return Season(date(starts, SEASON_STARTS_IN, 1), date(starts + 1, 6, 30))


def forecast(model: Model, *, climate: Climate, after: date, until: date) -> Forecast:
    """Return what the days after `after` until `until` will use.

    The three doubts are independent: what the model does not know of the home, the weather, and people. That about the
    weather grows with the root of the time ahead, because months are cold and warm by turns: for a whole season it is
    `WEATHER_SCATTER` of it, for its last weeks more of them.

    :param climate: the weather to reckon with: its actual days are certain, all others normal.
    """
    expected = model.expected(after, until, climate=climate)
    unknown = max(after, min(climate.known_until or after, until))
    season = model.units(unknown, unknown + timedelta(days=365), climate=climate)
    weather = WEATHER_SCATTER * sqrt(model.units(unknown, until, climate=climate) * season)
    sd = sqrt(expected.sd**2 + weather**2 + (BEHAVIOUR_SCATTER * expected.use) ** 2)
    half = student_quantile(80, expected.freedom) * sd
    return Forecast(
        expected.use, max(0.0, expected.use - half), expected.use + half, model.readings < ROUGH_BELOW_READINGS
    )
