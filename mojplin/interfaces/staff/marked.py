"""Readings that customers confirmed although they were asked: each beside what was expected; accepted or refused."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mojplin.domain.metering.judging import (
    ROWS,
    STATES,
    accept_reading,
    beside_expected,
    mark_of,
    marked,
    marked_reading,
    refuse_reading,
)
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.office.looking import look_at_reading
from mojplin.foundation.downloads import picture
from mojplin.foundation.idempotency import once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.answer_forms import RefuseForm
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.reading_chart import chart_of

NAMES = {
    "waiting": gettext_lazy("Waiting for the office"),
    "accepted": gettext_lazy("Accepted"),
    "refused": gettext_lazy("Refused"),
}
ACTS: dict[str, tuple[type[OperationForm], Callable[..., None]]] = {
    "accept": (OperationForm, accept_reading),
    "refuse": (RefuseForm, refuse_reading),
}


@staff_only(Role.READER)
@require_safe
def marked_readings(request: HttpRequest) -> HttpResponse:
    """Show those that wait, or those that were judged, the oldest first; whose they are stands on the page of each."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    found = list(marked(state, after=mark_of(request.GET.get("after", ""))))
    address, rows = reverse("staff:marked_readings"), found[:ROWS]
    end = f"{rows[-1].submitted_at.isoformat()}~{rows[-1].pk}" if len(found) > ROWS else ""
    context = {
        "rows": rows,
        "names": NAMES,
        "state": state,
        "today": timezone.localdate(),
        "next_url": f"{address}?{urlencode({'state': state, 'after': end})}" if end else None,
        "first_url": f"{address}?{urlencode({'state': state})}" if request.GET.get("after") else None,
    }
    return page(request, "staff/readings/list.html", context, active="marked")


@staff_only(Role.READER)
@require_safe
def one(request: HttpRequest, reading: str) -> HttpResponse:
    return page_of(request, marked_or_404(reading))


@staff_only(Role.READER)
@require_safe
def photo(request: HttpRequest, reading: str) -> HttpResponse:
    """Show the photo that was sent with the reading, as a part of its page."""
    found = marked_or_404(reading)
    kept = getattr(found, "photo", None)
    if kept is None:
        raise Http404
    shown = picture(kept.path)
    look_at_reading(reading=found, by=request.user, now=timezone.now(), ip=client_ip(request))
    return shown


@staff_only(Role.CLERK)
@require_POST
@once
def judge(request: HttpRequest, reading: str) -> HttpResponse:
    """Accept or refuse a marked reading."""
    found, act = marked_or_404(reading), request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    form_class, operation = ACTS[act]
    form = form_class(request.POST, auto_id=f"{act}_%s")
    known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    if form.carry_out(partial(operation, found), **known):
        messages.success(request, _("Done. The customer sees it beside the reading, and the ERP is told."))
        return redirect("staff:marked_reading", reading=reading)
    return page_of(request, marked_or_404(reading), {act: form})


def page_of(
    request: HttpRequest, found: SubmittedReading, bound: dict[str, OperationForm] | None = None
) -> HttpResponse:
    now = timezone.now()
    look_at_reading(reading=found, by=request.user, now=now, ip=client_ip(request))
    judgement = getattr(found, "judgement", None)
    may_act = judgement is None and found.holds and request.user.may_act_as(Role.CLERK)
    fresh = {act: form(auto_id=f"{act}_%s") for act, (form, _operation) in ACTS.items()} if may_act else {}
    beside = beside_expected(found, today=timezone.localdate(now))
    context = {
        "reading": found,
        "judgement": judgement,
        "asked": beside[-1],
        "chart": chart_of(beside),
        "forms": fresh | (bound or {}),
    }
    return page(request, "staff/readings/one.html", context, active="marked")


def marked_or_404(public_id: str) -> SubmittedReading:
    found = marked_reading(public_id)
    if found is None:
        raise Http404
    return found
