"""Who cannot get in: a forgotten password, a forgotten username. Every question gets one answer, whoever asks."""

from typing import Any

import structlog
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.models import PasswordReset
from mojplin.domain.accounts.names import BadEmail
from mojplin.domain.accounts.passwords import PasswordTooShort
from mojplin.domain.accounts.recovery import (
    ResetOver,
    WrongProof,
    ask_for_password,
    ask_for_username,
    is_open,
    reset_of_link,
    set_forgotten_password,
)
from mojplin.domain.accounts.recovery_codes import recovery_codes_left
from mojplin.domain.linking.access import payer_numbers_of
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm
from mojplin.interfaces.web.visitors import visit_of

TYPED_AS_IS = {"autocapitalize": "none", "spellcheck": "false"}
log = structlog.get_logger(__name__)


class ForgotPasswordForm(OperationForm):
    identifier = forms.CharField(
        label=gettext_lazy("Username or e-mail address"),
        error_messages={"required": gettext_lazy("Enter your username or your e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "username"} | TYPED_AS_IS),
    )


class ForgotUsernameForm(OperationForm):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address with which you registered."),
        error_messages={"required": BadEmail.message},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"} | TYPED_AS_IS),
    )


class NewPasswordForm(OperationForm):
    proof = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 12 characters. Three or four random words are easiest to remember."),
        error_messages={"required": PasswordTooShort.message},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, has_number: bool, has_codes: bool, **kwargs: Any) -> None:
        """Ask for what the user has: the payer number of a linked supply point, codes on paper, or either."""
        super().__init__(*args, **kwargs)
        proof = self.fields["proof"]
        number_hint = _("It stands on every invoice for your gas. So a stranger in your mailbox cannot get in.")
        code_hint = _("One of the ten codes you have kept. So a stranger in your mailbox cannot get in.")
        if not has_codes:
            proof.label, proof.help_text = _("Payer number"), number_hint
        elif not has_number:
            proof.label, proof.help_text = _("Recovery code"), code_hint
        else:
            proof.label, proof.help_text = _("Payer number or recovery code"), number_hint
        proof.error_messages["required"] = WrongProof.message


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def forgot_password(request: HttpRequest) -> HttpResponse:
    form = ForgotPasswordForm(request.POST or None)
    known = {"language": get_language(), "ip": client_ip(request), "now": timezone.now()}
    if request.method == "POST" and form.carry_out(ask_for_password, **known):
        return redirect("web:forgot_password_sent")
    return render(request, "web/recovery/forgot_password.html", {"form": form})


@login_not_required
@require_safe
def forgot_password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "web/recovery/sent.html", {"again": "web:forgot_password", "has_link": True})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def forgot_username(request: HttpRequest) -> HttpResponse:
    form = ForgotUsernameForm(request.POST or None)
    known = {"language": get_language(), "ip": client_ip(request), "now": timezone.now()}
    if request.method == "POST" and form.carry_out(ask_for_username, **known):
        return redirect("web:forgot_username_sent")
    return render(request, "web/recovery/forgot_username.html", {"form": form})


@login_not_required
@require_safe
def forgot_username_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "web/recovery/sent.html", {"again": "web:forgot_username", "has_link": False})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: looking changes nothing, the form sets the password once and signs nobody in."""
    now, reset = timezone.now(), reset_of_link(token)
    if reset is None or not is_open(reset, now):
        return link_over(request, reset)
    payer_numbers = payer_numbers_of(reset.user_id)
    has_codes = recovery_codes_left(reset.user) > 0
    if not payer_numbers and not has_codes:
        log.warning("password_reset_needs_office", user=reset.user_id)
        return render(request, "web/recovery/office.html")
    form = NewPasswordForm(request.POST or None, has_number=bool(payer_numbers), has_codes=has_codes)
    known = {"reset": reset, "payer_numbers": payer_numbers, "visit": visit_of(request), "now": now}
    if request.method == "POST" and form.carry_out(set_forgotten_password, **known):
        messages.success(request, _("The new password is set. Sign in with it."))
        return redirect("web:sign_in")
    if isinstance(form.refusal, ResetOver):
        reset.refresh_from_db()
        return link_over(request, reset)
    context = {"form": form, "username": reset.user.username}
    return render(request, "web/recovery/new_password.html", context)


def link_over(request: HttpRequest, reset: PasswordReset | None) -> HttpResponse:
    """Say why the link opens nothing: used, or too old; one that never was looks too old."""
    used = reset is not None and reset.state == PasswordReset.State.USED
    return render(request, "web/recovery/link_over.html", {"used": used}, status=410)
