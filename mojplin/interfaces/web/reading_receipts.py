"""What follows upon a reading: its receipt with the life it has, taking it back, and a meter that was exchanged."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.price_list import dated_energy
from mojplin.domain.linking.access import Place, documents_at
from mojplin.domain.metering import known as what_is_known
from mojplin.domain.metering.bulk import read_already
from mojplin.domain.metering.exchange import report_exchange
from mojplin.domain.metering.known import Before, a_year_before
from mojplin.domain.metering.life import Fate, fate_of, life_of
from mojplin.domain.metering.models import ReportedExchange, SubmittedReading
from mojplin.domain.metering.operations import take_back
from mojplin.domain.metering.photos import takes_photo
from mojplin.domain.metering.taking import current_meters
from mojplin.domain.metering.window import window_of_month
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, allow, own_place, page, place_of_thing, today
from mojplin.interfaces.web.readings import energy_of


class ExchangeForm(OperationForm):
    """The two meters; counters are texts for the one parser."""

    old_final = forms.CharField(
        label=gettext_lazy("Last counter of the old meter"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write what the old meter showed last.")},
    )
    exchanged_on = forms.DateField(
        label=gettext_lazy("Day of the exchange"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Choose the day on which the meter was replaced.")},
    )
    new_number = forms.CharField(
        label=gettext_lazy("Number of the new meter"),
        max_length=30,
        help_text=gettext_lazy("It stands on its plate."),
        error_messages={"required": gettext_lazy("Write the number of the new meter.")},
    )
    new_initial = forms.CharField(
        label=gettext_lazy("First counter of the new meter"),
        max_length=60,
        initial="0",
        error_messages={"required": gettext_lazy("Write what the new meter showed at first.")},
    )
    typed = forms.CharField(
        label=gettext_lazy("The new meter shows now"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write what the new meter shows now.")},
    )


@require_safe
def reading_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    """The receipt of one version with its life; it says so when a later one holds."""
    reading, place = own_reading(request, public_id)
    day = today()
    window = window_of_month(reading.month, place.window_days, day)
    # What was billed since then, with this very reading perhaps, is no past of it.
    billed = [
        each
        for each in what_is_known.known_readings(reading.supply_point_id, reading.payer_id)
        if each.period_to < reading.read_on and each.customer_reading != public_id
    ]
    sent = what_is_known.sent_readings(reading.supply_point_id, reading.payer_id)
    before = what_is_known.before(reading.meter, window, known=billed, sent=sent)
    versions = [each for each in sent if (each.month, each.meter_id) == (reading.month, reading.meter_id)]
    exchange = getattr(reading, "exchange", None)
    use_m3 = use_of(reading, exchange, before)
    energy = dated_energy(place.product, "m3")
    fate = fate_of(reading)
    is_newest = not versions or versions[0].pk == reading.pk
    context: dict[str, Any] = {
        "reading": reading,
        "newest": None if is_newest else versions[0],
        "versions": versions,
        "exchange": exchange,
        "photo": getattr(reading, "photo", None),
        "may_add_photo": place.may_submit_readings and takes_photo(reading, day),
        "before": before,
        "use_m3": use_m3,
        "use_kwh": energy_of(energy, reading.meter, use_m3, reading.read_on),
        "last_year_kwh": energy_of(energy, reading.meter, before.last_year_m3, a_year_before(reading.read_on)),
        "window": window,
        "steps": life_of(reading, fate),
        "invoice": _invoice_of(fate, place),
        "may_correct": place.may_submit_readings and is_newest and day <= window.closes_on and not fate,
        "next_place": _still_to_read(request.places, reading),
    }
    return page(request, "web/readings/sent.html", context, active="readings")


def use_of(reading: SubmittedReading, exchange: ReportedExchange | None, before: Before) -> Decimal:
    """Return what was used since the last reading; after an exchange both meters showed a part of it."""
    if exchange is None:
        return reading.value_m3 - before.last_m3
    return exchange.old_final_m3 - before.last_m3 + reading.value_m3 - exchange.new_initial_m3


def own_reading(request: HttpRequest, public_id: str) -> tuple[SubmittedReading, Place]:
    """Return the reading and the user's place at which it is shown; any other answers as one that never was."""
    reading = (
        SubmittedReading.objects.select_related("meter", "photo", "exchange", "judgement")
        .filter(public_id=public_id)
        .first()
    )
    if reading is None:
        raise Http404
    return reading, place_of_thing(request, reading.supply_point_id, reading.payer_id)


def _invoice_of(fate: Fate | None, place: Place) -> Any:
    """Return the document that billed the reading, if the place shows it."""
    if fate is None or not fate.document_number:
        return None
    return documents_at([place]).filter(number=fate.document_number).first()


def _still_to_read(places: list[Place], reading: SubmittedReading) -> Place | None:
    """Return the first other place with a meter for which nothing was sent in this month."""
    readable = [each for each in places if each.has_meter and each.may_submit_readings]
    others = [each for each in readable if each.supply_point_id != reading.supply_point_id]
    if not others:
        return None
    done = read_already({(each.supply_point_id, each.payer_id): reading.month for each in others})
    return next((each for each in others if (each.supply_point_id, each.payer_id) not in done), None)


@once
def take_reading_back(request: HttpRequest, public_id: str) -> HttpResponse:
    reading, place = own_reading(request, public_id)
    if request.method != "POST":
        context = {"reading": reading, "new_form_key": new_form_key}
        return page(request, "web/readings/take_back.html", context, active="readings")
    allow(place.may_submit_readings)
    try:
        take_back(reading=reading, point=place.to_read, by=request.user, today=today(), now=timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("web:reading_sent", public_id=public_id)
    messages.success(request, _("The reading is taken back. You can submit another one until readings close."))
    return redirect(f"{reverse('web:readings')}?place={place.public_id}")


@own_place
@once
def meter_exchanged(request: HttpRequest, place: Place) -> HttpResponse:
    """The meter was exchanged: the last counter of the old one, and the new one's."""
    allow(place.may_submit_readings and place.has_meter)
    day = today()
    form = ExchangeForm(request.POST or None, initial={"typed": request.GET.get("typed", "")[:20], "exchanged_on": day})
    if request.method == "POST" and form.carry_out(
        report_exchange, point=place.to_read, by=request.user, today=day, now=timezone.now()
    ):
        return redirect("web:reading_sent", public_id=form.result.reading.public_id)
    meter = current_meters(place.supply_point_id).first()
    return page(request, "web/readings/exchanged.html", {"form": form, "meter": meter}, active="readings")
