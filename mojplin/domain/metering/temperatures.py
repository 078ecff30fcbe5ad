"""Actual daily mean temperatures of towns: taken in from outside, and handed to the model as the weather of a town."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet

from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.climate_normals import TOWNS
from mojplin.domain.metering.models import DayTemperature, TownWeather
from mojplin.foundation.prepared import rows

COLDEST_C, WARMEST_C = Decimal(-45), Decimal(45)
"""No day in Slovenia had such a mean; anything beyond is a mistake of the source."""
TENTH = Decimal("0.1")
ROWS_AT_ONCE = 2_000


class DayMean(NamedTuple):
    """The mean temperature of a day in one of `TOWNS`, in degrees Celsius."""

    town: str
    on: date
    mean_c: Decimal


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many days were new, and how many had another temperature before."""

    new: int
    changed: int


@transaction.atomic
def take_in_temperatures(days: Iterable[DayMean]) -> TakenIn:
    """Write the days; one that is known already is corrected. What is shown from now on counts with them."""
    given = {(each.town, each.on): each.mean_c.quantize(TENTH, ROUND_HALF_UP) for each in days}
    new = changed = 0
    for town in sorted({town for town, _on in given}):
        ours = {on: mean_c for (of_town, on), mean_c in given.items() if of_town == town}
        known = _known_means(town, min(ours), max(ours))
        other = {on: mean_c for on, mean_c in ours.items() if known.get(on) != mean_c}
        _write(town, other)
        new += sum(on not in known for on in other)
        changed += sum(on in known for on in other)
    return TakenIn(new, changed)


def climate_of(town: str) -> Climate:
    """Return the weather of one of `TOWNS`, in one statement unless it changed since it was asked last."""
    found = rows(_version, (town,))
    return climate_at(town, found[0][0] if found else 0)


def climates_of(towns: Collection[str]) -> dict[str, Climate]:
    """Return the weather of several of `TOWNS`, in one statement unless it changed since it was asked last."""
    versions = dict(TownWeather.objects.filter(town__in=towns).values_list("town", "version"))
    return {town: climate_at(town, versions.get(town, 0)) for town in towns}


def climate_at(town: str, version: int) -> Climate:
    """Return the weather of one of `TOWNS` at a version of `TownWeather` (0: none yet) that is known already."""
    return _climate(town, version) if version else normal_climate(town)


def _version(asked: Sequence[Any]) -> QuerySet[TownWeather, Any]:
    return TownWeather.objects.filter(town=asked[0], version__gt=0).values_list("version")


@lru_cache(maxsize=2 * len(TOWNS))
def _climate(town: str, _version: int) -> Climate:
    """Remember the weather of a town as long as its temperatures stay as they are."""
    days = DayTemperature.objects.filter(town=town).values_list("on", "mean_c")
    return Climate(town, {on: float(mean_c) for on, mean_c in days})


def _known_means(town: str, first: date, last: date) -> dict[date, Decimal]:
    return dict(DayTemperature.objects.filter(town=town, on__range=(first, last)).values_list("on", "mean_c"))


def _write(town: str, means: dict[date, Decimal]) -> None:
    if not means:
        return
    DayTemperature.objects.bulk_create(
        [DayTemperature(town=town, on=on, mean_c=mean_c) for on, mean_c in means.items()],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["town", "on"],
        update_fields=["mean_c"],
    )
    weather, _is_new = TownWeather.objects.get_or_create(town=town)
    TownWeather.objects.filter(pk=weather.pk).update(version=F("version") + 1)
