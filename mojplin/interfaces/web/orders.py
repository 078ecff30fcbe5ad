"""Ordering gas: a tank refill here, cylinders and gas purchase through the supplier's own web forms."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.overview import litre_price_eur
from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.orders.operations import hand_over_to_form, litres_that_fit, place_order
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, OperationForm, allow, own_place, page, today

EARLIER_SHOWN = 5
PHONE = re.compile(r"\+?[0-9][0-9 /()-]{5,28}")
FILL_UP, AMOUNT = "fill_up", "amount"


class OrderForm(OperationForm):
    gauge_percent = forms.IntegerField(
        label=_("How much gas is left in the tank, in percent?"),
        help_text=_("Read it from the gauge under the lid."),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write what the gauge shows, for example 28."),
            "invalid": _("Write a whole number of percent, for example 28."),
            "min_value": _("The gauge shows between 0 and 100 percent."),
            "max_value": _("The gauge shows between 0 and 100 percent."),
        },
    )
    how = forms.ChoiceField(choices=[(FILL_UP, FILL_UP), (AMOUNT, AMOUNT)], initial=FILL_UP)
    litres = forms.IntegerField(
        label=_("How many litres?"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write how many litres, for example 800."),
            "min_value": _("Write how many litres, for example 800."),
            "max_value": _("That is more than any tank holds."),
        },
    )
    phone = forms.RegexField(
        PHONE,
        label=_("Phone to agree on the delivery"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": _("Write a phone number on which we reach you."),
            "invalid": _("Write the phone number with digits, for example 040 000 000."),
        },
    )
    note = forms.CharField(
        label=_("Message for the driver"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"fills_up": given.pop("how", FILL_UP) == FILL_UP}


@once
def orders(request: HttpRequest) -> HttpResponse:
    if places_of(request.user.pk, limit=1):
        return _orders_at_place(request)
    return page(request, "web/orders/orders.html", {"form": None}, active="orders")


@own_place
def _orders_at_place(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        allow(place.may_order)
    if place.kind != SupplyPoint.Kind.BULK or not place.may_order:
        return page(request, "web/orders/orders.html", {"form": None}, active="orders")
    capacity_l = SupplyPoint.objects.values_list("tank_capacity_l", flat=True).get(pk=place.supply_point_id)
    # The phone is the payer's own: nobody with whom they share a place is told it.
    phones = Payer.objects.filter(pk=place.payer_id).values_list("phone", flat=True)
    known_phone = "" if place.is_shared else phones.get()
    form = OrderForm(request.POST or None, initial={"phone": known_phone})
    if request.method == "POST" and form.carry_out(
        place_order,
        supply_point_id=place.supply_point_id,
        supply_point_number=place.number,
        payer_id=place.payer_id,
        place_name=place.name,
        tank_capacity_l=capacity_l,
        least_l=settings.ORDER_LEAST_L,
        by=request.user,
        now=timezone.now(),
    ):
        return redirect("web:order_sent", public_id=form.result.public_id)
    earlier = GasOrder.objects.filter(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    context = {
        "form": form,
        "capacity_l": capacity_l,
        "empty_fits_l": capacity_l and litres_that_fit(capacity_l, 0),
        "full_percent": FULL_PERCENT,
        "least_l": settings.ORDER_LEAST_L,
        "price_eur": litre_price_eur(place.supply_point_id, place.payer_id, today()),
        "earlier": earlier.order_by("-ordered_at").values("public_id", "number", "ordered_at", "litres")[
            :EARLIER_SHOWN
        ],
    }
    return page(request, "web/orders/orders.html", context, active="orders")


@require_safe
def order_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    order = GasOrder.objects.filter(public_id=public_id).first()
    places = places_of(request.user.pk)
    of_order = (order.supply_point_id, order.payer_id) if order else None
    place = next((each for each in places if (each.supply_point_id, each.payer_id) == of_order), None)
    if order is None or place is None:
        raise Http404
    allow(place.may_order)
    request.places, request.place = places[:PLACES_IN_SWITCHER], place
    # The phone and the note belong to who ordered, also among those who share the place.
    context = {"order": order, "is_own": order.ordered_by_id == request.user.pk}
    return page(request, "web/orders/sent.html", context, active="orders")


@once
def hand_over(request: HttpRequest, form: str) -> HttpResponse:
    """Show what goes to the supplier, send it when asked to, then lead on by a plain link that carries no data."""
    addresses = {
        HandOver.Form.CYLINDER.value: settings.CYLINDER_FORM_URL,
        HandOver.Form.GAS_PURCHASE.value: settings.GAS_PURCHASE_FORM_URL,
    }
    if form not in addresses:
        raise Http404
    known = _known_of(request)
    if request.method == "POST":
        done = hand_over_to_form(form=form, by=request.user, now=timezone.now(), **known)
        return redirect(f"{reverse('web:hand_over', kwargs={'form': form})}?to={done.public_id}")
    context = known | {"form_name": form, "form_url": "", "action": OperationForm()}
    asked = request.GET.get("to")
    if asked and HandOver.objects.filter(public_id=asked, user=request.user, form=form).exists():
        context["form_url"] = addresses[form]
    return page(request, "web/orders/hand_over.html", context, active="orders")


def _known_of(request: HttpRequest) -> dict[str, str]:
    """Return what the supplier's form may be filled in with: of the first own place, or nothing but the username."""
    own = (place for place in places_of(request.user.pk) if place.may_order and not place.is_shared)
    first = next(own, None)
    if first is None:
        return {"name": request.user.username, "address": "", "phone": "", "payer_number": ""}
    name, phone = Payer.objects.values_list("name", "phone").get(pk=first.payer_id)
    return {"name": name, "address": first.address, "phone": phone, "payer_number": first.payer_number}
