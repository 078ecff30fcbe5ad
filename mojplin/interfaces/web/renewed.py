"""A renewal that was agreed to: how far it is, its annex, and withdrawing from it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.domain.contracts.renewing import withdraw
from mojplin.domain.linking.access import Place
from mojplin.foundation.downloads import kept_download
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.contracts import size_kb
from mojplin.interfaces.web.doors import OperationForm, allow, page, place_of_thing, today


@require_safe
def renewed(request: HttpRequest, public_id: str) -> HttpResponse:
    mine, place = own_renewal(request, public_id)
    context = {
        "renewal": mine,
        "contract": mine.contract,
        "reason": reason_of(mine),
        "is_own": mine.agreed_by_id == request.user.pk,
        "may_withdraw": may_withdraw(mine, place),
        "annex_kb": size_kb(mine.annex_path) if default_storage.exists(mine.annex_path) else None,
    }
    return page(request, "web/renewal/renewed.html", context, active="contracts")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw_renewal(request: HttpRequest, public_id: str) -> HttpResponse:
    mine, place = own_renewal(request, public_id)
    allow(place.may_renew)
    form = OperationForm(request.POST or None)
    known = {"renewal_id": mine.pk, "place_name": place.name, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.carry_out(withdraw, **known):
        messages.success(request, _("You have withdrawn from the renewal. We confirm it by e-mail."))
        return redirect("web:renewed", mine.public_id)
    if request.method != "POST" and not may_withdraw(mine, place):
        return redirect("web:renewed", mine.public_id)
    context = {"renewal": mine, "contract": mine.contract, "form": form}
    return page(request, "web/renewal/withdraw.html", context, active="contracts")


@require_safe
def renewal_annex(request: HttpRequest, public_id: str) -> HttpResponseBase:
    mine, place = own_renewal(request, public_id)
    if place.is_proof_due and not place.is_shared:
        return redirect("web:prove", place.public_id)
    return kept_download(mine.annex_path, mine.annex_name, "application/pdf")


def own_renewal(request: HttpRequest, public_id: str) -> tuple[Renewal, Place]:
    """Return a renewal of a contract that the user's links show; any other is a 404."""
    found = Renewal.objects.select_related("contract").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found, place_of_thing(request, found.contract.supply_point_id, found.contract.payer_id)


def reason_of(mine: Renewal) -> str:
    """Return why the supplier refused it; empty where it did not."""
    answers = RenewalAnswer.objects.filter(renewal_number=mine.number, outcome=mine.state)
    return answers.values_list("reason", flat=True).first() or ""


def may_withdraw(mine: Renewal, place: Place) -> bool:
    return mine.holds and place.may_renew and today() <= mine.withdraw_until
