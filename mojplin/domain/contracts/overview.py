"""What a payer reads about contracts: the one that holds at each place, those before it, and the standard price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min, Q, QuerySet

from mojplin.domain.contracts.models import Contract, Offer, Price, Renewal

PlaceKey = tuple[int, int]
"""Supply point and payer, by their row ids."""


@dataclass(frozen=True, slots=True)
class ContractShown:
    """A contract as the list shows it; prices are euros with VAT for one `unit` (m3 or l)."""

    place: PlaceKey
    public_id: str
    number: str
    starts_on: date
    ends_on: date | None
    days_left: int | None
    """Until the last day; below zero when it has ended, None for a contract without end."""
    price_eur: Decimal | None
    unit: str
    price_basis: str
    rental_eur_month: Decimal | None
    lowest_offer_eur: Decimal | None
    """Of the offers that are good today; None: there is none."""
    renewal: "RenewalShown | None"
    """The one that was sent or accepted."""


@dataclass(frozen=True, slots=True)
class RenewalShown:
    """A renewal that holds: how far it is, and what will be."""

    state: str
    ends_on: date
    price_eur: Decimal


def contracts_of(places: Iterable[PlaceKey], today: date) -> dict[PlaceKey, list[ContractShown]]:
    """Return the contracts of each place that hold today or later, else the last one; in three statements."""
    wanted = set(places)
    by_place: dict[PlaceKey, list[Contract]] = {}
    for each in _contracts(wanted).order_by("supply_point_id", "-starts_on"):
        key = (each.supply_point_id, each.payer_id)
        if key in wanted:
            by_place.setdefault(key, []).append(each)
    chosen = {key: _holding(held, today) for key, held in by_place.items()}
    keys = [each.pk for held in chosen.values() for each in held]
    lowest, renewed = _lowest_offers(keys, today), _renewed(keys)
    return {
        key: [_shown(key, each, lowest.get(each.pk), renewed.get(each.pk), today) for each in held]
        for key, held in chosen.items()
    }


def contracts_before(contract: Contract) -> list[Contract]:
    """Return the contracts of the same payer at the same place that began earlier, newest first."""
    same = Contract.objects.filter(supply_point=contract.supply_point_id, payer=contract.payer_id)
    return list(same.filter(starts_on__lt=contract.starts_on).order_by("-starts_on"))


def standard_prices(today: date) -> dict[tuple[str, str], Decimal]:
    """Return the standard price list that holds today: euros with VAT by product and unit."""
    rows = Price.objects.filter(valid_from__lte=today).order_by("valid_from")
    return {(product, unit): eur for product, unit, eur in rows.values_list("product", "unit", "price_eur")}


def litre_prices(supply_point_id: int, payer_id: int, product: str, today: date) -> tuple[Decimal | None, Price | None]:
    """Return the fixed price of a litre by the contract that holds today, and the price list's line of today.

    Euros with VAT; each None where there is none.
    """
    held = _contracts({(supply_point_id, payer_id)}).filter(starts_on__lte=today, unit="l", price_basis="fixed")
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("-starts_on")
    listed = Price.objects.filter(product=product, unit="l", valid_from__lte=today).order_by("-valid_from").first()
    return held.values_list("price_eur", flat=True).first(), listed


def _contracts(places: set[PlaceKey]) -> QuerySet[Contract]:
    points, payers = {point for point, _payer in places}, {payer for _point, payer in places}
    return Contract.objects.filter(supply_point_id__in=points, payer_id__in=payers)


def _holding(contracts: list[Contract], today: date) -> list[Contract]:
    """Return those that have not ended, the present one first; or the last that did."""
    current = [each for each in contracts if each.ends_on is None or each.ends_on >= today]
    return sorted(current, key=lambda each: each.starts_on) or contracts[:1]


def _lowest_offers(contract_ids: list[int], today: date) -> dict[int, Decimal]:
    offers = Offer.objects.good_on(today).filter(contract__in=contract_ids)
    return dict(offers.values_list("contract_id").annotate(lowest=Min("price_eur")).order_by())


def _renewed(contract_ids: list[int]) -> dict[int, RenewalShown]:
    held = Renewal.objects.holding().filter(contract__in=contract_ids)
    rows = held.values_list("contract_id", "state", "ends_on", "price_eur")
    return {contract_id: RenewalShown(state, ends_on, price) for contract_id, state, ends_on, price in rows}


def _shown(
    place: PlaceKey,
    contract: Contract,
    lowest_offer_eur: Decimal | None,
    renewal: RenewalShown | None,
    today: date,
) -> ContractShown:
    return ContractShown(
        place=place,
        public_id=contract.public_id,
        number=contract.number,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        days_left=contract.days_left(today),
        price_eur=contract.price_eur,
        unit=contract.unit,
        price_basis=contract.price_basis,
        rental_eur_month=contract.rental_eur_month,
        lowest_offer_eur=lowest_offer_eur,
        renewal=renewal,
    )
