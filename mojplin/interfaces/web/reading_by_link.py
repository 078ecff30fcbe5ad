"""A reading straight from the reminder, without signing in: it can be sent, and nothing can be seen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mojplin.domain.linking.reading_links import OpenedReading, opened_reading
from mojplin.domain.metering.exchange import report_exchange
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.operations import submit_reading
from mojplin.domain.metering.plausibility import ReadingQuestion, cubic_metres
from mojplin.domain.metering.reading_parser import TooManyDigits
from mojplin.domain.metering.taking import current_meters
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import today
from mojplin.interfaces.web.reading_receipts import ExchangeForm
from mojplin.interfaces.web.readings import ReadingForm, drawing, question_context


@login_not_required
@once
def read_by_link(request: HttpRequest, token: str) -> HttpResponse:
    day = today()
    opened = opened_reading(token, today=day)
    if opened is None:
        return render(request, "web/readings/link_over.html", status=410)
    form = ReadingForm(_typed_only(request))
    if request.method == "POST" and form.carry_out(
        submit_reading,
        point=opened.place.to_read,
        read_on=day,
        by=opened.user,
        today=day,
        now=timezone.now(),
        way=SubmittedReading.Way.REMINDER,
    ):
        value = cubic_metres(form.result.reading.value_m3)
        messages.success(request, _("Thank you, we have the reading %(value)s.") % {"value": value})
        return redirect("web:read_by_link", token=token)
    return _page(request, token, opened, form)


@login_not_required
@once
def exchanged_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The meter was exchanged, as in the portal: what is written is taken, and nothing is shown."""
    day = today()
    opened = opened_reading(token, today=day)
    if opened is None:
        return render(request, "web/readings/link_over.html", status=410)
    form = ExchangeForm(request.POST or None, initial={"typed": request.GET.get("typed", "")[:20], "exchanged_on": day})
    if request.method == "POST" and form.carry_out(
        report_exchange,
        point=opened.place.to_read,
        by=opened.user,
        today=day,
        now=timezone.now(),
        way=SubmittedReading.Way.REMINDER,
    ):
        messages.success(request, _("Thank you, we have the counters of both meters and will check them."))
        return redirect("web:read_by_link", token=token)
    context = {"form": form, "place": opened.place, "token": token}
    return render(request, "web/readings/exchanged_by_link.html", context)


def _typed_only(request: HttpRequest) -> Any:
    """Return what was sent, without the wish to be informative: the link is good within the window alone."""
    if request.method != "POST":
        return None
    given = request.POST.copy()
    given.pop("as_informative", None)
    return given


def _page(request: HttpRequest, token: str, opened: OpenedReading, form: ReadingForm) -> HttpResponse:
    place, window = opened.place, opened.window
    meter = current_meters(place.supply_point_id).first()
    if meter and meter.decimals:
        form.fields["typed"].label = _("Enter the counter with its decimals after a comma")
    sent = SubmittedReading.objects.that_hold().filter(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    context: dict[str, Any] = {"form": form, "place": place, "window": window, "meter": meter, "kind": ""}
    context["token"] = token
    context["has_come"] = sent.filter(month=window.month).exists()
    if meter:
        context |= drawing(meter)
    if isinstance(form.refusal, ReadingQuestion | TooManyDigits):
        context |= question_context(form)
    return render(request, "web/readings/by_link.html", context)
