"""Contracts that end soon, with the best offer to renew them and the price without one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mojplin.domain.contracts.models import Contract, Offer, Price, Renewal
from mojplin.foundation.prepared import rows


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


def ending_contracts(
    points_of_payers: Mapping[int, Sequence[int]], *, today: date, within_days: int
) -> list[EndingContract]:
    """Return the contracts whose last day is near and that are not renewed, the nearest first, in one statement.

    :param points_of_payers: whose contracts, at which supply points: keys of the tables.
    """
    numbers = [number for payer_id, points in points_of_payers.items() for number in (payer_id, *points)]
    counts = tuple(map(len, points_of_payers.values()))
    found = rows(_ending, (today, today + timedelta(days=within_days), *numbers), counts)
    return [EndingContract(*row) for row in found]


def _ending(asked: Sequence[Any], counts: tuple[int, ...]) -> QuerySet[Contract, Any]:
    today, latest, *numbers = asked
    shown, start = Q(pk__in=()), 0
    for count in counts:
        shown |= Q(payer_id=numbers[start], supply_point_id__in=numbers[start + 1 : start + 1 + count])
        start += 1 + count
    offers = Offer.objects.good_on(today).filter(contract=OuterRef("pk")).order_by("price_eur", "-months")
    standard = Price.objects.filter(
        product=OuterRef("supply_point__product"), unit=OuterRef("unit"), valid_from__lte=today
    ).order_by("-valid_from")
    renewed = Exists(Renewal.objects.holding().filter(contract=OuterRef("pk")))
    contracts = Contract.objects.filter(shown, ~renewed, ends_on__gte=today, ends_on__lte=latest).annotate(
        offer_months=Subquery(offers.values("months")[:1]),
        offer_price_eur=Subquery(offers.values("price_eur")[:1]),
        standard_price_eur=Subquery(standard.values("price_eur")[:1]),
    )
    return contracts.order_by("ends_on", "pk").values_list(*EndingContract._fields)
