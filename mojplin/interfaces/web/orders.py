"""Ordering a refill of a tank: what is wanted, then what it costs, then the order."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.contracts.overview import litre_prices
from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.orders.delivery_days import Days, soonest, weeks_to_choose
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.orders.operations import check_order, place_order
from mojplin.domain.orders.pricing import LitrePrice, cost_of, litres_that_fit, saving_of, surcharge_on
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, allow, own_place, page, today
from mojplin.interfaces.web.yearly_use import used_in_a_year

EARLIER_SHOWN = 5
PHONE = re.compile(r"\A\+?[0-9][0-9 /()-]{5,28}\Z")
FILL_UP, AMOUNT = "fill_up", "amount"
SOONEST = "soonest"
REVIEW, ORDER, EDIT = "review", "order", "edit"
"""What the buttons ask for: the page with the price, the order itself, back to what was filled in."""


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
    wished = forms.ChoiceField(
        initial=SOONEST, required=False, error_messages={"invalid_choice": _("Choose one of the weeks.")}
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
        label=_("Access to the tank, message for the driver"),
        help_text=_("The gate, a dog, snow, where the tank is. We keep it for your next order."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown_eur = forms.DecimalField(required=False, max_digits=10, decimal_places=2, widget=forms.HiddenInput)

    def __init__(self, *args: Any, weeks: list[Days], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weeks = {each.first.isoformat(): each for each in weeks}
        self.fields["wished"].choices = [(SOONEST, SOONEST), *((each, each) for each in self.weeks)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        week, how = self.weeks.get(given.pop("wished", "")), given.pop("how", FILL_UP)
        days = {"wished_from": week and week.first, "wished_until": week and week.last}
        return given | days | {"fills_up": how == FILL_UP}


@once
def orders(request: HttpRequest) -> HttpResponse:
    if places_of(request.user.pk, limit=1):
        return _orders_at_place(request)
    return page(request, "web/orders/orders.html", {"form": None} | elsewhere(), active="orders")


@own_place
def _orders_at_place(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        allow(place.may_order)
    if place.kind != SupplyPoint.Kind.BULK or not place.may_order:
        return page(request, "web/orders/orders.html", {"form": None} | elsewhere(), active="orders")
    tank = Tank(place, today())
    if request.method != "POST":
        return tank.form_page(request, OrderForm(weeks=tank.weeks, initial=tank.known_of(request)))
    form = OrderForm(request.POST, weeks=tank.weeks)
    step = request.POST.get("step", REVIEW)
    if step == EDIT:
        filled_in = {name: request.POST.get(name, "") for name in form.fields if name not in ("form_key", "shown_eur")}
        return tank.form_page(request, OrderForm(weeks=tank.weeks, initial=filled_in))
    if not form.is_valid() or not form.carry_out(tank.check):
        return tank.form_page(request, form)
    if step != ORDER:
        return tank.review_page(request, form)
    costs_eur, given = tank.costs_eur(form.cleaned_data), dict(form.cleaned_data)
    if form.carry_out(place_order, costs_eur=costs_eur, by=request.user, now=timezone.now(), **tank.known):
        return redirect("web:order_sent", public_id=form.result.public_id)
    form.cleaned_data = given
    return tank.review_page(request, form)


def elsewhere() -> dict[str, bool]:
    """Return what the page says of the orders that are made on other pages."""
    return {"cylinders_in_portal": settings.CYLINDERS_IN_PORTAL}


class Tank:
    """The tank of a place on a day: what fits, what it costs, and the pages on which it is ordered for."""

    def __init__(self, place: Place, on: date) -> None:
        self.place, self.on = place, on
        self.capacity_l = SupplyPoint.objects.values_list("tank_capacity_l", flat=True).get(pk=place.supply_point_id)
        self.weeks = weeks_to_choose(on, settings.DELIVERY_WORKING_DAYS)
        self.surcharge = surcharge_on(on)
        self.price = litre_price(place, on)
        self.known: dict[str, Any] = {
            "supply_point_id": place.supply_point_id,
            "supply_point_number": place.number,
            "payer_id": place.payer_id,
            "place_name": place.name,
            "tank_capacity_l": self.capacity_l,
            "least_l": settings.ORDER_LEAST_L,
        }

    def check(self, **given: Any) -> None:
        names = ("fills_up", "litres", "gauge_percent")
        wanted = {name: given[name] for name in names}
        check_order(**wanted, tank_capacity_l=self.capacity_l, least_l=settings.ORDER_LEAST_L)

    def litres(self, given: dict[str, Any]) -> int | None:
        """Return how many litres are likely to be filled; None to fill up a tank of unknown size."""
        if not given["fills_up"]:
            wanted: int = given["litres"]
            return wanted
        return None if self.capacity_l is None else litres_that_fit(self.capacity_l, given["gauge_percent"])

    def costs_eur(self, given: dict[str, Any]) -> Decimal | None:
        litres = self.litres(given)
        if litres is None or self.price is None:
            return None
        return cost_of(litres, self.price, self.surcharge).total_eur

    def known_of(self, request: HttpRequest) -> dict[str, str]:
        """Return the phone and the note of the user's own last order here, else the phone of the own payer.

        Nobody with whom a place is shared is told another's.
        """
        mine = GasOrder.objects.filter(
            supply_point_id=self.place.supply_point_id, payer_id=self.place.payer_id, ordered_by=request.user
        )
        last = mine.order_by("-ordered_at").values("phone", "note").first()
        if last:
            return last
        phones = Payer.objects.filter(pk=self.place.payer_id).values_list("phone", flat=True)
        return {"phone": "" if self.place.is_shared else phones.get()}

    def form_page(self, request: HttpRequest, form: OrderForm) -> HttpResponse:
        place = self.place
        earlier = GasOrder.objects.filter(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
        context = {
            "form": form,
            "capacity_l": self.capacity_l,
            "empty_fits_l": self.capacity_l and litres_that_fit(self.capacity_l, 0),
            "full_percent": FULL_PERCENT,
            "least_l": settings.ORDER_LEAST_L,
            "price": self.price,
            "surcharge": self.surcharge,
            "soonest": soonest(self.on, settings.DELIVERY_WORKING_DAYS),
            "earlier": earlier.order_by("-ordered_at")[:EARLIER_SHOWN],
            **elsewhere(),
        }
        return page(request, "web/orders/orders.html", context, active="orders")

    def review_page(self, request: HttpRequest, form: OrderForm) -> HttpResponse:
        given, litres = form.cleaned_data, self.litres(form.cleaned_data)
        cost = cost_of(litres, self.price, self.surcharge) if litres is not None and self.price else None
        context = {
            "form": form,
            "given": given,
            "litres": litres,
            "cost": cost,
            "price": self.price,
            "saving": self._saving(given, litres),
            "soonest": soonest(self.on, settings.DELIVERY_WORKING_DAYS),
            "was_eur": given.get("shown_eur") if form.refusal else None,
            "carried": [
                (name, request.POST.get(name, ""))
                for name in ("gauge_percent", "how", "litres", "wished", "phone", "note")
            ],
        }
        return page(request, "web/orders/review.html", context, active="orders")

    def _saving(self, given: dict[str, Any], litres: int | None) -> Any:
        if litres is None or self.surcharge is None or litres >= self.surcharge.below_l:
            return None
        return saving_of(
            litres,
            self.surcharge,
            tank_capacity_l=self.capacity_l,
            gauge_percent=given["gauge_percent"],
            used_l_year=year.used if (year := used_in_a_year(self.place, "l", self.on)) else None,
        )


def litre_price(place: Place, on: date) -> LitrePrice | None:
    """Return what a litre costs at the place: by the contract where it fixes the price, else by the price list."""
    fixed_eur, listed = litre_prices(place.supply_point_id, place.payer_id, place.product, on)
    if fixed_eur is None and listed is None:
        return None
    return LitrePrice(
        price_eur=listed.price_eur if fixed_eur is None and listed else fixed_eur or Decimal(0),
        levies_eur=listed.levies_eur if listed else Decimal(0),
        vat_percent=listed.vat_percent if listed else Decimal(22),
        is_fixed=fixed_eur is not None,
    )
