"""What a payer reads about contracts: the one that holds at each place, its offers, and the standard price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from mojplin.domain.contracts.models import Contract, Offer, Price

PlaceKey = tuple[int, int]
"""Supply point and payer, by their row ids."""


@dataclass(frozen=True, slots=True)
class OfferShown:
    months: int
    price_eur: Decimal
    valid_until: date


@dataclass(frozen=True, slots=True)
class ContractShown:
    """A contract with what may follow it; prices are euros with VAT for one `unit` (m3 or l)."""

    place: PlaceKey
    number: str
    starts_on: date
    ends_on: date | None
    days_left: int | None
    """Until the last day; below zero when it has ended, None for a contract without end."""
    price_eur: Decimal | None
    unit: str
    rental_eur_month: Decimal | None
    notice_days: int
    payer_name: str
    product: str
    offers: list[OfferShown]


def contracts_of(places: Iterable[PlaceKey], today: date) -> dict[PlaceKey, list[ContractShown]]:
    """Return the contracts of each place that hold today or later, else the last one; in two statements."""
    wanted = set(places)
    rows = _contracts(wanted).select_related("payer", "supply_point").order_by("supply_point_id", "-starts_on")
    by_place: dict[PlaceKey, list[Contract]] = {}
    for each in rows:
        key = (each.supply_point_id, each.payer_id)
        if key in wanted:
            by_place.setdefault(key, []).append(each)
    chosen = [each for held in by_place.values() for each in _holding(held, today)]
    offers = _offers(chosen, today)
    shown: dict[PlaceKey, list[ContractShown]] = {}
    for each in chosen:
        contract = _shown(each, offers.get(each.pk, []), today)
        shown.setdefault(contract.place, []).append(contract)
    return shown


def standard_prices(today: date) -> dict[tuple[str, str], Decimal]:
    """Return the standard price list that holds today: euros with VAT by product and unit."""
    rows = Price.objects.filter(valid_from__lte=today).order_by("valid_from")
    return {(product, unit): eur for product, unit, eur in rows.values_list("product", "unit", "price_eur")}


def litre_price_eur(supply_point_id: int, payer_id: int, today: date) -> Decimal | None:
    """Return what a litre costs by the contract that holds today, in euros with VAT."""
    held = _contracts({(supply_point_id, payer_id)}).filter(starts_on__lte=today, unit="l")
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("-starts_on")
    return held.values_list("price_eur", flat=True).first()


def _contracts(places: set[PlaceKey]) -> QuerySet[Contract]:
    points, payers = {point for point, _payer in places}, {payer for _point, payer in places}
    return Contract.objects.filter(supply_point_id__in=points, payer_id__in=payers)


def _holding(contracts: list[Contract], today: date) -> list[Contract]:
    """Return those that have not ended, the present one first; or the last that did."""
    current = [each for each in contracts if each.ends_on is None or each.ends_on >= today]
    return sorted(current, key=lambda each: each.starts_on) or contracts[:1]


def _offers(contracts: list[Contract], today: date) -> dict[int, list[OfferShown]]:
    rows = Offer.objects.filter(
        contract__in=contracts, valid_from__lte=today, valid_until__gte=today, withdrawn_on=None
    ).order_by("-months")
    offers: dict[int, list[OfferShown]] = {}
    for contract_id, months, price_eur, valid_until in rows.values_list(
        "contract_id", "months", "price_eur", "valid_until"
    ):
        offers.setdefault(contract_id, []).append(OfferShown(months, price_eur, valid_until))
    return offers


def _shown(contract: Contract, offers: list[OfferShown], today: date) -> ContractShown:
    return ContractShown(
        place=(contract.supply_point_id, contract.payer_id),
        number=contract.number,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        days_left=contract.days_left(today),
        price_eur=contract.price_eur,
        unit=contract.unit,
        rental_eur_month=contract.rental_eur_month,
        notice_days=contract.notice_days,
        payer_name=contract.payer.name,
        product=contract.supply_point.product,
        offers=offers,
    )
