"""Invoices and notes: the list, one document, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet, Subquery
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import escape

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.billing.statement import State, balance_of, open_items, state_of
from mojplin.domain.linking.access import Place, documents_at, documents_of, places_of, rows_of_documents_at
from mojplin.domain.metering.models import BilledReading
from mojplin.foundation import formats
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, page, today

ROWS_ON_PAGE = 20
YEARS_BACK = 6
COLUMNS = ("public_id", "kind", "number", "supply_point_id", "issued_on", "due_on", "amount_eur", "open_eur")
FILE_POLICY = "sandbox; default-src 'none'"


class Row(NamedTuple):
    """A line of the list, as `components/_document_row.html` draws it; `amount_eur` is below zero in one's favour."""

    title: str
    href: str
    place: str
    issued_on: date
    due_on: date | None
    state: State
    amount_eur: Decimal

    @property
    def look(self) -> str:
        return f"{self.state}{' credit' if self.amount_eur < 0 else ''}{'' if self.due_on else ' undated'}"

    def texts(self, language: formats.Language) -> dict[str, str]:
        return {
            "title": escape(self.title),
            "href": escape(self.href),
            "place": escape(self.place),
            "issued_on": formats.day(self.issued_on, language),
            "due_on": formats.day(self.due_on, language) if self.due_on else "",
            "amount": str(self.amount_eur),
            "amount_written": formats.euros(self.amount_eur, language),
        }


@dataclass(frozen=True)
class Shown:
    """What of the list was asked for."""

    only_unpaid: bool
    year: int | None
    older_than: str


EVERYTHING = Shown(only_unpaid=False, year=None, older_than="")


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    places = places_of(request.user.pk)
    request.places = places[:PLACES_IN_SWITCHER]
    shown, on = asked_for(request), today()
    balance = balance_of(rows_of_documents_at(places, open_items))
    names = {place.supply_point_id: place.name for place in places}
    if shown == EVERYTHING:
        found = rows_of_documents_at(places, newest_of_all)
    else:
        found = list(newest(documents_at(places), shown).values_list(*COLUMNS))
    rows, older_id = rows_of(found, names, on)
    if shown.older_than and not rows:
        raise Http404
    context = {
        "rows": rows,
        "balance": balance,
        "shown": shown,
        "years": range(on.year, on.year - YEARS_BACK, -1),
        "older_id": older_id,
    }
    return page(request, "web/documents/listing.html", context, active="documents")


def asked_for(request: HttpRequest) -> Shown:
    """Read the filter of the address; what cannot be understood is left out."""
    year = request.GET.get("year", "")
    return Shown(
        only_unpaid=request.GET.get("show") == "unpaid",
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() and year > "1899" else None,
        older_than=request.GET.get("older", "")[:22],
    )


def newest(mine: DocumentQuerySet, shown: Shown) -> DocumentQuerySet:
    """Return the asked documents, newest first, one more than stand on a page."""
    asked = mine
    if shown.only_unpaid:
        asked = asked.filter(open_eur__gt=0).exclude(kind=Document.Kind.CREDIT_NOTE)
    if shown.year:
        asked = asked.filter(issued_on__gte=date(shown.year, 1, 1), issued_on__lte=date(shown.year, 12, 31))
    if shown.older_than:
        last = mine.filter(public_id=shown.older_than).order_by()
        issued_on, pk = Subquery(last.values("issued_on")), Subquery(last.values("pk"))
        asked = asked.filter(issued_on__lte=issued_on).filter(Q(issued_on__lt=issued_on) | Q(pk__lt=pk))
    return asked.newest_first()[: ROWS_ON_PAGE + 1]


def newest_of_all(mine: DocumentQuerySet, _payer_ids: list[int]) -> QuerySet[Document, Any]:
    return newest(mine, EVERYTHING).values_list(*COLUMNS)


def rows_of(found: Sequence[Sequence[Any]], names: dict[int, str], on: date) -> tuple[list[Row], str | None]:
    """Return the lines of the list from rows of COLUMNS, and the id of the last one when older documents follow."""
    titles = {"invoice": _("Invoice"), "credit_note": _("Credit note"), "debit_note": _("Debit note")}
    everywhere = _("all supply points")
    root = reverse("web:documents")
    rows = [
        Row(
            f"{titles[kind]} {number}",
            f"{root}{public_id}/",
            names.get(point, everywhere),
            issued_on,
            None if kind == "credit_note" else due_on,
            state_of(kind, amount, still_open, due_on, on),
            -amount if kind == "credit_note" else amount,
        )
        for public_id, kind, number, point, issued_on, due_on, amount, still_open in found[:ROWS_ON_PAGE]
    ]
    return rows, found[ROWS_ON_PAGE - 1][0] if len(found) > ROWS_ON_PAGE else None


@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    mine = own_document(request, public_id)
    place = place_of_document(request, mine)
    lines = list(mine.lines.order_by("position"))
    rates = {line.vat_percent for line in lines}
    context = {
        "document": mine,
        "state": state_of(mine.kind, mine.amount_eur, mine.open_eur, mine.due_on, today()),
        "lines": lines,
        "vat_percent": rates.pop() if len(rates) == 1 else None,
        "readings": readings_of(mine),
        "place_of_document": place,
        "to_pay": mine.open_eur > 0 and mine.kind != Document.Kind.CREDIT_NOTE,
        # Only a holder sees a document for no place in particular.
        "may_pay": place.may_pay if place else True,
    }
    return page(request, "web/documents/document.html", context, active="documents")


def own_document(request: HttpRequest, public_id: str) -> Document:
    """Return the user's document; somebody else's is a 404, as one that never was."""
    found = documents_of(request.user.pk).select_related("payer").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def place_of_document(request: HttpRequest, mine: Document) -> Place | None:
    places: Sequence[Place] = places_of(request.user.pk)
    request.places = places[:PLACES_IN_SWITCHER]
    same = (place for place in places if place.supply_point_id == mine.supply_point_id)
    return next((place for place in same if place.payer_id == mine.payer_id), None)


def readings_of(mine: Document) -> list[BilledReading]:
    """Return the readings this document bills; only the payer's own, whatever number the ERP wrote on others."""
    readings = BilledReading.objects.filter(document_number=mine.number, payer_id=mine.payer_id)
    return list(readings.order_by("period_from", "pk"))


@require_safe
def document_pdf(request: HttpRequest, public_id: str) -> FileResponse:
    mine = own_document(request, public_id)
    return attachment(mine.pdf_path, f"{mine.number}.pdf", "application/pdf")


@require_safe
def document_xml(request: HttpRequest, public_id: str) -> FileResponse:
    mine = own_document(request, public_id)
    return attachment(mine.xml_path, f"{mine.number}.xml", "application/xml")


def attachment(path: str, name: str, content_type: str) -> FileResponse:
    """Return a stored file as a download that no browser may run anything from."""
    if not path or not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path), as_attachment=True, filename=name.replace("/", "-"), content_type=content_type
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
