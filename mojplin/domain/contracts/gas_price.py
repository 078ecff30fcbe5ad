"""What gas costs a payer at a place today: by the contract, else by the standard price list."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from mojplin.domain.contracts.models import Contract, Price, PriceBasis
from mojplin.foundation.prepared import rows


class GasPrice(NamedTuple):
    """Euros with VAT for one m3 or litre."""

    eur: Decimal
    fixed_until: date | None
    """The last day on which a contract holds it; None where it can change with the price list."""


def gas_price(*, supply_point_id: int, payer_id: int, product: str, unit: str, today: date) -> GasPrice | None:
    """Return the price that holds today, in one statement or two; None where none is known."""
    for eur, basis, ends_on in rows(_by_contract, (supply_point_id, payer_id, unit, today)):
        return GasPrice(eur, ends_on if basis == PriceBasis.FIXED else None)
    for (eur,) in rows(_by_list, (product, unit, today)):
        return GasPrice(eur, None)
    return None


def _by_contract(asked: Sequence[Any]) -> QuerySet[Contract, Any]:
    supply_point_id, payer_id, unit, today = asked
    held = Contract.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        supply_point_id=supply_point_id,
        payer_id=payer_id,
        unit=unit,
        starts_on__lte=today,
        price_eur__isnull=False,
    )
    return held.order_by("-starts_on").values_list("price_eur", "price_basis", "ends_on")[:1]


def _by_list(asked: Sequence[Any]) -> QuerySet[Price, Any]:
    product, unit, today = asked
    prices = Price.objects.filter(product=product, unit=unit, valid_from__lte=today)
    return prices.order_by("-valid_from").values_list("price_eur")[:1]
