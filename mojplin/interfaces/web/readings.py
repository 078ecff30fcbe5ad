"""Meter readings: send one, see how it is understood, and look again at an odd one."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.price_list import dated_energy
from mojplin.domain.linking.access import Place
from mojplin.domain.metering import known as what_is_known
from mojplin.domain.metering.gas_units import gas_units
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.operations import submit_reading
from mojplin.domain.metering.plausibility import Judge, ReadingQuestion
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.reading_parser import TooManyDigits
from mojplin.domain.metering.taking import counter, current_meters
from mojplin.domain.metering.temperatures import climate_of
from mojplin.domain.metering.window import ReadingWindow, reading_window
from mojplin.domain.supply.models import Meter, SupplyPoint
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.charts import month_strip
from mojplin.interfaces.web.doors import OperationForm, allow, own_place, page, today
from mojplin.interfaces.web.gauge import gauge_page
from mojplin.interfaces.web.reading_table import places_to_read

RECENT_READINGS = 6
RED_DIGITS_DRAWN = 3
LOOK = "look"
"""What the button sends by which a browser without scripts asks how a reading is understood; nothing is taken."""


class ReadingForm(OperationForm):
    """One field to type in; a button may name the exact counter chosen or confirmed instead."""

    typed = forms.CharField(label=gettext_lazy("Enter the black digits, not the red ones"), required=False)
    exact_m3 = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)
    confirmed_m3 = forms.DecimalField(required=False, max_digits=12, decimal_places=3, widget=forms.HiddenInput)
    as_informative = forms.BooleanField(required=False, widget=forms.HiddenInput)

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
    form = ReadingForm(request.POST or None)
    if request.POST.get("act") == LOOK:
        return _readings_page(request, place, form, day, seen=_seen(place, form, day))
    if request.method == "POST" and form.carry_out(
        submit_reading,
        point=place.to_read,
        read_on=day,
        by=request.user,
        today=day,
        now=timezone.now(),
        others=other_points(request.places, place),
    ):
        if form.result.dropped:
            messages.info(request, _("Decimals are not needed, so we left them out."))
        return redirect("web:reading_sent", public_id=form.result.reading.public_id)
    return _readings_page(request, place, form, day)


def other_points(places: list[Place], place: Place) -> list[PointToRead]:
    """Return the user's other places with a meter, by which the counter of another meter is recognised."""
    return [each.to_read for each in places if each.has_meter and each.supply_point_id != place.supply_point_id]


def _seen(place: Place, form: ReadingForm, day: date) -> dict[str, Any]:
    """Return how what stands in the form is understood; what is no reading is said beside the field."""
    try:
        return _understood(place, form.data.get("typed", ""), day)
    except Refused as refusal:
        form.add_error("typed", str(refusal))
        return {}


def _readings_page(
    request: HttpRequest, place: Place, form: ReadingForm, day: date, seen: dict[str, Any] | None = None
) -> HttpResponse:
    window = reading_window(day, place.window_days)
    meter = current_meters(place.supply_point_id).first() if place.has_meter else None
    context: dict[str, Any] = {"form": form, "window": window, "meter": meter, "recent": [], "sent": None}
    if meter:
        context |= _meter_context(place, meter, window) | drawing(meter)
        if meter.decimals:
            form.fields["typed"].label = _("Enter the counter with its decimals after a comma")
    if isinstance(form.refusal, ReadingQuestion | TooManyDigits):
        context |= question_context(form) | {
            "others": [each for each in request.places if each.has_meter and each != place],
        }
        return page(request, "web/readings/check.html", context, active="readings")
    context |= {"strip": month_strip(window.opens_on, window.closes_on, day)} | (seen or {})
    return page(request, "web/readings/readings.html", context, active="readings")


