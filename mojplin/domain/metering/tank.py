"""Gas of a tank: litres delivered, and litres used where gauges tell. Litres delivered are not litres used.

Between two gauges the use is what the tank held after the one, what was filled in between, less what it held at the
other. Without gauges nothing is known of the use, only of the deliveries. Drivers note the gauge before and after, and
customers send it now and then.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mojplin.domain.metering.heating_model import Interval
from mojplin.domain.metering.models import GaugeReading
from mojplin.domain.supply.models import Delivery
from mojplin.foundation.months import month_of, months_between
from mojplin.foundation.prepared import rows

SMALLEST = Decimal("0.001")
LEAST_FALL_PERCENT = 10
"""A needle is read three percent off: a gauge between deliveries tells of the use once it has fallen by so much."""


class Filling(NamedTuple):
    """A delivery: litres, and the gauge in percent before and after where the driver noted it."""

    on: date
    litres: Decimal
    before_percent: Decimal | None
    after_percent: Decimal | None
    document_number: str


def fillings(*, supply_point_id: int, payer_id: int, since: date = date.min) -> list[Filling]:
    """Return the deliveries to that payer's tank, oldest first, in one statement."""
    return [Filling(*row) for row in rows(_fillings, (supply_point_id, payer_id, since))]


def _fillings(asked: Sequence[Any]) -> QuerySet[Delivery, Any]:
    supply_point_id, payer_id, since = asked
    found = Delivery.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id, delivered_on__gte=since)
    return found.order_by("delivered_on", "pk").values_list(
        "delivered_on", "litres", "level_before_percent", "level_after_percent", "document_number"
    )


def with_gauges(deliveries: Sequence[Filling], gauges: Iterable[tuple[date, int]]) -> list[Filling]:
    """Return the deliveries and, as ones of no litres, what customers read from the gauge on other days."""
    filled_on = {each.on for each in deliveries}
    read = [
        Filling(on, Decimal(0), Decimal(percent), Decimal(percent), "") for on, percent in gauges if on not in filled_on
    ]
    return sorted([*deliveries, *read], key=lambda each: each.on)


def gauges(*, supply_point_id: int, payer_id: int) -> dict[date, int]:
    """Return what that payer read from the gauge, in percent, the version that holds of each day, in one statement."""
    return {read_on: percent for read_on, percent in rows(_gauges, (supply_point_id, payer_id))}


def _gauges(asked: Sequence[Any]) -> QuerySet[GaugeReading, Any]:
    found = GaugeReading.objects.filter(supply_point_id=asked[0], payer_id=asked[1])
    return found.order_by("read_on", "version").values_list("read_on", "percent")


def used_between_gauges(deliveries: Sequence[Filling], capacity_l: int | None) -> tuple[Interval, ...]:
    """Return the litres used between gauges, oldest first; a gauge rises where nothing was filled, nothing is known."""
    if not capacity_l:
        return ()
    found = []
    start: tuple[date, Decimal] | None = None
    filled = Decimal(0)
    for each in deliveries:
        before, after = (_litres(level, capacity_l) for level in each[2:4])
        if start and before is not None and each.on > start[0]:
            used = start[1] + filled - before
            if not each.litres and used * 100 < LEAST_FALL_PERCENT * capacity_l:
                continue
            if used >= 0:
                found.append(Interval(start[0], each.on, used))
            start, filled = None, Decimal(0)
        level = after if after is not None else before + each.litres if before is not None else None
        if level is not None:
            start, filled = (each.on, level), Decimal(0)
        else:
            filled += each.litres
    return tuple(found)


def _litres(percent: Decimal | None, capacity_l: int) -> Decimal | None:
    return None if percent is None else (percent * capacity_l / 100).quantize(SMALLEST)


def delivered_by_month(deliveries: Sequence[Filling], today: date) -> dict[date, Decimal]:
    """Return the litres delivered in each month from the first delivery until this month."""
    if not deliveries:
        return {}
    litres = dict.fromkeys(months_between(deliveries[0].on, max(today, deliveries[-1].on)), Decimal(0))
    for each in deliveries:
        litres[month_of(each.on)] += each.litres
    return litres
