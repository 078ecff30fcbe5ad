"""One document: what is billed, how to pay it, and its files."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mojplin.domain.billing.as_issued import content_of, vat_in_words
from mojplin.domain.billing.models import Document, DocumentLine, DocumentQuerySet, last_payment_on
from mojplin.domain.billing.payment_slip import must_be_paid
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.access import Place, documents_of, payers_kept_back, places_of, rows_of_documents_of
from mojplin.domain.own_data.document_files import copy_pdf, copy_xml, readings_of
from mojplin.domain.supply.models import Payer
from mojplin.foundation.downloads import download, kept_download
from mojplin.foundation.formats import active_language
from mojplin.interfaces.web.doors import allow, page, place_among, places_in_frame, today
from mojplin.interfaces.web.slips import may_pay, slip_to_show

DOCUMENT_COLUMNS, PAYER_COLUMNS = ([each.attname for each in kind._meta.concrete_fields] for kind in (Document, Payer))


@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    mine, notes = with_its_notes(request, public_id)
    places = places_in_frame(request)
    place = place_among(places, mine.supply_point_id, mine.payer_id)
    content = content_of(mine)
    lines = content.lines
    rates = {line.vat_percent for line in lines}
    context = {
        "document": mine,
        "state": state_of(
            mine.kind, mine.amount_eur, mine.open_eur, mine.credited_eur, mine.due_on, today(), mine.collecting_on
        ),
        "is_past": mine.collecting_on is not None and mine.collecting_on < today(),
        "notes": notes,
        "lines": lines,
        "vat": vat_in_words(mine, content, active_language()),
        "no_vat_because": [each.reason for each in content.vat if each.reason],
        "line_kinds": [kind for kind in DocumentLine.Kind.values if any(line.kind == kind for line in lines)],
        "vat_percent": rates.pop() if len(rates) == 1 else None,
        "readings": readings_of(mine),
        "place_of_document": place,
        "to_prove": to_prove(places, mine),
        "to_pay": must_be_paid(mine),
        "may_pay": may_pay(place),
        "may_write": place is None or place.may_write,
        "slip": slip_to_show(mine, place),
    }
    return page(request, "web/documents/document.html", context, active="documents")


def own_document(request: HttpRequest, public_id: str) -> Document:
    """Return the user's document; somebody else's is a 404, as one that never was."""
    found = documents_of(request.user.pk).select_related("payer").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def with_its_notes(request: HttpRequest, public_id: str) -> tuple[Document, list[Document]]:
    """Return the user's document with what it corrects and what corrects it, oldest first, in one statement.

    Of those the user sees only what their links show; another payer's never belong to it.
    """
    found = [document_of(row) for row in rows_of_documents_of(request.user.pk, itself_and_notes, public_id)]
    itself = next((each for each in found if each.public_id == public_id), None)
    if itself is None:
        raise Http404
    return itself, [each for each in found if each is not itself]


def itself_and_notes(mine: DocumentQuerySet, public_id: str) -> QuerySet[Document, Any]:
    this = Document.objects.filter(public_id=public_id)
    same_payer = Q(payer=Subquery(this.values("payer")))
    corrected = same_payer & Q(number=Subquery(this.values("corrects_number")))
    notes = same_payer & Q(corrects_number=Subquery(this.values("number"))) & ~Q(corrects_number="")
    found = mine.filter(Q(public_id=public_id) | corrected | notes).order_by("issued_on", "pk").with_collection()
    found = found.annotate(paid_on=last_payment_on())
    return found.values_list(
        *DOCUMENT_COLUMNS, *(f"payer__{name}" for name in PAYER_COLUMNS), "collecting_on", "paid_on"
    )


def document_of(row: Sequence[Any]) -> Document:
    """Return the document of a row of `itself_and_notes`, with its payer and its days of payment."""
    found = Document.from_db(DEFAULT_DB_ALIAS, DOCUMENT_COLUMNS, row[: len(DOCUMENT_COLUMNS)])
    found.payer = Payer.from_db(DEFAULT_DB_ALIAS, PAYER_COLUMNS, row[len(DOCUMENT_COLUMNS) : -2])
    found.collecting_on, found.paid_on = row[-2:]
    return found


def to_prove(places: Sequence[Place], mine: Document) -> Place | None:
    """Return the place to prove again before the document's external number and files are given out, or None."""
    if mine.payer_id not in payers_kept_back(places):
        return None
    due = [each for each in places if each.payer_id == mine.payer_id and each.is_proof_due and not each.is_shared]
    return next((each for each in due if each.supply_point_id == mine.supply_point_id), due[0])


@require_safe
def document_pdf(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Give out the supplier's own PDF; where none has come, the portal's informative copy."""
    mine = own_document(request, public_id)
    if (answer := kept_back(request, mine)) is not None:
        return answer
    if mine.pdf_path:
        return kept_download(mine.pdf_path, f"{mine.number}.pdf", "application/pdf")
    copy = copy_pdf(mine, active_language())
    return download(BytesIO(copy), copy_name(mine, "pdf"), "application/pdf")


@require_safe
def document_xml(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Give out the supplier's own XML; where none has come, e-SLOG made from the figures, marked as a copy."""
    mine = own_document(request, public_id)
    if (answer := kept_back(request, mine)) is not None:
        return answer
    if mine.xml_path:
        return kept_download(mine.xml_path, f"{mine.number}.xml", "application/xml")
    copy = copy_xml(mine)
    if copy is None:
        raise Http404
    return download(BytesIO(copy), copy_name(mine, "xml"), "application/xml")


def copy_name(mine: Document, suffix: str) -> str:
    mark = _("informative copy")
    return f"{mine.number} - {mark}.{suffix}"


def kept_back(request: HttpRequest, mine: Document) -> HttpResponseBase | None:
    """Return the way to the proof that must come before the files of this document are given out, or None.

    A file holds what is needed to pay, and the numbers by which the place is linked: without that right there is none.
    """
    places = places_of(request.user.pk)
    allow(may_pay(place_among(places, mine.supply_point_id, mine.payer_id)))
    due = to_prove(places, mine)
    return redirect("web:prove", due.public_id) if due else None
