"""Contracts at all places: what holds, until when, and what is offered to go on."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.overview import ContractShown, PlaceKey, contracts_of, standard_prices
from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.metering.yearly import billed_in_a_year
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, page, today

ENDING_SOON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on: `months` of an offer, or None for none; the saving is against the standard price list."""

    months: int | None
    price_eur: Decimal
    year_eur: Decimal | None
    saving_eur: Decimal | None


@dataclass(frozen=True, slots=True)
class Card:
    place: Place
    contract: ContractShown
    is_ending: bool
    yearly_m3: Decimal | None
    choices: list[Choice]


@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    places = places_of(request.user.pk)
    if not places:
        return redirect("web:home")
    asked = request.GET.get("place")
    request.places = places[:PLACES_IN_SWITCHER]
    request.place = next((each for each in places if each.public_id == asked), places[0])
    keys = [(each.supply_point_id, each.payer_id) for each in places]
    held, standard = contracts_of(keys, today()), standard_prices(today())
    yearly = billed_in_a_year(keys, today())
    cards = [
        _card(place, contract, standard.get((contract.product, contract.unit)), yearly)
        for place, key in zip(places, keys, strict=True)
        for contract in held.get(key, [])
    ]
    without = [place for place, key in zip(places, keys, strict=True) if key not in held]
    return page(request, "web/contracts/contracts.html", {"cards": cards, "without": without}, active="contracts")


def _card(place: Place, contract: ContractShown, standard_eur: Decimal | None, yearly: dict[PlaceKey, Decimal]) -> Card:
    used = yearly.get(contract.place) if contract.unit == "m3" else None
    is_ending = contract.days_left is not None and contract.days_left <= ENDING_SOON_DAYS
    choices = [_choice(each.months, each.price_eur, standard_eur, used) for each in contract.offers]
    if standard_eur is not None and (choices or is_ending):
        choices.append(_choice(None, standard_eur, standard_eur, used))
    return Card(place, contract, is_ending, used, choices)


def _choice(months: int | None, price_eur: Decimal, standard_eur: Decimal | None, used: Decimal | None) -> Choice:
    if used is None or used <= 0:
        return Choice(months, price_eur, None, None)
    saving = None if standard_eur is None or months is None else (standard_eur - price_eur) * used
    return Choice(months, price_eur, price_eur * used, saving if saving is not None and saving >= 1 else None)
