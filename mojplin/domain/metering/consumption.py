"""Gas used by calendar month, from what was billed or delivered: cubic metres of a meter, litres of a tank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mojplin.domain.metering.models import BilledReading
from mojplin.domain.supply.models import Delivery
from mojplin.foundation.prepared import rows

SMALLEST_M3 = Decimal("0.001")
FLAT_RATE, SETTLEMENT = BilledReading.Basis.FLAT_RATE, BilledReading.Basis.SETTLEMENT


class BilledPeriod(NamedTuple):
    """A billed reading as this room counts it; both days belong to the period."""

    period_from: date
    period_to: date
    value_from_m3: Decimal
    value_to_m3: Decimal
    consumption_m3: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class MonthOfGas:
    """What was used in a month: m3 of a meter, litres of a tank.

    `used` can be below zero where a settlement gave back more than the month used: the figure stays, so that sums are
    exact, and a chart draws no bar for it.
    """

    used: Decimal
    is_flat_rate: bool = False


def billed_periods(*, supply_point_id: int, payer_id: int, since: date) -> list[BilledPeriod]:
    """Return the periods billed to that payer at that point that reach `since` or later, oldest first."""
    return [BilledPeriod(*row) for row in rows(_billed_since, (supply_point_id, payer_id, since))]


def _billed_since(asked: Sequence[Any]) -> QuerySet[BilledReading, Any]:
    supply_point_id, payer_id, since = asked
    readings = BilledReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id, period_to__gte=since)
    return readings.order_by("period_to", "period_from", "pk").values_list(*BilledPeriod._fields)


def by_month(periods: Iterable[BilledPeriod]) -> dict[date, MonthOfGas]:
    """Return the gas of each month (key: its first day) that any period touches; the sum of all is exact.

    A period over several months is spread by days. A settlement is added to the month or months it names. A month is
    flat-rate when any of it was estimated.
    """
    used: dict[date, Decimal] = {}
    flat_rate: set[date] = set()
    for period in periods:
        for month, part_m3 in spread(period.consumption_m3, period.period_from, period.period_to).items():
            used[month] = used.get(month, Decimal(0)) + part_m3
            if period.basis == FLAT_RATE:
                flat_rate.add(month)
    return {month: MonthOfGas(used[month], month in flat_rate) for month in sorted(used)}


def spread(total_m3: Decimal, first_on: date, last_on: date) -> dict[date, Decimal]:
    """Share a quantity over the calendar months of a period by their days, in whole litres of gas (0,001 m3).

    The largest remainders are rounded up, so that the parts add up to the total exactly.
    """
    days = days_by_month(first_on, last_on)
    count = sum(days.values())
    litres = int(total_m3 / SMALLEST_M3)
    parts = {month: divmod(litres * number, count) for month, number in days.items()}
    left = litres - sum(whole for whole, _rest in parts.values())
    rounded_up = sorted(parts, key=lambda month: (-parts[month][1], month))[:left]
    return {month: SMALLEST_M3 * (whole + (month in rounded_up)) for month, (whole, _rest) in parts.items()}


def days_by_month(first_on: date, last_on: date) -> dict[date, int]:
    """Return how many days of the period, both ends included, lie in each calendar month (key: its first day)."""
    days: dict[date, int] = {}
    start = first_on
    while start <= last_on:
        following = next_month(start)
        days[start.replace(day=1)] = (min(last_on + timedelta(days=1), following) - start).days
        start = following
    return days


def delivered_by_month(*, supply_point_id: int, payer_id: int, since: date, today: date) -> dict[date, MonthOfGas]:
    """Return the litres delivered to that payer's tank in each month from the first delivery until this month."""
    deliveries = Delivery.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id, delivered_on__gte=since)
    litres: dict[date, Decimal] = {}
    for delivered_on, quantity in deliveries.order_by("delivered_on").values_list("delivered_on", "litres"):
        month = delivered_on.replace(day=1)
        litres[month] = litres.get(month, Decimal(0)) + quantity
    if not litres:
        return {}
    return {month: MonthOfGas(litres.get(month, Decimal(0))) for month in months(min(litres), today.replace(day=1))}


def months(first: date, last: date) -> Sequence[date]:
    """Return the first days of the months from `first` to `last`, both included."""
    found = [first]
    while (following := next_month(found[-1])) <= last:
        found.append(following)
    return found


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def year_before(month: date) -> date:
    return month.replace(year=month.year - 1)
