"""What waits for the supplier's answer: one list of orders, renewals and requests, and a page of each to answer on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mojplin.domain.accounts.office_answers import LONGEST_REASON, AnswerReasonMissing
from mojplin.domain.billing.answering import accept_request, refuse_request
from mojplin.domain.contracts.answering import accept_renewal, refuse_renewal
from mojplin.domain.moving.answering import SideMissing, decide, refuse, settle_alone, take_over
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.office.asked import AGES_DAYS, KINDS, STATES, Asked, asked_for, asked_numbered, mark_from
from mojplin.domain.office.looking import look_at_asked
from mojplin.domain.orders.answering import plan_order, refuse_order
from mojplin.foundation.idempotency import once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.answer_forms import RefuseForm
from mojplin.interfaces.staff.doors import Role, page, staff_only

ANSWERED_AS = {"refill": "orders", "cylinders": "orders", "renewal": "renewals", "move": "moves"}
"""Which setting says who answers a kind; all others are `requests`."""


class PlanForm(OperationForm):
    """The days between which the driver comes."""

    planned_from = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Choose the day of the delivery.")},
    )
    planned_until = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Leave it empty when the day is certain."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class DecideForm(OperationForm):
    """Whose day and reading hold, where the two sides of a hand-over disagree, and why."""

    holds = forms.ChoiceField(
        label=gettext_lazy("What holds?"),
        choices=[
            ("giver", gettext_lazy("Day and reading of the side that moves out")),
            ("taker", gettext_lazy("Day and reading of the side that takes over")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": SideMissing.message},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Both sides read it word for word."),
        max_length=LONGEST_REASON,
        error_messages={"required": AnswerReasonMissing.message},
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


Acts = dict[str, tuple[type[OperationForm], Callable[..., None]]]
OF_ORDERS: Acts = {"plan": (PlanForm, plan_order), "refuse": (RefuseForm, refuse_order)}
OF_RENEWALS: Acts = {"accept": (OperationForm, accept_renewal), "refuse": (RefuseForm, refuse_renewal)}
OF_REQUESTS: Acts = {"accept": (OperationForm, accept_request), "refuse": (RefuseForm, refuse_request)}
REFUSES_MOVE: Acts = {"refuse": (RefuseForm, refuse)}
OF_MOVES: dict[str, Acts] = {
    MoveOut.State.PLANNED: REFUSES_MOVE,
    MoveOut.State.ANNOUNCED: {"alone": (OperationForm, settle_alone)} | REFUSES_MOVE,
    MoveOut.State.WAITING: REFUSES_MOVE,
    MoveOut.State.DISPUTED: {"decide": (DecideForm, decide)} | REFUSES_MOVE,
    MoveOut.State.AGREED: {"take_over": (OperationForm, take_over)} | REFUSES_MOVE,
}
ACTS = {"refill": OF_ORDERS, "cylinders": OF_ORDERS, "renewal": OF_RENEWALS}


@staff_only(Role.READER)
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Show what was asked for, oldest first; the filters stand in the address."""
    kind, state, days = (request.GET.get(name, "") for name in ("kind", "state", "days"))
    chosen = {
        "kind": kind if kind in KINDS else "",
        "state": state if state in STATES or state == "all" else "waiting",
        "days": days if days in map(str, AGES_DAYS) else "",
    }
    now = timezone.now()
    rows, end = asked_for(
        kinds=[chosen["kind"]] if chosen["kind"] else list(KINDS),
        state="" if chosen["state"] == "all" else chosen["state"],
        older_than_days=int(chosen["days"] or 0),
        after=mark_from(request.GET.get("after", "")),
        now=now,
    )
    address = reverse("staff:asked")
    context = {
        "rows": rows,
        "kinds": KINDS,
        "states": STATES,
        "ages": AGES_DAYS,
        "chosen": chosen,
        "today": timezone.localdate(now),
        "next_url": f"{address}?{urlencode(chosen | {'after': str(end)})}" if end else None,
        "first_url": f"{address}?{urlencode(chosen)}" if request.GET.get("after") else None,
    }
    return page(request, "staff/asked/list.html", context, active="asked")


@staff_only(Role.READER)
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show what a customer sent; everybody who sees the payer reads that it was looked at."""
    return page_of(request, asked_or_404(number))


@staff_only(Role.CLERK)
@require_POST
@once
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Plan, accept or refuse it, where the office is the one that answers."""
    found = asked_or_404(number)
    act = request.POST.get("act", "")
    if not office_answers(found) or act not in acts_of(found):
        raise Http404
    form_class, operation = acts_of(found)[act]
    form = form_class(request.POST, auto_id=f"{act}_%s")
    known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    if form.carry_out(partial(operation, found.thing), **known):
        messages.success(request, _("Done. The customer sees it in the portal, and the ERP is told."))
        return redirect("staff:asked_one", number=number)
    return page_of(request, asked_or_404(number), {act: form})


def page_of(request: HttpRequest, found: Asked, bound: dict[str, OperationForm] | None = None) -> HttpResponse:
    now = timezone.now()
    look_at_asked(asked=found, by=request.user, now=now, ip=client_ip(request))
    is_open = found.state != "done" and office_answers(found)
    may_act = is_open and request.user.may_act_as(Role.CLERK)
    shown = {"seen": found.thing.version} if found.kind == "move" else {}
    fresh = (
        {act: form(auto_id=f"{act}_%s", initial=shown) for act, (form, _operation) in acts_of(found).items()}
        if may_act
        else {}
    )
    context = {
        "found": found,
        "thing": found.thing,
        "kind": KINDS[found.kind],
        "lines": list(found.thing.lines.all()) if found.kind == "cylinders" else [],
        "parts": instalments_of(found),
        "office_answers": office_answers(found),
        "forms": fresh | (bound or {}),
    }
    return page(request, "staff/asked/one.html", context, active="asked")


def instalments_of(found: Asked) -> list[tuple[date, Decimal]]:
    if found.kind != "instalments":
        return []
    return [(date.fromisoformat(day), Decimal(amount)) for day, amount in found.thing.instalments]


def asked_or_404(number: str) -> Asked:
    found = asked_numbered(number)
    if found is None:
        raise Http404
    return found


def acts_of(found: Asked) -> Acts:
    if found.kind == "move":
        return OF_MOVES.get(found.thing.state, {})
    return ACTS.get(found.kind, OF_REQUESTS)


def office_answers(found: Asked) -> bool:
    """Return whether the office is the one that answers; of a hand-over that is not agreed the ERP knows nothing."""
    if found.kind == "move" and found.thing.may_change:
        return True
    return ANSWERED_AS.get(found.kind, "requests") in settings.OFFICE_ANSWERS