def question_context(form: ReadingForm) -> dict[str, Any]:
    """Return what the page that asks needs of the refusal: its kind, its sentence, its figures."""
    refusal = form.refusal
    return {
        "question": {"slip": None, "low_m3": None, "last_year_m3": None, "likely_m3": None} | dict(refusal.places),
        "kind": type(refusal).__name__,
        "may_confirm": getattr(refusal, "may_confirm", False),
        "sentence": str(refusal),
        "as_informative": form.data.get("as_informative") if form.is_bound else "",
    }


def _meter_context(place: Place, meter: Meter, window: ReadingWindow) -> dict[str, Any]:
    billed = what_is_known.known_readings(place.supply_point_id, place.payer_id)
    sent = what_is_known.sent_readings(place.supply_point_id, place.payer_id)
    of_month = [each for each in sent if each.month == window.month and each.meter_id == meter.pk]
    newest = of_month[0] if of_month else None
    return {
        "before": what_is_known.before(meter, window, known=billed, sent=sent),
        "recent": billed[:RECENT_READINGS],
        "sent": newest if newest and (newest.holds or newest.is_informative) and not newest.is_withdrawn else None,
        "sent_ids": {each.public_id for each in sent},
    }


def drawing(meter: Meter) -> dict[str, int]:
    """Return how many cells the counter is drawn with: red ones only where no decimals are asked."""
    if meter.decimals:
        return {"cells": min(8, meter.digits + 1 + meter.decimals), "red_cells": 0}
    return {"cells": meter.digits, "red_cells": RED_DIGITS_DRAWN}


def energy_of(energy: list[tuple[date, Decimal]], meter: Meter, use_m3: Decimal | None, day: date) -> Decimal | None:
    """Return the kWh of a use by the price list of the day, or None where it says nothing or the counter fell."""
    if use_m3 is None or use_m3 < 0:
        return None
    factor = gas_units("m3", "", energy).kwh_per_unit(day)
    return None if factor is None else use_m3 * meter.correction_factor * factor


@require_safe
@own_place
def reading_preview(request: HttpRequest, place: Place) -> HttpResponse:
    """How the server understands what is typed, before it is sent: a part of the page, empty while it is no reading."""
    allow(place.may_submit_readings)
    try:
        context = _understood(place, request.GET.get("typed", ""), today())
    except Refused:
        context = {}
    return render(request, "web/readings/_preview.html", {"read": None} | context)


def _understood(place: Place, typed: str, day: date) -> dict[str, Any]:
    """Return what `_preview.html` says of what is typed; nothing where there is no meter.

    :raises Refused: what `counter` raises.
    """
    meter = current_meters(place.supply_point_id).first() if place.has_meter else None
    if meter is None:
        return {}
    read = counter(meter, typed, None)
    known = _meter_context(place, meter, reading_window(day, place.window_days))["before"]
    use_m3 = read.value_m3 - known.last_m3
    energy = dated_energy(place.product, "m3")
    judge = Judge(known, day, meter.digits, climate_of(place.to_read.weather_town))
    return {
        "read": read,
        "before": known,
        "use_m3": use_m3,
        "use_kwh": energy_of(energy, meter, use_m3, day),
        "last_year_kwh": energy_of(energy, meter, known.last_year_m3, what_is_known.a_year_before(day)),
        "question": judge.question(read.value_m3),
    }


@require_safe
def open_points(request: HttpRequest) -> HttpResponse:
    """Every place of the person whose reading is due or sent, on one page."""
    day = today()
    places = places_to_read(request)
    sent = SubmittedReading.objects.that_hold().filter(supply_point__in=[each.supply_point_id for each in places])
    months = {each: reading_window(day, each.window_days) for each in places}
    newest = sent.filter(month__in={each.month for each in months.values()})
    known = {(each.supply_point_id, each.payer_id, each.month): each for each in newest}
    lines = [
        (place, window, known.get((place.supply_point_id, place.payer_id, window.month)))
        for place, window in months.items()
    ]
    return page(request, "web/readings/open_points.html", {"lines": lines}, active="readings")
