"""Taking a place over by the link of a mail, with or without an account: confirm, or say another day or reading.

Opening the link changes nothing, and shows what is handed over: no money, no history, nobody's name.
"""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mojplin.domain.moving.links import OpenedMove, opened_move
from mojplin.domain.moving.taking_over import confirm, say_otherwise
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm, today
from mojplin.interfaces.web.hand_over_fields import DayAndReading, reading_context


class PersonFields(forms.Form):
    """Who takes over, for the supplier alone."""

    name = forms.CharField(
        label=_("Who will pay for the gas?"),
        help_text=_("Name and surname, or the name of the firm. Only the supplier reads it."),
        max_length=140,
        error_messages={"required": _("Write the name of whoever will pay for the gas.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("If the supplier has a question about the new contract."),
        required=False,
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )


class ConfirmForm(PersonFields, OperationForm):
    pass


class OtherwiseForm(PersonFields, DayAndReading):
    field_order = ("moves_on", "typed", "name", "phone")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def taking_over(request: HttpRequest, token: str) -> HttpResponse:
    opened = opened_move(token, now=timezone.now())
    if opened is None:
        return over(request)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST":
        if not opened.may_answer:
            return redirect("web:taking_over", token=token)
        if form.carry_out(confirm, move=opened.move, now=timezone.now(), ip=client_ip(request)):
            return redirect("web:taking_over", token=token)
    return render(request, "web/moving/taking_over.html", context_of(opened, token) | {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def taking_over_otherwise(request: HttpRequest, token: str) -> HttpResponse:
    opened = opened_move(token, now=timezone.now())
    if opened is None:
        return over(request)
    if not opened.may_answer:
        return redirect("web:taking_over", token=token)
    point = opened.move.supply_point
    form = OtherwiseForm(request.POST or None, point=point, initial={"moves_on": opened.move.moves_on})
    known = {"move": opened.move, "today": today(), "now": timezone.now(), "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(say_otherwise, **known):
        return redirect("web:taking_over", token=token)
    context = context_of(opened, token) | {"form": form, **reading_context(form, point)}
    return render(request, "web/moving/otherwise.html", context)


def over(request: HttpRequest) -> HttpResponse:
    return render(request, "web/moving/link_over.html", status=410)


def context_of(opened: OpenedMove, token: str) -> dict[str, object]:
    return {
        "move": opened.move,
        "may_answer": opened.may_answer,
        "token": token,
        "reason": opened.move.supplier_note(),
    }
