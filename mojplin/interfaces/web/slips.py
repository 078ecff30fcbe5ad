"""The payment slip of a document: what a page shows of it, and its code as pictures."""

from dataclasses import dataclass
from decimal import Decimal

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from mojplin.domain.billing.epc_code import epc_payload, epc_picture_svg
from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_reference import grouped_by_four, printed_reference
from mojplin.domain.billing.payment_slip import (
    Slip,
    must_be_paid,
    party,
    picture_png,
    picture_svg,
    rewritten,
    slip_of,
)
from mojplin.domain.linking.access import Place, documents_of, places_of
from mojplin.interfaces.web.doors import place_among

EPC = "epc"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShownSlip:
    """A slip as `components/slip.html` shows it."""

    amount_eur: Decimal
    payee: str
    iban: str
    reference: str
    purpose: str
    code_url: str
    picture_url: str
    epc_url: str = ""
    """Empty: the supplier's setting has no code for foreign banks."""
    rewritten: tuple[tuple[str, str], ...] = ()


def shown(slip: Slip, *, code_url: str, picture_url: str, document: Document | None = None) -> ShownSlip:
    return ShownSlip(
        amount_eur=slip.amount_eur,
        payee=slip.payee.name,
        iban=grouped_by_four(slip.iban),
        reference=printed_reference(slip.reference),
        purpose=f"{slip.purpose}, {slip.purpose_code}",
        code_url=code_url,
        picture_url=picture_url,
        epc_url=f"{code_url}?for={EPC}" if settings.EPC_QR and document else "",
        rewritten=tuple(rewritten(document, slip)) if document else (),
    )


def slip_to_show(mine: Document, place: Place | None) -> ShownSlip | None:
    """Return the slip of a document as the page shows it, or None where this person has none to pay.

    :param mine: with its payer loaded.
    """
    slip = slip_to_pay(mine, place)
    if slip is None:
        return None
    code_url = reverse("web:document_code", args=[mine.public_id])
    picture_url = reverse("web:document_code_picture", args=[mine.public_id])
    return shown(slip, code_url=code_url, picture_url=picture_url, document=mine)


def slip_to_pay(mine: Document, place: Place | None) -> Slip | None:
    """Return the slip of a document that this person may pay, or None; staff hear of payment data that are wrong."""
    if not may_pay(place) or not must_be_paid(mine):
        return None
    slip = slip_of(mine, payee=party(**settings.PAYEE), ibans=settings.PAYEE_IBANS)
    if isinstance(slip, Slip):
        return slip
    log.warning("payment_slip_impossible", document=mine.number, wrong=slip)
    return None


def may_pay(place: Place | None) -> bool:
    """Return whether payment data may be shown: only a holder sees a document for no place in particular."""
    return place.may_pay if place else True


@require_safe
def document_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer with the code as the page shows it: the UPN QR code, or the one for foreign banks."""
    slip = own_slip(request, public_id)
    if request.GET.get("for") != EPC:
        return HttpResponse(picture_svg(slip.payload), content_type="image/svg+xml")
    if not settings.EPC_QR:
        raise Http404
    return HttpResponse(epc_picture_svg(epc_payload(slip)), content_type="image/svg+xml")


@require_safe
def document_code_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer with the UPN QR code as a picture to save, for paying on the same phone."""
    return saved_picture(own_slip(request, public_id), f"upn-qr-{public_id}.png")


def saved_picture(slip: Slip, name: str) -> HttpResponse:
    response = HttpResponse(picture_png(slip.payload), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def own_slip(request: HttpRequest, public_id: str) -> Slip:
    """Return the payment slip of the user's document; where there is none to pay, a 404."""
    mine = documents_of(request.user.pk).select_related("payer").filter(public_id=public_id).first()
    if mine is None:
        raise Http404
    slip = slip_to_pay(mine, place_among(places_of(request.user.pk), mine.supply_point_id, mine.payer_id))
    if slip is None:
        raise Http404
    return slip
