"""Renewing a contract: the offers beside one another, the page on which one agrees, and the annex to read before."""

import hashlib
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.contracts import wording
from mojplin.domain.contracts.annex import annex_of
from mojplin.domain.contracts.models import Contract
from mojplin.domain.contracts.renewing import OfferChanged, OfferGone, Seen, renew
from mojplin.domain.contracts.terms import Choice, Comparison, comparison, next_offer_on, offers_to, terms_of
from mojplin.domain.linking.access import Place
from mojplin.foundation.downloads import download
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.contracts import is_ending, own_contract
from mojplin.interfaces.web.doors import OperationForm, allow, page, today
from mojplin.interfaces.web.step_up import confirmed_recently
from mojplin.interfaces.web.templating import language
from mojplin.interfaces.web.yearly_use import used_in_a_year

NO_OFFER = "none"
"""What is chosen by whoever does not renew."""
SALT = "renewal.seen"
CONSENT = gettext_lazy("I have read the whole annex and agree with it.")
BUTTON = gettext_lazy("Renew the contract with an obligation to pay")


class AgreementForm(OperationForm):
    """The box is never ticked for anybody, also not after signing in again."""

    agrees = forms.BooleanField(
        label=CONSENT, error_messages={"required": gettext_lazy("Tick the box if you agree with the annex.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("agrees", None)

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


@require_safe
def renewal(request: HttpRequest, public_id: str) -> HttpResponse:
    contract, place = renewable(request, public_id)
    if held := contract.renewals.holding().first():
        return redirect("web:renewed", held.public_id)
    if not is_ending(contract.days_left(today())):
        return _none_page(request, contract)
    if request.GET.get("offer") == NO_OFFER:
        messages.info(request, _("You have not renewed the contract. You can do it while the offer is good."))
        return redirect("web:contract", public_id)
    if chosen := request.GET.get("offer"):
        return redirect(f"{reverse('web:renewal_review', args=[public_id])}?{urlencode({'offer': chosen})}")
    return _offers_page(request, contract, compared_for(contract, place))


def _offers_page(
    request: HttpRequest, contract: Contract, compared: Comparison, gone: Seen | None = None
) -> HttpResponse:
    """Show the offers; `gone` is one that was seen a moment ago and is no longer good."""
    if not compared.choices:
        return _none_page(request, contract, gone)
    context = {
        "contract": contract,
        "payer_name": contract.payer.name,
        "days_left": contract.days_left(today()),
        "compared": compared,
        "gone": gone,
        "no_offer": NO_OFFER,
        "starts_on": compared.choices[0].terms.starts_on,
        "withdrawal_days": settings.WITHDRAWAL_DAYS,
    }
    return page(request, "web/renewal/offers.html", context, active="contracts")


def _none_page(request: HttpRequest, contract: Contract, gone: Seen | None = None) -> HttpResponse:
    context = {"contract": contract, "days_left": contract.days_left(today()), "gone": gone}
    return page(request, "web/renewal/none.html", context | _waiting(contract), active="contracts")


def renewable(request: HttpRequest, public_id: str) -> tuple[Contract, Place]:
    """Return a contract the user may renew, and its place; to whoever may not it is a 404."""
    contract, place = own_contract(request, public_id)
    allow(place.may_renew)
    return contract, place


def compared_for(contract: Contract, place: Place) -> Comparison:
    year = used_in_a_year(place, contract.unit, today())
    used, is_normal = (year.used, year.is_normal) if year else (None, False)
    return comparison(contract, product=place.product, used=used, is_normal=is_normal, today=today())


def _waiting(contract: Contract) -> dict[str, date | None]:
    """Return from when the contract can be renewed, and when its offer comes (None: it should have come)."""
    if contract.ends_on is None:
        return {"renewable_on": None, "offer_on": None}
    opens_on = contract.ends_on - timedelta(days=settings.OFFER_DAYS_BEFORE)
    latest_on = contract.ends_on - timedelta(days=settings.OFFER_LATEST_DAYS_BEFORE)
    offer_on = next_offer_on(contract, today()) or (latest_on if latest_on >= today() else None)
    return {"renewable_on": opens_on if opens_on > today() else None, "offer_on": offer_on}


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def renewal_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show all that is agreed to, and agree; what was shown comes back signed and is compared with the offer then."""
    contract, place = renewable(request, public_id)
    if held := contract.renewals.holding().first():
        return redirect("web:renewed", held.public_id)
    if request.method != "POST":
        return _review_page(request, contract, place, request.GET.get("offer", ""), AgreementForm())
    seen = _seen_in(request, contract)
    if seen is None:
        return redirect("web:renewal", public_id)
    form = AgreementForm(request.POST)
    known = {"contract_id": contract.pk, "seen": seen, "place_name": place.name, "by": request.user}
    if form.carry_out(renew, **known, today=today(), now=timezone.now()):
        messages.success(request, _("We have received your renewal. The annex is on its way by e-mail."))
        return redirect("web:renewed", form.result.public_id)
    if isinstance(form.refusal, OfferGone | OfferChanged):
        return _asked_again(request, contract, place, seen, form.refusal)
    return _review_page(request, contract, place, seen.terms.offer_number, form)


def _review_page(
    request: HttpRequest,
    contract: Contract,
    place: Place,
    offer_number: str,
    form: AgreementForm,
    before: Seen | None = None,
) -> HttpResponse:
    compared = compared_for(contract, place)
    choice = compared.choice(offer_number)
    if choice is None:
        messages.warning(request, _("This offer is no longer good. Choose among those that are."))
        return redirect("web:renewal", contract.public_id)
    seen = _seen_now(contract, compared, choice)
    context = {
        "contract": contract,
        "choice": choice,
        "seen": seen,
        "signed": signing.dumps(
            {"user": request.user.pk, "contract": contract.pk, "seen": seen.as_json()}, salt=SALT, compress=True
        ),
        "form": form,
        "differences": _differences(before, seen) if before else [],
        "was_changed": before is not None,
        "withdrawal_days": settings.WITHDRAWAL_DAYS,
    }
    return page(request, "web/renewal/review.html", context, active="contracts")


def _seen_now(contract: Contract, compared: Comparison, choice: Choice) -> Seen:
    terms, spoken, on = choice.terms, language(), today()
    facts = [*wording.binding_facts(contract, terms, spoken), *wording.yearly_facts(compared, terms, spoken)]
    annex = annex_of(contract, terms, language=spoken, made_on=on)
    return Seen(
        terms=terms,
        facts=[list(fact) for fact in facts],
        sentences=wording.fixed_and_open(terms, spoken),
        label=str(CONSENT),
        button=str(BUTTON),
        annex_sha256=hashlib.sha256(annex).hexdigest(),
        language=spoken,
        shown_on=on,
    )


def _seen_in(request: HttpRequest, contract: Contract) -> Seen | None:
    """Return what the page had shown to this user for this contract, by the signature it came with."""
    try:
        signed = signing.loads(request.POST.get("seen", ""), salt=SALT)
    except signing.BadSignature:
        return None
    if (signed["user"], signed["contract"]) != (request.user.pk, contract.pk):
        return None
    return Seen.from_json(signed["seen"])


def _asked_again(
    request: HttpRequest, contract: Contract, place: Place, before: Seen, refusal: OfferGone | OfferChanged
) -> HttpResponse:
    """Show what was seen beside what holds now; nothing is agreed to and the box is empty again."""
    if isinstance(refusal, OfferChanged):
        return _review_page(request, contract, place, before.terms.offer_number, AgreementForm(), before)
    return _offers_page(request, contract, compared_for(contract, place), gone=before)


def _differences(before: Seen, now: Seen) -> list[tuple[str, str, str]]:
    """Return label, what was shown and what is shown now, for every fact that differs."""
    then, today_ = dict(map(tuple, before.facts)), dict(map(tuple, now.facts))
    labels = list(dict.fromkeys([*then, *today_]))
    return [(each, then.get(each, "–"), today_.get(each, "–")) for each in labels if then.get(each) != today_.get(each)]


@require_safe
def annex(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Give out the annex of an offer as it would be agreed to today."""
    contract, _place = renewable(request, public_id)
    offers = offers_to(contract, today())
    offer = next((each for each in offers if each.number == request.GET.get("offer")), None)
    if offer is None:
        raise Http404
    content = annex_of(contract, terms_of(contract, offer), language=language(), made_on=today())
    return download(BytesIO(content), f"{contract.number}-{offer.number}.pdf", "application/pdf")
