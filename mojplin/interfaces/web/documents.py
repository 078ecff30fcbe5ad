"""Invoices and notes: the list, one document, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import escape

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.billing.statement import NewDocument, State, newest_and_open, state_of, statement_of
from mojplin.domain.linking.access import documents_at, places_of, rows_of_documents_at
from mojplin.foundation import formats
from mojplin.interfaces.web.addresses import plain_url
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, page, today

ROWS_ON_PAGE = 20
YEARS_BACK = 6


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
            "href": self.href,  # an address of ours
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
    statement = statement_of(rows_of_documents_at(places, newest_page_and_open))
    names = {place.supply_point_id: place.name for place in places}
    found = statement.newest
    if shown != EVERYTHING:
        found = [NewDocument(*row) for row in newest(documents_at(places), shown).values_list(*NewDocument._fields)]
    rows, older_id = rows_of(found, names, on)
    if shown.older_than and not rows:
        raise Http404
    context = {
        "rows": rows,
        "balance": statement.balance,
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
            state_of(kind, amount, still_open, due_on, on),
            -amount if kind == "credit_note" else amount,
        )
        for _pk, public_id, kind, number, point, _from, issued_on, due_on, amount, still_open in found[:ROWS_ON_PAGE]
    ]
    return rows, found[ROWS_ON_PAGE - 1].public_id if len(found) > ROWS_ON_PAGE else None
