"""Contracts that end soon, with the best offer to renew them and the price without one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery

from mojplin.domain.contracts.models import Contract, Offer, Price


class EndingContract(NamedTuple):
    """Prices are euros with VAT for one `unit`; offer and standard price are None where there is none."""

    public_id: str
    supply_point_id: int
    ends_on: date
    unit: str
    price_eur: Decimal | None
    offer_months: int | None
    offer_price_eur: Decimal | None
    standard_price_eur: Decimal | None


def ending_contracts(shown: Q, *, today: date, within_days: int) -> list[EndingContract]:
    """Return the contracts among those shown whose last day is near, the nearest first, in one statement."""
    offers = Offer.objects.filter(
        contract=OuterRef("pk"), valid_from__lte=today, valid_until__gte=today, withdrawn_on=None
    ).order_by("price_eur", "-months")
    standard = Price.objects.filter(
        product=OuterRef("supply_point__product"), unit=OuterRef("unit"), valid_from__lte=today
    ).order_by("-valid_from")
    contracts = Contract.objects.filter(
        shown, ends_on__gte=today, ends_on__lte=today + timedelta(days=within_days)
    ).annotate(
        offer_months=Subquery(offers.values("months")[:1]),
        offer_price_eur=Subquery(offers.values("price_eur")[:1]),
        standard_price_eur=Subquery(standard.values("price_eur")[:1]),
    )
    rows = contracts.order_by("ends_on", "pk").values_list(*EndingContract._fields)
    return [EndingContract(*row) for row in rows]


def kwh_per_unit(*, product: str, unit: str, today: date) -> Decimal | None:
    """Return the energy of one m3 or litre by the price list of that day, or None where it says nothing."""
    prices = Price.objects.filter(product=product, unit=unit, valid_from__lte=today).order_by("-valid_from")
    return prices.values_list("kwh_per_unit", flat=True).first()
