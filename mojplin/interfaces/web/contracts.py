"""Contracts at all places, and a page for each: what holds, what is fixed, its documents and those before it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.models import Contract, ContractFile
from mojplin.domain.contracts.overview import ContractShown, contracts_before, contracts_of, standard_prices
from mojplin.domain.contracts.terms import offers_to
from mojplin.domain.linking.access import Place
from mojplin.foundation.downloads import kept_download
from mojplin.interfaces.web.doors import allow, page, place_of_thing, places_in_frame, today


@dataclass(frozen=True, slots=True)
class Card:
    place: Place
    contract: ContractShown
    is_ending: bool


@dataclass(frozen=True, slots=True)
class File:
    public_id: str
    title: str
    size_kb: int


@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    places = places_in_frame(request)
    if not places:
        return redirect("web:home")
    asked = request.GET.get("place")
    request.place = next((each for each in places if each.public_id == asked), places[0])
    keys = [(each.supply_point_id, each.payer_id) for each in places]
    held = contracts_of(keys, today())
    cards = [
        Card(place, contract, is_ending(contract.days_left))
        for place, key in zip(places, keys, strict=True)
        for contract in held.get(key, [])
    ]
    cards.sort(key=lambda card: not card.is_ending)  # what can be renewed first; else in the order of the places
    without = [place for place, key in zip(places, keys, strict=True) if key not in held]
    return page(request, "web/contracts/contracts.html", {"cards": cards, "without": without}, active="contracts")


def is_ending(days_left: int | None) -> bool:
    """Return whether the contract is so near its end that it can be renewed."""
    return days_left is not None and 0 <= days_left <= settings.OFFER_DAYS_BEFORE


@require_safe
def contract(request: HttpRequest, public_id: str) -> HttpResponse:
    mine, place = own_contract(request, public_id)
    days_left = mine.days_left(today())
    renewals = list(mine.renewals.order_by("-agreed_at"))
    context = {
        "contract": mine,
        "payer_name": mine.payer.name,
        "days_left": days_left,
        "is_ending": is_ending(days_left),
        "renewals": renewals,
        "has_offers": bool(offers_to(mine, today())),
        "can_renew": place.may_renew and is_ending(days_left) and not any(each.holds for each in renewals),
        "standard_eur": standard_prices(today()).get((place.product, mine.unit)),
        "files": files_of(mine) if place.may_pay else [],
        "before": contracts_before(mine),
    }
    return page(request, "web/contracts/contract.html", context, active="contracts")


def own_contract(request: HttpRequest, public_id: str) -> tuple[Contract, Place]:
    """Return a contract that the user's links show, with its place; any other is a 404."""
    found = Contract.objects.select_related("payer", "supply_point").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found, place_of_thing(request, found.supply_point_id, found.payer_id)


def files_of(mine: Contract) -> list[File]:
    """Return the documents whose PDF is there, the newest first."""
    files = mine.files.exclude(path="").order_by("-dated_on", "file_name")
    return [
        File(each.public_id, f"{each.get_kind_display()} {each.file_name.removesuffix('.pdf')}", size_kb(each.path))
        for each in files
        if default_storage.exists(each.path)
    ]


def size_kb(path: str) -> int:
    return max(1, round(default_storage.size(path) / 1000))


@require_safe
def contract_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Give a document of the user's contract out, or lead to the proof that must come first.

    It holds numbers by which the place is linked: as with the files of invoices, it is for whom may pay.
    """
    file = ContractFile.objects.select_related("contract").filter(public_id=public_id).first()
    if file is None:
        raise Http404
    place = place_of_thing(request, file.contract.supply_point_id, file.contract.payer_id)
    allow(place.may_pay)
    if place.is_proof_due and not place.is_shared:
        return redirect("web:prove", place.public_id)
    return kept_download(file.path, file.file_name, "application/pdf")
