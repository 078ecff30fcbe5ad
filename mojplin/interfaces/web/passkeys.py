"""Passkeys and recovery codes: adding, removing, making; and confirming with a passkey that it is you.

The ceremony itself needs the script (passkeys.js), which asks for the options, lets the device answer and sends the
answer as a field of the page's own form.
"""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.accounts.models import Passkey
from mojplin.domain.accounts.passkeys import (
    NameMissing,
    PasskeyRefused,
    add_passkey,
    confirm_with_passkey,
    options_to_add,
    options_to_confirm,
    remove_passkey,
)
from mojplin.domain.accounts.recovery_codes import make_recovery_codes, recovery_codes_left
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, page
from mojplin.interfaces.web.sign_in import set_secret_cookie
from mojplin.interfaces.web.step_up import confirmed_recently, step_up_page
from mojplin.interfaces.web.visitors import safe_next, visit_of

SECRET_LENGTH = 43


class PasskeyForm(OperationForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("So that you know it again, for example My phone."),
        max_length=60,
        error_messages={"required": NameMissing.message},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(
        required=False,
        widget=forms.HiddenInput,
        max_length=20_000,
        error_messages={"max_length": PasskeyRefused.message},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def passkeys(request: HttpRequest) -> HttpResponse:
    now, visit = timezone.now(), visit_of(request)
    if request.method == "POST" and "remove" in request.POST:
        if remove_passkey(public_id=request.POST["remove"], session=request.session, visit=visit, now=now):
            messages.success(request, _("The passkey is removed. All other devices are signed out."))
        return redirect("web:passkeys")
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.carry_out(add_passkey, session=request.session, visit=visit, now=now):
        messages.success(request, _("The passkey is added. All other devices are signed out."))
        return redirect("web:passkeys")
    context = {
        "form": form,
        "form_key": new_form_key(),
        "keys": Passkey.objects.filter(user=request.user)
        .order_by("created_at")
        .values("public_id", "name", "created_at", "last_used_at"),
        "codes_left": recovery_codes_left(request.user),
    }
    return page(request, "web/passkeys/passkeys.html", context, active="more")


@require_POST
@confirmed_recently
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Give the script what the device needs to make a key."""
    return json_text(options_to_add(session=request.session, now=timezone.now()))


@require_POST
def confirm_options(request: HttpRequest) -> HttpResponse:
    """Give the script what the device must sign."""
    return json_text(options_to_confirm(session=request.session, now=timezone.now()))


@require_POST
def confirm_passkey(request: HttpRequest) -> HttpResponse:
    next_path, secret = safe_next(request.POST.get("next", "")), get_random_string(SECRET_LENGTH)
    credential = request.POST.get("credential", "")
    try:
        confirm_with_passkey(credential=credential, session=request.session, new_secret=secret, now=timezone.now())
    except PasskeyRefused as refusal:
        return step_up_page(request, next_path, refusal=refusal)
    response = redirect(next_path or "web:home")
    set_secret_cookie(response, settings.SESSION_COOKIE_NAME, secret)
    return response


@require_POST
@confirmed_recently
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make ten codes and show them this once."""
    codes = make_recovery_codes(user=request.user, visit=visit_of(request), now=timezone.now())
    return page(request, "web/passkeys/codes.html", {"codes": codes, "made_on": timezone.localdate()}, active="more")


def json_text(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
