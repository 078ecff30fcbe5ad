"""What the standard price list says of a gas."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from mojplin.domain.contracts.models import Price
from mojplin.foundation.prepared import rows


def dated_energy(product: str, unit: str) -> list[tuple[date, Decimal]]:
    """Return the energy of one m3 or litre, in kWh at the lower heat value, with the days since when; oldest first."""
    return [(valid_from, kwh) for valid_from, kwh in rows(_energy, (product, unit))]


def energy_on(product: Any, day: Any) -> QuerySet[Price, Any]:
    """Return the energy of one m3 on a day as a query of one value, to be part of another statement."""
    prices = Price.objects.filter(product=product, unit="m3", valid_from__lte=day).order_by("-valid_from")
    return prices.values("kwh_per_unit")[:1]


def _energy(asked: Sequence[Any]) -> QuerySet[Price, Any]:
    prices = Price.objects.filter(product=asked[0], unit=asked[1]).order_by("valid_from")
    return prices.values_list("valid_from", "kwh_per_unit")
