"""Homes like one another: households with the same gas, read by a meter, in the weather of the same town.

Counted once a day from what was billed for the last twelve whole months. A group of fewer than twenty is not kept:
it would say little, and something of each of them. How large a home is nobody knows here; the page says so.

How it is called:

    found = homes_like(town="Domžale", product="propane")
    own_m3 = billed_in(usage.billed, found.year_from, found.year_to)     # None: not billed for all of it
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import quantiles
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Min, QuerySet, Sum
from django.utils import timezone

from mojplin.domain.metering.billed import BilledRow
from mojplin.domain.metering.models import BilledReading, HomesAlike
from mojplin.domain.metering.towns import weather_town
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.months import month_of, next_month, year_before
from mojplin.foundation.prepared import rows

LEAST_HOMES = 20
EDGE_DAYS = 7
"""A home counts whose bills begin and end within a week of the year."""
LEAST_M3 = 10
"""Who used less was not at home."""
SMALLEST = Decimal("0.001")


class Alike(NamedTuple):
    """A group: so many homes, its year, and the quartiles of their use in m3."""

    homes: int
    year_from: date
    year_to: date
    lower_m3: Decimal
    middle_m3: Decimal
    upper_m3: Decimal


def homes_like(*, town: str, product: str) -> Alike | None:
    """Return the group of a place, in one statement; None where it has fewer than twenty homes."""
    found = rows(_alike, (town, product))
    return Alike(*found[0]) if found else None


def _alike(asked: Sequence[Any]) -> QuerySet[HomesAlike, Any]:
    return HomesAlike.objects.filter(town=asked[0], product=asked[1]).values_list(*Alike._fields)


def billed_in(billed: Iterable[BilledRow], year_from: date, year_to: date) -> Decimal | None:
    """Return what was billed for periods that ended in a year, counted as the group's homes are."""
    of_year = [each for each in billed if year_from <= each.period_to <= year_to]
    if not of_year or not _is_whole(
        min(each.period_from for each in of_year), max(each.period_to for each in of_year), year_from, year_to
    ):
        return None
    return sum((each.consumption_m3 for each in of_year), Decimal(0))


@hourly
def count_homes_alike(now: datetime) -> None:
    """Count once a day; what is kept is always of one day."""
    today = timezone.localdate(now)
    if HomesAlike.objects.filter(counted_on=today).exists():
        return
    year_to = month_of(today) - timedelta(days=1)
    year_from = next_month(year_before(month_of(year_to)))
    groups = _groups(year_from, year_to)
    with transaction.atomic():
        HomesAlike.objects.all().delete()
        HomesAlike.objects.bulk_create(
            _counted(town, product, used, year_from, year_to, today)
            for (town, product), used in groups.items()
            if len(used) >= LEAST_HOMES
        )


def _groups(year_from: date, year_to: date) -> dict[tuple[str, str], list[Decimal]]:
    """Return what each home was billed, by town and gas, in one statement."""
    homes = BilledReading.objects.filter(
        period_to__range=(year_from, year_to),
        payer__kind=Payer.Kind.PERSON,
        supply_point__kind__in=SupplyPoint.WITH_METER,
        supply_point__closed_on=None,
    ).values_list(
        "supply_point_id", "payer_id", "supply_point__climate_town", "supply_point__post_code", "supply_point__product"
    )
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for *_home, climate_town, post_code, product, used, first_on, last_on in homes.annotate(
        used=Sum("consumption_m3"), first_on=Min("period_from"), last_on=Max("period_to")
    ).order_by():
        if used >= LEAST_M3 and _is_whole(first_on, last_on, year_from, year_to):
            found[weather_town(climate_town, post_code), product].append(used)
    return found


def _is_whole(first_on: date, last_on: date, year_from: date, year_to: date) -> bool:
    edge = timedelta(days=EDGE_DAYS)
    return first_on <= year_from + edge and last_on >= year_to - edge


def _counted(
    town: str, product: str, used: Sequence[Decimal], year_from: date, year_to: date, today: date
) -> HomesAlike:
    lower, middle, upper = (each.quantize(SMALLEST) for each in quantiles(used, n=4, method="inclusive"))
    return HomesAlike(
        town=town, product=product, year_from=year_from, year_to=year_to, homes=len(used),
        lower_m3=lower, middle_m3=middle, upper_m3=upper, counted_on=today,
    )  # fmt: skip
