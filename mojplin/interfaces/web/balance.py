"""The open balance: what is to pay at each place and in all, from which documents are chosen for paying."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mojplin.domain.billing.balance import PlaceBalance, Sums, balance_of
from mojplin.domain.billing.models import State
from mojplin.domain.billing.statement import ZERO, OpenItem, open_rows, state_of
from mojplin.domain.linking.access import Place, rows_of_documents_at
from mojplin.interfaces.web.doors import page, places_in_frame, today


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the balance; `state` is "" for a payment that is not set against a document yet."""

    item: OpenItem
    state: State | str
    may_be_paid: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one place; `place` is None for what is for no place in particular."""

    place: Place | None
    items: list[Item]
    sums: Sums


@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    places = places_in_frame(request)
    found = balance_of(rows_of_documents_at(places, open_rows), today=today())
    parts = parts_of(found.places, places)
    context: dict[str, Any] = {
        "sums": found.sums,
        "parts": parts,
        "payable": sum(item.may_be_paid for part in parts for item in part.items),
        "arranges_at": arranges_at(places, parts),
        "offers_instalments": settings.INSTALMENTS["most"] > 1,
    }
    return page(request, "web/paying/balance.html", context, active="documents")


def arranges_at(places: Sequence[Place], parts: Sequence[Part]) -> Place | None:
    """Return a place for whose payer the user may arrange how invoices come: where most is overdue, else the first."""
    allowed = [place for place in places if place.may_arrange]
    overdue = {part.place: part.sums.overdue_eur for part in parts if part.place}
    return max(allowed, key=lambda place: overdue.get(place, ZERO), default=None)


def parts_of(balances: Sequence[PlaceBalance], places: Sequence[Place]) -> list[Part]:
    """Return the balances of the places in the user's own order, then what is for no place in particular."""
    order = {place.supply_point_id: at for at, place in reversed(list(enumerate(places)))}
    by_point = {place.supply_point_id: place for place in reversed(places)}
    last = len(places)
    parts = []
    for each in sorted(balances, key=lambda each: order.get(each.supply_point_id or 0, last)):
        place = by_point.get(each.supply_point_id or 0)
        items = [item_of(item, place) for item in each.items]
        parts.append(Part(place, items, each.sums))
    return parts


def item_of(item: OpenItem, place: Place | None) -> Item:
    if item.is_in_favour:
        return Item(item, "" if item.kind == "payment" else "in_favour", may_be_paid=False)
    state = state_of(item.kind, item.amount_eur, item.open_eur, ZERO, item.due_on, today(), item.collecting_on)
    return Item(item, state, may_be_paid=place.may_pay if place else True)
