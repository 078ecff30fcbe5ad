"""The billed ledger: what bills say, row by row. A billing fact, never recomputed and never a measurement.

Cubic metres of a meter; what was measured is the other ledger (`metered`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mojplin.domain.metering.models import BilledReading
from mojplin.foundation.months import shared_by_days
from mojplin.foundation.prepared import rows

SMALLEST = Decimal("0.001")
FLAT_RATE = BilledReading.Basis.FLAT_RATE


class BilledRow(NamedTuple):
    """A billed reading; both days belong to the period."""

    period_from: date
    period_to: date
    value_from_m3: Decimal
    value_to_m3: Decimal
    consumption_m3: Decimal
    basis: str
    meter_id: int
    document_number: str

    def is_turned_over(self, digits: int | None) -> bool:
        """Return whether the supplier billed the counter as one that passed its last digit: never assumed here."""
        if digits is None or self.value_to_m3 >= self.value_from_m3:
            return False
        return self.consumption_m3 == self.value_to_m3 - self.value_from_m3 + Decimal(10**digits)


@dataclass(frozen=True, slots=True)
class BilledMonth:
    """What was billed for a month.

    `used` can be below zero where a settlement gave back more than the month used: the figure stays, so that sums are
    exact, and a chart draws no bar for it.
    """

    used: Decimal
    is_flat_rate: bool = False


def billed_rows(*, supply_point_id: int, payer_id: int, since: date = date.min) -> list[BilledRow]:
    """Return what was billed to that payer at that point for periods that reach `since` or later, oldest first."""
    return [BilledRow(*row) for row in rows(_billed_since, (supply_point_id, payer_id, since))]


def _billed_since(asked: Sequence[Any]) -> QuerySet[BilledReading, Any]:
    supply_point_id, payer_id, since = asked
    readings = BilledReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id, period_to__gte=since)
    return readings.order_by("period_to", "period_from", "pk").values_list(*BilledRow._fields)


def billed_by_month(billed: Iterable[BilledRow]) -> dict[date, BilledMonth]:
    """Return what was billed for each month (key: its first day) that any period touches; the sum of all is exact.

    A period over several months is spread by days. A settlement is added to the month or months it names. A month is
    flat-rate when any of it was estimated.
    """
    litres: dict[date, int] = {}
    flat_rate: set[date] = set()
    for row in billed:
        parts = shared_by_days(int(row.consumption_m3.scaleb(3)), row.period_from, row.period_to)
        for month, part in parts.items():
            litres[month] = litres.get(month, 0) + part
            if row.basis == FLAT_RATE:
                flat_rate.add(month)
    return {month: BilledMonth(SMALLEST * litres[month], month in flat_rate) for month in sorted(litres)}
