"""One document: what is billed, how to pay it, and its files."""

from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_slip import must_be_paid
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.access import Place, documents_of, payers_kept_back, places_of
from mojplin.domain.metering.models import BilledReading
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, allow, page, today
from mojplin.interfaces.web.slips import may_pay, slip_to_show

FILE_POLICY = "sandbox; default-src 'none'"


@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    mine = own_document(request, public_id)
    places = places_in_frame(request)
    place = place_of_document(places, mine)
    lines = list(mine.lines.order_by("position"))
    rates = {line.vat_percent for line in lines}
    context = {
        "document": mine,
        "state": state_of(mine.kind, mine.amount_eur, mine.open_eur, mine.credited_eur, mine.due_on, today()),
        "lines": lines,
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


def place_of_document(places: Sequence[Place], mine: Document) -> Place | None:
    same = (place for place in places if place.supply_point_id == mine.supply_point_id)
    return next((place for place in same if place.payer_id == mine.payer_id), None)


def places_in_frame(request: HttpRequest) -> Sequence[Place]:
    places: Sequence[Place] = places_of(request.user.pk)
    request.places = places[:PLACES_IN_SWITCHER]
    return places


def to_prove(places: Sequence[Place], mine: Document) -> Place | None:
    """Return the place to prove again before the document's external number and files are given out, or None."""
    if mine.payer_id not in payers_kept_back(places):
        return None
    due = [each for each in places if each.payer_id == mine.payer_id and each.is_proof_due and not each.is_shared]
    return next((each for each in due if each.supply_point_id == mine.supply_point_id), due[0])


def readings_of(mine: Document) -> list[BilledReading]:
    """Return the readings this document bills; only the payer's own, whatever number the ERP wrote on others."""
    readings = BilledReading.objects.filter(document_number=mine.number, payer_id=mine.payer_id)
    return list(readings.order_by("period_from", "pk"))


@require_safe
def document_pdf(request: HttpRequest, public_id: str) -> HttpResponseBase:
    mine = own_document(request, public_id)
    return file_of(request, mine, mine.pdf_path, f"{mine.number}.pdf", "application/pdf")


@require_safe
def document_xml(request: HttpRequest, public_id: str) -> HttpResponseBase:
    mine = own_document(request, public_id)
    return file_of(request, mine, mine.xml_path, f"{mine.number}.xml", "application/xml")


def file_of(request: HttpRequest, mine: Document, path: str, name: str, content_type: str) -> HttpResponseBase:
    """Give a file of the user's document out, or lead to the proof that must come first.

    A file holds what is needed to pay, and the numbers by which the place is linked: without that right there is none.
    """
    places = places_of(request.user.pk)
    allow(may_pay(place_of_document(places, mine)))
    due = to_prove(places, mine)
    return redirect("web:prove", due.public_id) if due else attachment(path, name, content_type)


def attachment(path: str, name: str, content_type: str) -> FileResponse:
    """Return a stored file as a download that no browser may run anything from."""
    if not path or not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path), as_attachment=True, filename=name.replace("/", "-"), content_type=content_type
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
