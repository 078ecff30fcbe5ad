"""The mailed links of a changed e-mail address: agreeing, stopping, undoing. Looking changes nothing.

Every act asks for a tick, for there are mail filters that open every link and press every button.
"""

from typing import Literal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts import email_change
from mojplin.domain.accounts.email_change import AddressTaken, ChangeOver, change_of_link
from mojplin.domain.accounts.models import EmailChange
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm
from mojplin.interfaces.web.visitors import visit_of

State = EmailChange.State
NOT_TICKED = {"required": gettext_lazy("Tick the box, so that we know a person decided.")}


class AgreeForm(OperationForm):
    certain = forms.BooleanField(label=gettext_lazy("Yes, I want to use the new address."), error_messages=NOT_TICKED)


class StopForm(OperationForm):
    certain = forms.BooleanField(label=gettext_lazy("I did not ask for this change."), error_messages=NOT_TICKED)


class UndoForm(OperationForm):
    certain = forms.BooleanField(label=gettext_lazy("I want the former address back."), error_messages=NOT_TICKED)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Agree in the old or in the new mailbox; which one it is, the link says."""
    side: Literal["old", "new"] = "old"
    change = change_of_link("old", token)
    if change is None:
        side, change = "new", change_of_link("new", token)
    if change is None:
        return link_over(request)
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email_change.confirm_change(change=change, side=side, visit=visit_of(request), now=timezone.now())
        except ChangeOver:
            return link_over(request)
        except AddressTaken as refusal:
            return render(request, "web/recovery/address_taken.html", {"refusal": refusal}, status=409)
        return redirect("web:confirm_email", token)
    return confirm_page(request, change, side, token, form)


def confirm_page(
    request: HttpRequest, change: EmailChange, side: Literal["old", "new"], token: str, form: AgreeForm
) -> HttpResponse:
    if change.state == State.DONE:
        return render(request, "web/recovery/email_changed.html", {"change": change})
    if not email_change.is_waiting(change, timezone.now()):
        return link_over(request)
    agreed = change.old_confirmed_at if side == "old" else change.new_confirmed_at
    if agreed:
        return render(request, "web/recovery/email_half.html", {"change": change, "side": side})
    context = {"change": change, "side": side, "token": token, "form": form}
    return render(request, "web/recovery/confirm_email.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def stop_email_change(request: HttpRequest, token: str) -> HttpResponse:
    """Say, in the old mailbox, that one has asked for no change."""
    change = change_of_link("old", token)
    if change is None or not (email_change.is_waiting(change, timezone.now()) or change.state == State.CANCELLED):
        return link_over(request)
    if change.state == State.CANCELLED:
        return render(request, "web/recovery/email_stopped.html")
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email_change.stop_change(change=change, now=timezone.now())
        except ChangeOver:
            return link_over(request)
        return redirect("web:stop_email_change", token)
    return render(request, "web/recovery/stop_email.html", {"form": form, "token": token, "change": change})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def undo_email_change(request: HttpRequest, token: str) -> HttpResponse:
    """Put the former address back, from its mailbox, within 72 hours."""
    change = change_of_link("undo", token)
    if change is not None and change.state == State.UNDONE:
        return render(request, "web/recovery/email_undone.html", {"change": change})
    if change is None or not email_change.may_be_undone(change, timezone.now()):
        return link_over(request)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email_change.undo_change(change=change, visit=visit_of(request), now=timezone.now())
        except ChangeOver:
            return link_over(request)
        except AddressTaken as refusal:
            return render(request, "web/recovery/address_taken.html", {"refusal": refusal}, status=409)
        return redirect("web:undo_email_change", token)
    return render(request, "web/recovery/undo_email.html", {"form": form, "change": change})


def link_over(request: HttpRequest) -> HttpResponse:
    return render(request, "web/recovery/email_link_over.html", status=410)
