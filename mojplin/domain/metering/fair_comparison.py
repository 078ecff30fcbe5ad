"""Two times compared fairly: what the weather did to a use, and what would have been used in normal weather.

How it is called:

    normalised(model, normal, used, Days(after, until))    # as much as that home would have used in a normal year
    weather_change(model, before=Days(...), now=Days(...)) # of a bill: how much more for more days, for colder ones
    compare(model, climate, normal, pairs)                 # two years, month by month: three numbers

"Normal" is the mean of the last ten heating seasons of the nearest town (`climate.normal_climate`). Days whose actual
temperature is not known count as normal ones; `FairComparison` says how many they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.heating_model import Model

SAME_BELOW_PERCENT = 7
"""A year beside another of the same home and habits still differs by so much (20 pairs of real years: 4.5 %)."""


REMEMBERED_HOMES = 128


class Days(NamedTuple):
    """The days after `after`, until and with `until`."""

    after: date
    until: date


class WeatherChange(NamedTuple):
    """Parts of a use by which it grew (below zero: shrank) without anybody doing anything: 0.1 is a tenth of it.

    `days` is for there being more of them, `temperature` for their being colder.
    """

    days: float
    temperature: float


class MonthPair(NamedTuple):
    """A month known in both years, with what was used in each, in one unit."""

    now: Days
    used: Decimal
    before: Days
    used_before: Decimal


@dataclass(frozen=True, slots=True)
class FairComparison:
    """What was used, and what would have been in normal weather, in the months known in both years."""

    used: Decimal
    used_before: Decimal
    normal: Decimal
    normal_before: Decimal
    days: int
    days_without_temperature: int
    """So many of `days` (of both years) count as normal because their temperature is not known."""

    @property
    def change_percent(self) -> Decimal | None:
        return _change(self.used, self.used_before)

    @property
    def normal_change_percent(self) -> Decimal | None:
        return _change(self.normal, self.normal_before)

    @property
    def is_about_the_same(self) -> bool:
        """Return whether what is left without the weather is too small to mean anything."""
        left = self.normal_change_percent
        return left is not None and abs(left) < SAME_BELOW_PERCENT

    @property
    def knows_weather(self) -> bool:
        return self.days_without_temperature < self.days


def normalised(model: Model, normal: Climate, used: Decimal, days: Days) -> Decimal:
    """Return what would have been used on those days in the weather `normal`; the same where nothing was expected."""
    called_for = model.units(*days)
    if called_for <= 0:
        return used
    return used * Decimal(model.units(*days, climate=normal) / called_for)


def weather_change(model: Model, *, before: Days, now: Days) -> WeatherChange:
    """Return by what parts the use of `before` had to change to be that of `now`, had only the weather changed.

    The two add up to units(now) / units(before) - 1. Times price and use of `before` they are the parts of a bill that
    the weather explains.
    """
    called_for = model.units(*before)
    if called_for <= 0:
        return WeatherChange(0.0, 0.0)
    of_days = (now.until - now.after) / (before.until - before.after) - 1
    return WeatherChange(of_days, model.units(*now) / called_for - 1 - of_days)


def compare(model: Model, climate: Climate, normal: Climate, pairs: Sequence[MonthPair]) -> FairComparison | None:
    """Return the months of two years beside one another, or None where no month is known in both."""
    if not pairs:
        return None
    days = [each for pair in pairs for each in (pair.now, pair.before)]
    whole = sum((each.until - each.after).days for each in days)
    return FairComparison(
        used=sum((each.used for each in pairs), Decimal(0)),
        used_before=sum((each.used_before for each in pairs), Decimal(0)),
        normal=sum((normalised(model, normal, each.used, each.now) for each in pairs), Decimal(0)),
        normal_before=sum((normalised(model, normal, each.used_before, each.before) for each in pairs), Decimal(0)),
        days=whole,
        days_without_temperature=whole - sum(climate.known_days(*each) for each in days),
    )


@lru_cache(maxsize=REMEMBERED_HOMES)
def remembered_comparison(
    model: Model, climate: Climate, normal: Climate, pairs: tuple[MonthPair, ...]
) -> FairComparison | None:
    """Return the same, once for as long as readings and weather stay as they are."""
    return compare(model, climate, normal, pairs)


def _change(used: Decimal, before: Decimal) -> Decimal | None:
    return 100 * (used - before) / before if before > 0 else None
