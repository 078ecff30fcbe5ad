"""Meter readings: send one, look again at an odd one, and see that it has arrived."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.metering import plausibility
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.operations import current_meters, submit_reading
from mojplin.domain.metering.photos import takes_photo
from mojplin.domain.metering.reading_parser import TooManyDigits
from mojplin.domain.metering.window import ReadingWindow, reading_window, window_of_month
from mojplin.domain.supply.models import Meter, SupplyPoint
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.charts import month_strip
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, OperationForm, allow, own_place, page, today
from mojplin.interfaces.web.gauge import gauge_page

RECENT_READINGS = 6
RED_DIGITS_DRAWN = 3


class ReadingForm(OperationForm):
    """One field to type in; a button may name the exact counter chosen or confirmed instead."""

    typed = forms.CharField(label=gettext_lazy("Enter the black digits, not the red ones"), required=False)
    exact_m3 = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)
    confirmed_m3 = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        confirmed_m3, exact_m3 = given.pop("confirmed_m3", None), given.pop("exact_m3", None)
        is_confirmed = confirmed_m3 is not None
        return given | {"exact_m3": confirmed_m3 if is_confirmed else exact_m3, "is_confirmed": is_confirmed}


@own_place
@once
def readings(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        allow(place.may_submit_readings)
    elif place.kind == SupplyPoint.Kind.BULK:
        return gauge_page(request, place)
    day = today()
    window = reading_window(day, place.window_days)
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        submit_reading,
        point=place.to_read,
        read_on=day,
        by=request.user,
        today=day,
        now=timezone.now(),
    ):
        if form.result.dropped:
            messages.info(request, _("Decimals are not needed, so we left them out."))
        return redirect("web:reading_sent", public_id=form.result.reading.public_id)
    return _readings_page(request, place, form, window)


def _readings_page(request: HttpRequest, place: Place, form: ReadingForm, window: ReadingWindow) -> HttpResponse:
    meter = current_meters(place.supply_point_id).first() if place.has_meter else None
    context: dict[str, Any] = {"form": form, "window": window, "meter": meter, "recent": [], "sent": None}
    if meter:
        context |= _meter_context(place, meter, window) | _drawing(meter)
        if meter.decimals:
            form.fields["typed"].label = _("Enter the counter with its decimals after a comma")
    if isinstance(form.refusal, plausibility.ReadingQuestion | TooManyDigits):
        context["question"], context["kind"] = form.refusal.places, type(form.refusal).__name__
        context["sentence"] = str(form.refusal)
        return page(request, "web/readings/check.html", context, active="readings")
    context["strip"] = month_strip(window.opens_on, window.closes_on, today())
    return page(request, "web/readings/readings.html", context, active="readings")


def _meter_context(place: Place, meter: Meter, window: ReadingWindow) -> dict[str, Any]:
    known = plausibility.known_readings(place.supply_point_id, place.payer_id)
    sent = plausibility.sent_readings(place.supply_point_id, place.payer_id)
    before = _before(meter, known, sent, window)
    this_month = [each for each in sent if each.holds and each.month == window.month and each.meter_id == meter.pk]
    return {"before": before, "recent": known[:RECENT_READINGS], "sent": this_month[0] if this_month else None}


def _before(
    meter: Meter, known: list[plausibility.KnownReading], sent: list[SubmittedReading], window: ReadingWindow
) -> plausibility.Before:
    return plausibility.before(
        meter_id=meter.pk,
        installed=(meter.installed_on, meter.initial_value_m3),
        known=known,
        sent=sent,
        month=window.month,
        closes_on=window.closes_on,
    )


def _drawing(meter: Meter) -> dict[str, int]:
    """Return how many cells the counter is drawn with: red ones only where no decimals are asked."""
    if meter.decimals:
        return {"cells": min(8, meter.digits + 1 + meter.decimals), "red_cells": 0}
    return {"cells": meter.digits, "red_cells": RED_DIGITS_DRAWN}


@require_safe
def reading_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    """The receipt of one version; it says so when a later one holds."""
    reading = SubmittedReading.objects.select_related("meter", "photo").filter(public_id=public_id).first()
    places = places_of(request.user.pk)
    place = next((each for each in places if reading and _is_of(reading, each)), None)
    if reading is None or place is None:
        raise Http404
    request.places, request.place = places[:PLACES_IN_SWITCHER], place
    window = window_of_month(reading.month, place.window_days, today())
    known = plausibility.known_readings(reading.supply_point_id, reading.payer_id)
    sent = plausibility.sent_readings(reading.supply_point_id, reading.payer_id)
    newest = next(each for each in sent if each.month == reading.month and each.meter_id == reading.meter_id)
    context = {
        "reading": reading,
        "newest": newest if newest.version > reading.version else None,
        "before": _before(reading.meter, known, sent, window),
        "window": window,
        "may_correct": place.may_submit_readings and today() <= window.closes_on,
        "photo": getattr(reading, "photo", None),
        "may_add_photo": place.may_submit_readings and takes_photo(reading, today()),
        "next_place": _still_to_read(places, reading),
    }
    return page(request, "web/readings/sent.html", context, active="readings")


def _is_of(reading: SubmittedReading, place: Place) -> bool:
    return (reading.supply_point_id, reading.payer_id) == (place.supply_point_id, place.payer_id)


def _still_to_read(places: list[Place], reading: SubmittedReading) -> Place | None:
    """Return the first other place with a meter for which nothing was sent in this month."""
    readable = [each for each in places if each.has_meter and each.may_submit_readings]
    others = [each for each in readable if each.supply_point_id != reading.supply_point_id]
    if not others:
        return None
    points = [each.supply_point_id for each in others]
    rows = SubmittedReading.objects.filter(supply_point_id__in=points, month=reading.month)
    done = set(rows.values_list("supply_point_id", "payer_id"))
    return next((each for each in others if (each.supply_point_id, each.payer_id) not in done), None)
