"""The second factor at the door of the office: set up at the first sign-in, shown at every one, renewed when it is old.

These pages stand before the office: a session that has not shown the second factor opens these alone.
"""

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from mojplin.domain.accounts.models import Passkey
from mojplin.domain.accounts.passkeys import options_to_add, options_to_confirm
from mojplin.domain.accounts.recovery_codes import make_recovery_codes
from mojplin.domain.accounts.second_factor import (
    Factors,
    Setup,
    begin_app,
    factors_of,
    set_up_app,
    set_up_passkey,
    show_code,
    show_passkey,
)
from mojplin.foundation.errors import Refused
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, keep_session, page, shown_recently, staff_only, visit_of

SECRET_LENGTH = 43
PASSKEY_IDS = "passkey_%s"
"""Two forms stand on one page."""
View = Callable[..., HttpResponse]


class CodeForm(OperationForm):
    code = forms.CharField(
        label=gettext_lazy("Code from the app"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the code.")},
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "input input--num",
            }
        ),
    )


class PasskeyForm(OperationForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("So that you know it again, for example My phone."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)


def at_the_door(view: View) -> View:
    """Mark a page that a session may open before it has shown the second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


@at_the_door
@staff_only(Role.READER)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; whoever has none is led through setting one up."""
    factors = factors_of(request.user)
    if not factors.is_set_up:
        return set_up_at_the_door(request)
    form, secret = CodeForm(request.POST or None), new_secret()
    known = {"session": request.session, "new_secret": secret, "ip": client_ip(request), "now": timezone.now()}
    if request.method == "POST" and form.carry_out(show_code, **known):
        return let_in(request, secret)
    return ask_page(request, factors, form)


def set_up_at_the_door(request: HttpRequest) -> HttpResponse:
    form, secret = CodeForm(request.POST or None), new_secret()
    if request.method == "POST" and form.carry_out(set_up_app, **known_of(request, secret)):
        return let_in_for_the_first_time(request, secret)
    return set_up_page(request, form, PasskeyForm(auto_id=PASSKEY_IDS))


@at_the_door
@staff_only(Role.READER)
@require_POST
def second_factor_passkey(request: HttpRequest) -> HttpResponse:
    """Show the second factor by a passkey; whoever has none at all keeps this one as theirs."""
    factors, secret = factors_of(request.user), new_secret()
    if not factors.is_set_up:
        form = PasskeyForm(request.POST, auto_id=PASSKEY_IDS)
        if form.carry_out(set_up_passkey, **known_of(request, secret)):
            return let_in_for_the_first_time(request, secret)
        return set_up_page(request, CodeForm(), form)
    credential = request.POST.get("credential", "")
    try:
        show_passkey(session=request.session, credential=credential, new_secret=secret, now=timezone.now())
    except Refused as refusal:
        return ask_page(request, factors, CodeForm(), refusal=refusal)
    return let_in(request, secret)


@at_the_door
@staff_only(Role.READER)
@require_POST
def second_factor_options(request: HttpRequest) -> HttpResponse:
    """Give the script what the device must sign, or needs to make a first key."""
    has_keys = Passkey.objects.filter(user=request.user).exists()
    options = options_to_confirm if has_keys else options_to_add
    text = options(session=request.session, now=timezone.now())
    return HttpResponse(text, content_type="application/json")


@staff_only(Role.READER)
@require_safe
def own_sign_in(request: HttpRequest) -> HttpResponse:
    """What the person signs in with, and what to do about it."""
    return page(request, "staff/second_factor/own.html", {"factors": factors_of(request.user)}, active="own")


@staff_only(Role.READER)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
def another_app(request: HttpRequest) -> HttpResponse:
    """Set up an app, which takes the place of an earlier one."""
    form, secret = CodeForm(request.POST or None), new_secret()
    if request.method == "POST" and form.carry_out(set_up_app, **known_of(request, secret)):
        messages.success(request, _("The app is set up. All other devices are signed out."))
        return keep_session(redirect("staff:own_sign_in"), secret)
    return page(request, "staff/second_factor/another_app.html", app_shown(request) | {"form": form}, active="own")


@staff_only(Role.READER)
@shown_recently
@require_POST
def paper_codes(request: HttpRequest) -> HttpResponse:
    """Make ten codes and show them this once."""
    codes = make_recovery_codes(user=request.user, visit=visit_of(request), now=timezone.now())
    context = {"codes": codes, "made_on": timezone.localdate()}
    return page(request, "staff/second_factor/paper_codes.html", context, active="own")


def ask_page(request: HttpRequest, factors: Factors, form: CodeForm, *, refusal: Refused | None = None) -> HttpResponse:
    context = {"form": form, "factors": factors, "next_path": next_of(request), "refusal": refusal}
    return page(request, "staff/second_factor/ask.html", context)


def set_up_page(request: HttpRequest, form: CodeForm, passkey_form: PasskeyForm) -> HttpResponse:
    context = app_shown(request) | {"form": form, "passkey_form": passkey_form, "next_path": next_of(request)}
    return page(request, "staff/second_factor/set_up.html", context)


def app_shown(request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows for the app: the secret in groups of four, and the same as a QR code."""
    setup = begin_app(session=request.session, now=timezone.now())
    groups = [setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4)]
    return {"secret_groups": groups, "code_picture": picture_of(setup)}


def picture_of(setup: Setup) -> Markup:
    code = segno.make(setup.address, error="m", micro=False)
    drawn = code.svg_inline(scale=1, omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704  # drawn by our own code; holds numbers alone


def known_of(request: HttpRequest, secret: str) -> dict[str, Any]:
    return {"session": request.session, "new_secret": secret, "visit": visit_of(request), "now": timezone.now()}


def let_in(request: HttpRequest, secret: str) -> HttpResponse:
    return keep_session(redirect(next_of(request) or "staff:office"), secret)


def let_in_for_the_first_time(request: HttpRequest, secret: str) -> HttpResponse:
    messages.success(request, _("The second factor is set up. Make recovery codes now, in case you lose the phone."))
    return keep_session(redirect("staff:own_sign_in"), secret)


def next_of(request: HttpRequest) -> str:
    """Return the page of this portal to go on to, or ""."""
    path = (request.POST.get("next") or request.GET.get("next", ""))[:200]
    is_local = path.startswith("/") and path.isprintable() and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_local else ""


def new_secret() -> str:
    return get_random_string(SECRET_LENGTH)
