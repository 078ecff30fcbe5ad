"""One document: what is billed, how to pay it, and its files."""

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_reference import grouped_by_four, printed_reference
from mojplin.domain.billing.payment_slip import Slip, must_be_paid, party, picture_png, picture_svg, slip_of
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.access import Place, documents_of, payers_kept_back, places_of
from mojplin.domain.metering.models import BilledReading
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, allow, page, today

FILE_POLICY = "sandbox; default-src 'none'"
log = structlog.get_logger(__name__)


@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    mine = own_document(request, public_id)
    places = places_in_frame(request)
    place = place_of_document(places, mine)
    lines = list(mine.lines.order_by("position"))
    slip = slip_to_show(mine, place)
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
        "slip": slip,
        "printed": {"iban": grouped_by_four(slip.iban), "reference": printed_reference(slip.reference)} if slip else {},
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


@require_safe
def document_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer with the UPN QR code as the page shows it."""
    return HttpResponse(picture_svg(own_slip(request, public_id).payload), content_type="image/svg+xml")


@require_safe
def document_code_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer with the UPN QR code as a picture to save, for paying on the same phone."""
    response = HttpResponse(picture_png(own_slip(request, public_id).payload), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="upn-qr-{public_id}.png"'
    return response


def own_slip(request: HttpRequest, public_id: str) -> Slip:
    """Return the payment slip of the user's document; where there is none to pay, a 404."""
    mine = own_document(request, public_id)
    slip = slip_to_show(mine, place_of_document(places_of(request.user.pk), mine))
    if slip is None:
        raise Http404
    return slip


def slip_to_show(mine: Document, place: Place | None) -> Slip | None:
    """Return the slip of a document that this person may pay, or None; staff hear of payment data that are wrong."""
    if not may_pay(place) or not must_be_paid(mine):
        return None
    slip = slip_of(mine, payee=party(**settings.PAYEE))
    if isinstance(slip, Slip):
        return slip
    log.warning("payment_slip_impossible", document=mine.number, wrong=slip)
    return None


def may_pay(place: Place | None) -> bool:
    """Return whether payment data may be shown: only a holder sees a document for no place in particular."""
    return place.may_pay if place else True


def attachment(path: str, name: str, content_type: str) -> FileResponse:
    """Return a stored file as a download that no browser may run anything from."""
    if not path or not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path), as_attachment=True, filename=name.replace("/", "-"), content_type=content_type
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
