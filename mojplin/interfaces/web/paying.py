"""Paying several documents: one sum, and one code for all or a code for each, one after the other."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from mojplin.domain.billing.collective_slip import collective_slip
from mojplin.domain.billing.models import Document, is_collecting
from mojplin.domain.billing.payment_slip import Slip, must_be_paid, party, picture_svg
from mojplin.domain.linking.access import documents_at
from mojplin.interfaces.web.doors import page, places_in_frame, today
from mojplin.interfaces.web.slips import ShownSlip, may_pay, saved_picture, shown, slip_to_show

MOST_AT_ONCE = 300
"""As many as an address holds."""
ANYWAY = "anyway"
"""Codes also of what direct debit pays."""


@require_safe
def pay(request: HttpRequest) -> HttpResponse:
    chosen = chosen_documents(request)
    left_to_debit = [] if ANYWAY in request.GET else [each for each in chosen if is_left_to_debit(each)]
    chosen = [each for each in chosen if each not in left_to_debit]
    if "code" in request.GET:
        return code_for_all(request, chosen)
    context = {
        "chosen": chosen,
        "left_to_debit": left_to_debit,
        "anyway_url": address([*chosen, *left_to_debit], **{ANYWAY: 1}),
        "total_eur": sum((each.open_eur for each in chosen), Decimal(0)),
        "most": MOST_AT_ONCE if len(set(request.GET.getlist("d"))) > MOST_AT_ONCE else None,
    }
    return page(request, "web/paying/pay.html", context | code_for(request, chosen), active="documents")


def is_left_to_debit(document: Document) -> bool:
    return is_collecting(document.collecting_on, today())


def code_for(request: HttpRequest, chosen: Sequence[Document]) -> dict[str, object]:
    """Return the one code for all, else the one of the asked step, with the way to the others."""
    nothing = {
        "slip": None,
        "current": None,
        "step": 1,
        "steps": 1,
        "before_url": "",
        "next_url": "",
        "without_slip": [],
    }
    together = collective(chosen)
    kept = {ANYWAY: 1} if ANYWAY in request.GET else {}
    if together:
        code_url, picture_url = (address(chosen, **kept, code=kind) for kind in ("svg", "png"))
        return nothing | {"slip": shown(together, code_url=code_url, picture_url=picture_url)}
    slips = [(each, slip_to_show(each, None)) for each in chosen]
    without = [each for each, slip in slips if slip is None]
    payable: list[tuple[Document, ShownSlip]] = [(each, slip) for each, slip in slips if slip]
    if not payable:
        return nothing | {"without_slip": without}
    step = step_of(request, len(payable))
    document, slip = payable[step - 1]
    return {
        "slip": slip,
        "current": document,
        "step": step,
        "steps": len(payable),
        "before_url": address(chosen, **kept, step=step - 1) if step > 1 else "",
        "next_url": address(chosen, **kept, step=step + 1) if step < len(payable) else "",
        "without_slip": without,
    }


def step_of(request: HttpRequest, steps: int) -> int:
    asked = request.GET.get("step", "")
    return min(max(int(asked), 1), steps) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def address(chosen: Sequence[Document], **more: object) -> str:
    query = urlencode({"d": [each.public_id for each in chosen]} | more, doseq=True)
    return f"{reverse('web:pay')}?{query}"


def chosen_documents(request: HttpRequest) -> list[Document]:
    """Return the documents of the address, nearest due date first; what has been paid meanwhile is left out.

    One that is not theirs, or not theirs to pay, answers as one that never was.
    """
    asked = set(request.GET.getlist("d")[:MOST_AT_ONCE])
    places = places_in_frame(request)
    if not asked:
        return []
    found = list(documents_at(places).filter(public_id__in=asked).select_related("payer").with_collection())
    by_point = {(place.supply_point_id, place.payer_id): place for place in reversed(places)}
    theirs = [each for each in found if may_pay(by_point.get((each.supply_point_id, each.payer_id)))]
    if len(theirs) < len(asked):
        raise Http404
    return sorted(filter(must_be_paid, theirs), key=lambda each: (each.due_on is None, each.due_on, each.number))


def collective(chosen: Sequence[Document]) -> Slip | None:
    return collective_slip(
        chosen,
        payee=party(**settings.PAYEE),
        reference_by=settings.COLLECTIVE_REFERENCE,
        ibans=settings.PAYEE_IBANS,
    )


def code_for_all(request: HttpRequest, chosen: Sequence[Document]) -> HttpResponse:
    """Answer with the one code for all chosen documents, as a picture for the page or one to save."""
    slip = collective(chosen)
    if slip is None:
        raise Http404
    if request.GET["code"] == "png":
        return saved_picture(slip, "upn-qr.png")
    return HttpResponse(picture_svg(slip.payload), content_type="image/svg+xml")
