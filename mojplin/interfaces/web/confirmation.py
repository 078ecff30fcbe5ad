"""The link in the sign-in mail: looking changes nothing, a button confirms; elsewhere only with the tab's number.

These pages keep the portal's referrer policy: under "no-referrer" a browser posts with `Origin: null`, which the check
against forged forms refuses; and they link to nobody outside.
"""

import hmac
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.confirmation import (
    MAILS_PER_SIGN_IN,
    LinkOver,
    NumberMissing,
    approve_by_number,
    approve_in_same_browser,
    pending_of_link,
)
from mojplin.domain.accounts.confirmation import (
    deny as deny_sign_in,
)
from mojplin.domain.accounts.models import PendingLogin
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import SignInOver
from mojplin.interfaces.web.doors import OperationForm
from mojplin.interfaces.web.sign_in import pending_of, secret_of, signed_in

State = PendingLogin.State


class NumberForm(OperationForm):
    number = forms.CharField(
        label=gettext_lazy("Number from the waiting page"),
        help_text=gettext_lazy("Two digits. They stand on the page where you typed the password."),
        error_messages={"required": NumberMissing.message},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class DenyForm(OperationForm):
    certain = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box, so that we know a person decided.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"portal": settings.SUPPLIER["portal_name"]}
        self.fields["certain"].label = gettext("I am not signing in to %(portal)s.") % named


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    pending = pending_of_link(token=token, now=timezone.now())
    if pending is None or pending.state in (State.DENIED, State.DEAD):
        return link_over(request)
    if pending.state == State.USED:
        return render(request, "web/sign_in/already.html")
    here = is_same_browser(request, pending)
    if request.method == "POST":
        return confirm_here(request, pending) if here else confirm_elsewhere(request, pending, token)
    if here:
        return render(request, "web/sign_in/confirm_here.html", {"pending": pending, "token": token})
    return confirm_page(request, pending, token, NumberForm())


def confirm_here(request: HttpRequest, pending: PendingLogin) -> HttpResponse:
    try:
        approve_in_same_browser(pending=pending, now=timezone.now())
        return signed_in(request, pending)
    except (LinkOver, SignInOver) as refusal:
        messages.error(request, str(refusal))
        return redirect("web:sign_in")


def confirm_elsewhere(request: HttpRequest, pending: PendingLogin, token: str) -> HttpResponse:
    """Confirm for the waiting tab of another browser; this one is not signed in."""
    form = NumberForm(request.POST)
    if form.carry_out(approve_by_number, pending=pending, now=timezone.now()):
        return render(request, "web/sign_in/confirmed_elsewhere.html")
    pending.refresh_from_db()
    if pending.state in (State.DENIED, State.DEAD):
        return link_over(request)
    return confirm_page(request, pending, token, form, status=400)


def confirm_page(
    request: HttpRequest, pending: PendingLogin, token: str, form: NumberForm, *, status: int = 200
) -> HttpResponse:
    """Show what is known of the sign-in and ask for the number; say so when somebody else is signed in here."""
    if pending.state in (State.APPROVED, State.USED):
        return render(request, "web/sign_in/already.html")
    other = request.user.is_authenticated and request.user.pk != pending.user_id
    context = {"form": form, "pending": pending, "token": token, "signed_in_as": request.user.username if other else ""}
    return render(request, "web/sign_in/confirm_elsewhere.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def deny(request: HttpRequest, token: str) -> HttpResponse:
    """End a sign-in that is not the owner's; asks once more, for there are mail filters that press every button."""
    pending = pending_of_link(token=token, now=timezone.now())
    if pending is None or pending.state not in (State.WAITING, State.APPROVED):
        return link_over(request)
    form = DenyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deny_sign_in(pending=pending, now=timezone.now())
        return render(request, "web/sign_in/denied.html")
    return render(request, "web/sign_in/deny.html", {"form": form, "token": token})


def is_same_browser(request: HttpRequest, pending: PendingLogin) -> bool:
    """Return whether this browser typed the password; one in which somebody else is signed in counts as another."""
    if request.user.is_authenticated and request.user.pk != pending.user_id:
        return False
    return hmac.compare_digest(pending.browser_hash, secret_hash(secret_of(request)))


def link_over(request: HttpRequest) -> HttpResponse:
    waits = pending_of(request, timezone.now())
    here = waits is not None and waits.state == State.WAITING
    context = {"may_resend": here and waits.mails_asked < MAILS_PER_SIGN_IN}
    return render(request, "web/sign_in/link_over.html", context, status=410)
