"""Changing what one signs in with, from the profile: the password, the e-mail address."""

import hashlib
import hmac

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.email_change import ask_to_change_email, cancel_change, held_until, waiting_change
from mojplin.domain.accounts.names import BadEmail
from mojplin.domain.accounts.password_change import WrongPassword
from mojplin.domain.accounts.password_change import change_password as change_password_of
from mojplin.domain.accounts.passwords import PasswordTooShort
from mojplin.foundation.idempotency import FIELD, new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, page
from mojplin.interfaces.web.sign_in import set_secret_cookie
from mojplin.interfaces.web.step_up import confirmed_recently
from mojplin.interfaces.web.visitors import visit_of


class PasswordChangeForm(OperationForm):
    current_password = forms.CharField(
        label=gettext_lazy("Present password"),
        error_messages={"required": WrongPassword.message},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 12 characters. Three or four random words are easiest to remember."),
        error_messages={"required": PasswordTooShort.message},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class EmailChangeForm(OperationForm):
    email = forms.CharField(
        label=gettext_lazy("New e-mail address"),
        help_text=gettext_lazy("We send a message to the present and to the new address; you agree in both."),
        error_messages={"required": BadEmail.message},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def change_password(request: HttpRequest) -> HttpResponse:
    response = change_password_once(request)
    if request.method == "POST" and response.status_code == 302:
        # Also when the form was sent twice: the answer is remembered without its cookie.
        set_secret_cookie(response, settings.SESSION_COOKIE_NAME, next_secret(request))
    return response


@once
def change_password_once(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request.POST or None)
    known = {
        "by": request.user,
        "session": request.session,
        "new_secret": next_secret(request),
        "visit": visit_of(request),
        "now": timezone.now(),
    }
    if request.method == "POST" and form.carry_out(change_password_of, **known):
        messages.success(request, _("The password is changed. All other devices are signed out."))
        return redirect("web:profile")
    return page(request, "web/recovery/change_password.html", {"form": form}, active="more")


def next_secret(request: HttpRequest) -> str:
    """Return the secret the session goes on with: the same for every click on one form, unknown without the present."""
    present = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    text = f"session after {present} {request.POST.get(FIELD, '')}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def change_email(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST" and "cancel" in request.POST:
        cancel_change(user=request.user)
        messages.success(request, _("The change is cancelled. Your address stays as it is."))
        return redirect("web:change_email")
    form = EmailChangeForm(request.POST or None)
    known = {"by": request.user, "visit": visit_of(request), "now": now}
    if request.method == "POST" and form.carry_out(ask_to_change_email, **known):
        return redirect("web:change_email")
    context = {
        "form": form,
        "cancel_key": new_form_key(),
        "change": waiting_change(user=request.user, now=now),
        "held_until": held_until(request.user, now),
    }
    return page(request, "web/recovery/change_email.html", context, active="more")
