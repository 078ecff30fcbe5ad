"""The gauge of a tank: customers who have gas delivered send it in percent, instead of a counter."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mojplin.domain.linking.access import Place
from mojplin.domain.metering.gauge import ORDER_FROM_PERCENT, GaugeQuestion, submit_gauge, tank_history
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation import formats
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.addresses import plain_url
from mojplin.interfaces.web.doors import OperationForm, allow, own_place, page, today


class GaugeForm(OperationForm):
    """One field to type in; a button says that the odd value the page asked about is right."""

    typed = forms.CharField(
        label=gettext_lazy("How full is the tank, in percent?"),
        help_text=gettext_lazy("Read the gauge under the lid of the tank."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "enterkeyhint": "send"}),
    )
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        confirmed = given.pop("confirmed", None)
        return (
            given | {"is_confirmed": confirmed is not None} | ({} if confirmed is None else {"typed": str(confirmed)})
        )


@own_place
@once
def gauge(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        allow(place.may_submit_readings and place.kind == SupplyPoint.Kind.BULK)
    form = GaugeForm(request.POST or None)
    known = {"supply_point_id": place.supply_point_id, "payer_id": place.payer_id}
    if request.method == "POST" and form.carry_out(
        submit_gauge, **known, place=place.name, by=request.user, today=today(), now=timezone.now()
    ):
        told = formats.percent(form.result.percent, formats.active_language(), 0)
        messages.success(request, _("Thank you, we have the gauge: %(value)s.") % {"value": told})
        return redirect(f"{plain_url('web:gauge')}?place={place.public_id}")
    return gauge_page(request, place, form)


def gauge_page(request: HttpRequest, place: Place, form: GaugeForm | None = None) -> HttpResponse:
    """Return the page of a place where gas is filled into a tank; it stands in place of that of a meter, too."""
    form = form or GaugeForm()
    history = tank_history(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    question = form.refusal if isinstance(form.refusal, GaugeQuestion) else None
    context = {
        "form": form,
        "history": history,
        "last": history.last,
        "question": question,
        "order_from_percent": ORDER_FROM_PERCENT,
    }
    return page(request, "web/readings/gauge.html", context, active="readings")
