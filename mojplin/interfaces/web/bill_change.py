"""Why is this bill different: a bill for metered gas beside an earlier one, reason by reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mojplin.domain.billing.costs import IssuedDocument, costs_by_quantity
from mojplin.domain.billing.models import Document
from mojplin.domain.metering.bill_change import Bill, BillChange, Reason, bill_change
from mojplin.domain.metering.billed import BilledRow
from mojplin.domain.metering.fair_comparison import Days
from mojplin.domain.metering.metered import used_between
from mojplin.foundation.chart_scale import percent
from mojplin.interfaces.web.consumption_page import ConsumptionPage, consumption_page
from mojplin.interfaces.web.document import own_document
from mojplin.interfaces.web.doors import page, place_among, places_in_frame, today

PRICE_STEP = Decimal("0.0001")
HALF = Decimal(50)


@dataclass(frozen=True)
class GasBill:
    """A bill of the place with the readings it bills, oldest first."""

    document: IssuedDocument
    rows: Sequence[BilledRow]

    @property
    def days(self) -> Days:
        return Days(
            min(each.period_from for each in self.rows) - timedelta(days=1), max(each.period_to for each in self.rows)
        )


@dataclass(frozen=True)
class Part:
    """A reason with its euros and its bar, which begins at the middle."""

    reason: Reason
    eur: Decimal
    x: str
    width: str


@require_safe
def why(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer with the bill beside that of the same month a year before, or (`?with=previous`) the one before it."""
    mine = own_document(request, public_id)
    place = place_among(places_in_frame(request), mine.supply_point_id, mine.payer_id)
    if place is None or not place.has_meter:
        raise Http404
    shown = consumption_page(place, today())
    bills = bills_of(shown)
    this = bills.get(mine.number)
    others = earlier(this, bills) if this else {}
    chosen = request.GET.get("with", "")
    chosen = chosen if chosen in others else next(iter(others), "")
    context = {"document": mine, "place_of_document": place, "this": this, "others": others, "chosen": chosen}
    compared = comparison(this, others[chosen], shown) if this and chosen else {"change": None}
    return page(request, "web/documents/why.html", context | compared, active="documents")


def bills_of(shown: ConsumptionPage) -> Mapping[str, GasBill]:
    """Return the invoices of the place that bill readings, by their number."""
    rows: dict[str, list[BilledRow]] = {}
    for row in shown.usage.billed:
        rows.setdefault(row.document_number, []).append(row)
    return {
        each.number: GasBill(each, rows[each.number])
        for each in shown.documents
        if each.kind == Document.Kind.INVOICE and each.number in rows
    }


def earlier(this: GasBill, bills: Mapping[str, GasBill]) -> dict[str, GasBill]:
    """Return what the bill may be put beside: the same month a year before, and the bill before it."""
    before = sorted((each for each in bills.values() if each.days.until <= this.days.after), key=lambda each: each.days)
    until = this.days.until
    same_month = [
        each for each in before if (each.days.until.year, each.days.until.month) == (until.year - 1, until.month)
    ]
    return {name: found[-1] for name, found in (("year", same_month), ("previous", before)) if found}


def comparison(this: GasBill, other: GasBill, shown: ConsumptionPage) -> dict[str, Any]:
    costs = costs_by_quantity([this.document.public_id, other.document.public_id], "m3")
    now, before = bill(this, costs, shown), bill(other, costs, shown)
    change = bill_change(before=before, now=now, model=shown.usage.model)
    if change is None:
        return {"change": None}
    return {
        "change": change,
        "parts": parts_of(change),
        "prices": [each.price_eur.quantize(PRICE_STEP) for each in (before, now)],
        "days": [(each.days.until - each.days.after).days for each in (before, now)],
        "beside": [each.quantity - each.used for each in (before, now)],
        "is_open": now.measured is None or before.measured is None,
    }


def bill(found: GasBill, costs: Mapping[str, Decimal], shown: ConsumptionPage) -> Bill:
    usage = shown.usage
    return Bill(
        days=found.days,
        amount_eur=found.document.amount_eur,
        gas_eur=costs.get(found.document.public_id, Decimal(0)),
        quantity=sum((each.consumption_m3 for each in found.rows), Decimal(0)),
        measured=used_between(usage.intervals, usage.model.units, *found.days),
    )


def parts_of(change: BillChange) -> list[Part]:
    """Return the reasons that changed something, the largest as wide as half of its place."""
    largest = max(abs(each) for each in change.parts.values())
    found = []
    for reason in Reason:
        eur = change.parts[reason]
        if eur:
            width = HALF * abs(eur) / largest
            found.append(Part(reason, eur, percent(HALF - width if eur < 0 else HALF), percent(width)))
    return found
