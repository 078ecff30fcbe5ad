"""Closing one's account, and keeping it after all in the 30 days that follow."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.closing import GRACE, close_account, erased_from
from mojplin.domain.accounts.closing import keep_account as keep
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm, page
from mojplin.interfaces.web.step_up import confirmed_recently

STAYS_OPEN = frozenset(
    [
        "web:keep_account", "web:my_data", "web:my_data_file", "web:access_log", "web:step_up", "web:confirm_options",
        "web:confirm_passkey", "web:stay",
    ]
)  # fmt: skip
"""What a person may do while their account is closed, beside the pages open to anybody: keep it, take their data."""


class ClosedAccountMiddleware:
    """Lead whoever signs in to a closed account to the page where they can keep it. Costs no statement."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or request.user.closing_asked_at is None:
            return None
        if not getattr(view, "login_required", True) or request.resolver_match.view_name in STAYS_OPEN:
            return None
        address = reverse("web:keep_account")
        return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


class ClosingForm(OperationForm):
    is_sure = forms.BooleanField(
        label=gettext_lazy("I understand that after 30 days the account cannot be brought back."), required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def close(request: HttpRequest) -> HttpResponse:
    form = ClosingForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and form.carry_out(close_account, by=request.user, now=now, ip=client_ip(request)):
        return redirect("web:account_closed")
    return page(request, "web/profile/close.html", {"form": form, "erased_from": now + GRACE}, active="more")


@login_not_required
@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    """Say goodbye; tells nothing of anybody, so it is open."""
    return render(request, "web/profile/closed.html", {"days": GRACE.days})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def keep_account(request: HttpRequest) -> HttpResponse:
    if request.user.closing_asked_at is None:
        return redirect("web:home")
    if request.method == "POST":
        keep(by=request.user, now=timezone.now(), ip=client_ip(request))
        messages.success(request, _("Your account stays as it was. Welcome back."))
        return redirect("web:home")
    context = {"erased_from": erased_from(request.user), "form_key": new_form_key()}
    return render(request, "web/profile/keep.html", context)
