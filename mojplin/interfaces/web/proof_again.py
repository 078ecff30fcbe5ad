"""Proving a place once more: with the newest document, or with a code that goes to the payer."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.linking.access import Place
from mojplin.domain.linking.recheck import ask_for_code, prove_with_code, prove_with_document, way_of_code
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm, page, places_in_frame
from mojplin.interfaces.web.linking import LONGEST_TYPED, in_even_time
from mojplin.interfaces.web.places import own


class NewestForm(OperationForm):
    document_number = forms.CharField(
        label=gettext_lazy("External document number"),
        help_text=gettext_lazy(
            "Copy it as it stands on the invoice, hyphens too. Spaces and small letters do not matter."
        ),
        max_length=LONGEST_TYPED,
        error_messages={"required": gettext_lazy("Enter the external document number.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-mark": "3"}
        ),
    )


class SentCodeForm(OperationForm):
    code = forms.CharField(
        label=gettext_lazy("Code from the letter or e-mail"),
        help_text=gettext_lazy("10 letters and digits. Spaces, hyphens and small letters do not matter."),
        max_length=LONGEST_TYPED,
        error_messages={"required": gettext_lazy("Enter the code from the letter or e-mail.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@in_even_time
@require_http_methods(["GET", "HEAD", "POST"])
@once
def prove(request: HttpRequest, public_id: str) -> HttpResponse:
    place = own(request, public_id)
    if not place.is_proof_due:
        return redirect("web:places")
    if place.is_shared:
        return page(request, "web/linking/prove_shared.html", {"proven": place})
    if "send" in request.POST:
        ask_for_code(link=place.link_id, by=request.user, now=timezone.now())
        return redirect("web:prove_code", public_id)
    form = NewestForm(request.POST or None)
    if request.method == "POST" and form.carry_out(prove_with_document, **_known(request, place)):
        return _proven(request)
    context = {"form": form, "new_form_key": new_form_key, "no_match": form.refusal is not None}
    return page(request, "web/linking/prove.html", context | _about(request, place))


@in_even_time
@require_http_methods(["GET", "HEAD", "POST"])
@once
def prove_code(request: HttpRequest, public_id: str) -> HttpResponse:
    place = own(request, public_id)
    if not place.is_proof_due or place.is_shared:
        return redirect("web:places")
    form = SentCodeForm(request.POST or None)
    if request.method == "POST" and form.carry_out(prove_with_code, **_known(request, place)):
        return _proven(request)
    return page(request, "web/linking/prove_code.html", {"form": form} | _about(request, place))


def _known(request: HttpRequest, place: Place) -> dict[str, object]:
    return {"link": place.link_id, "by": request.user, "ip": client_ip(request), "now": timezone.now()}


def _about(request: HttpRequest, place: Place) -> dict[str, object]:
    """Return the place, the other places of its payer that are proven with it, and how a code would come."""
    places = places_in_frame(request)
    others = [each for each in places if each.payer_id == place.payer_id and not each.is_shared and each != place]
    return {"proven": place, "others": others, "way": way_of_code(link=place.link_id, by=request.user).value}


def _proven(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Thank you. Everything is open to you again."))
    return redirect("web:home")
