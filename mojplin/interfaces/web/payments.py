"""Received payments and what they closed."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mojplin.domain.billing.receipts import Closed, Receipt, receipts_of
from mojplin.interfaces.web.doors import page, places_in_frame, today

YEARS_BACK = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A payment as the page shows it: documents of places the person has not linked are only summed up."""

    receipt: Receipt
    closed: list[Closed]
    elsewhere_eur: Decimal


@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    places = places_in_frame(request)
    own = [place for place in places if not place.is_shared]
    years = range(today().year, today().year - YEARS_BACK, -1)
    asked = request.GET.get("year", "")
    year = next((each for each in years if str(each) == asked), years[0])
    # A payment tells of all places of its payer: only whoever holds a link of theirs sees it.
    receipts = receipts_of({place.payer_id for place in own}, year=year)
    points = {(place.payer_id, place.supply_point_id) for place in own}
    context = {"shown": [seen(each, points) for each in receipts], "year": year, "years": years}
    return page(request, "web/paying/payments.html", context, active="documents")


def seen(receipt: Receipt, points: set[tuple[int, int]]) -> Shown:
    def is_seen(each: Closed) -> bool:
        return each.supply_point_id is None or (each.payer_id, each.supply_point_id) in points

    hidden = (each.closed_eur for each in receipt.closed if not is_seen(each))
    return Shown(receipt, list(filter(is_seen, receipt.closed)), sum(hidden, Decimal(0)))
