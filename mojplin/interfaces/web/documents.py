"""Invoices and notes: the list, one document, and its files."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mojplin.domain.billing.models import Document, DocumentQuerySet, State
from mojplin.domain.billing.statement import NewDocument, newest_and_open, state_of, statement_of
from mojplin.domain.linking.access import Place, documents_at, rows_of_documents_at
from mojplin.foundation import formats
from mojplin.interfaces.web.addresses import plain_url
from mojplin.interfaces.web.document_filter import NOTHING, asked_for, chosen
from mojplin.interfaces.web.doors import page, places_in_frame, today
from mojplin.interfaces.web.page_code import text_of

ROWS_ON_PAGE = 20
YEARS_BACK = 20
PLACES_TO_CHOOSE = 100


class Row(NamedTuple):
    """A line of the list, as `components/_document_row.html` draws it; `amount_eur` is below zero in one's favour."""

    title: str
    href: str
    place: str
    issued_on: date
    due_on: date | None
    state: State
    amount_eur: Decimal
    left_eur: Decimal | None = None
    """What is still open of an amount that is paid in part."""

    @property
    def look(self) -> str:
        credit, undated = " credit" if self.amount_eur < 0 else "", "" if self.due_on else " undated"
        return f"{self.state}{credit}{undated}{' begun' if self.left_eur else ''}"

    def texts(self, language: formats.Language) -> dict[str, str]:
        return {
            "title": text_of(self.title),
            "href": self.href,  # an address of ours
            "place": text_of(self.place),
            "issued_on": formats.day(self.issued_on, language),
            "due_on": formats.day(self.due_on, language) if self.due_on else "",
            "amount": str(self.amount_eur),
            "amount_written": formats.euros(self.amount_eur, language),
            "left": formats.euros(self.left_eur, language) if self.left_eur else "",
        }


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    places = places_in_frame(request)
    asked, on = asked_for(request.GET, places), today()
    request.place = asked.place
    statement = statement_of(rows_of_documents_at(places, newest_page_and_open))
    names = {place.supply_point_id: place.name for place in places}
    found = statement.newest
    if asked != NOTHING:
        of_choice = chosen(documents_at(places), asked, on)[: ROWS_ON_PAGE + 1]
        found = [NewDocument(*row) for row in of_choice.with_collection().values_list(*NewDocument._fields)]
    rows, older_id = rows_of(found, names, on)
    if asked.older_than and not rows:
        raise Http404
    context = {
        "rows": rows,
        "balance": statement.balance,
        "asked": asked,
        "query": asked.query,
        "years": range(on.year, on.year - YEARS_BACK, -1),
        "places_to_choose": places_to_choose(places, asked.place),
        "older_id": older_id,
        "gives_files": any(place.may_pay for place in places),
    }
    return page(request, "web/documents/listing.html", context, active="documents")


def places_to_choose(places: Sequence[Place], asked: Place | None) -> list[Place]:
    """Return the places the filter offers; whoever has more comes to one of the others from the page of the places."""
    offered = list(places[:PLACES_TO_CHOOSE])
    return offered if asked is None or asked in offered else [asked, *offered]


def newest_page_and_open(mine: DocumentQuerySet, payer_ids: list[int]) -> QuerySet[Document, Any]:
    return newest_and_open(mine, payer_ids, ROWS_ON_PAGE + 1)


def rows_of(found: Sequence[NewDocument], names: dict[int, str], on: date) -> tuple[list[Row], str | None]:
    """Return the lines of the list of these documents, and the id of the last one when older documents follow."""
    titles = {"invoice": _("Invoice"), "credit_note": _("Credit note"), "debit_note": _("Debit note")}
    everywhere = _("all supply points")
    root = plain_url("web:documents")
    rows = [
        Row(
            f"{titles[kind]} {number}",
            f"{root}{public_id}/",
            names.get(point, everywhere),
            issued_on,
            None if kind == "credit_note" else due_on,
            state_of(kind, amount, still_open, credited, due_on, on, collecting_on),
            -amount if kind == "credit_note" else amount,
            still_open if 0 < still_open < amount else None,
        )
        for (
            _pk, public_id, kind, number, point, _from, issued_on, due_on, amount, still_open, credited,
            collecting_on,
        ) in found[:ROWS_ON_PAGE]
    ]  # fmt: skip
    return rows, found[ROWS_ON_PAGE - 1].public_id if len(found) > ROWS_ON_PAGE else None
