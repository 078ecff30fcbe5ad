"""Ordering cylinders in the portal: which and how many, where and when; then the price; then the order."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.orders.cylinders import (
    MOST_OF_ONE_KIND,
    chosen_lines,
    cylinders_on,
    order_cylinders,
    total_eur,
)
from mojplin.domain.orders.delivery_days import Days, soonest, weeks_to_choose
from mojplin.domain.orders.models import Article, CylinderOrder, OrderStep
from mojplin.domain.orders.operations import cancel_order
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, page, today
from mojplin.interfaces.web.hand_over import known_of
from mojplin.interfaces.web.orders import EDIT, ORDER, PHONE, REVIEW, SOONEST

EARLIER_SHOWN = 5
QUANTITY = "quantity_"


class CylinderForm(OperationForm):
    name = forms.CharField(
        label=gettext_lazy("Name and surname"), max_length=140, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = forms.CharField(
        label=gettext_lazy("Where do we bring them?"),
        help_text=gettext_lazy("Street and house number, post code and town."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": gettext_lazy("Write the address of the delivery.")},
    )
    wished = forms.ChoiceField(
        initial=SOONEST, required=False, error_messages={"invalid_choice": gettext_lazy("Choose one of the weeks.")}
    )
    part_of_day = forms.ChoiceField(
        label=gettext_lazy("Time of the day"), choices=CylinderOrder.Part, initial=CylinderOrder.Part.ANY
    )
    phone = forms.RegexField(
        PHONE,
        label=gettext_lazy("Phone to agree on the delivery"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": gettext_lazy("Write a phone number on which we reach you."),
            "invalid": gettext_lazy("Write the phone number with digits, for example 040 000 000."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Message for the driver"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown_eur = forms.DecimalField(required=False, max_digits=10, decimal_places=2, widget=forms.HiddenInput)

    def __init__(self, *args: Any, articles: list[Article], weeks: list[Days], **kwargs: Any) -> None:
        self.articles, self.weeks = articles, {each.first.isoformat(): each for each in weeks}
        super().__init__(*args, **kwargs)
        self.fields["wished"].choices = [(SOONEST, SOONEST), *((each, each) for each in self.weeks)]
        wrong = {
            kind: _("Write how many, from 0 to %(most)s.") % {"most": MOST_OF_ONE_KIND}
            for kind in ("invalid", "min_value", "max_value")
        }
        for each in articles:
            self.fields[QUANTITY + each.number] = forms.IntegerField(
                label=each.name, required=False, min_value=0, max_value=MOST_OF_ONE_KIND, error_messages=wrong,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    def quantity_fields(self) -> list[tuple[Article, forms.BoundField]]:
        return [(each, self[QUANTITY + each.number]) for each in self.articles]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        week = self.weeks.get(given.pop("wished", ""))
        days = {"wished_from": week and week.first, "wished_until": week and week.last}
        quantities = {each.number: given.pop(QUANTITY + each.number, None) or 0 for each in self.articles}
        return given | days | {"quantities": quantities}


@require_http_methods(["GET", "HEAD", "POST"])
@once
def cylinders(request: HttpRequest) -> HttpResponse:
    if not settings.CYLINDERS_IN_PORTAL:
        return redirect("web:hand_over", form="cylinder")
    on = today()
    offered = {"articles": cylinders_on(on), "weeks": weeks_to_choose(on, settings.DELIVERY_WORKING_DAYS)}
    if request.method != "POST":
        return _form_page(request, CylinderForm(initial=_known(request), **offered))
    form = CylinderForm(request.POST, **offered)
    step = request.POST.get("step", REVIEW)
    if step == EDIT:
        filled_in = {name: request.POST.get(name, "") for name in form.fields if name not in ("form_key", "shown_eur")}
        return _form_page(request, CylinderForm(initial=filled_in, **offered))
    if not form.is_valid() or not form.carry_out(lambda **given: chosen_lines(form.articles, given["quantities"])):
        return _form_page(request, form)
    lines, given = form.result, dict(form.cleaned_data)
    if step == ORDER and form.carry_out(order_cylinders, by=request.user, today=on, now=timezone.now()):
        return redirect("web:cylinder_order", public_id=form.result.public_id)
    context = {
        "form": form,
        "given": given,
        "part_of_day": CylinderOrder.Part(given["part_of_day"]).label,
        "lines": [(f"{each.quantity} × {each.article.name}", each.sum_eur) for each in lines],
        "total_eur": total_eur(lines),
        "was_eur": given.get("shown_eur") if form.refusal else None,
        "soonest": soonest(on, settings.DELIVERY_WORKING_DAYS),
        "carried": [
            (name, request.POST.get(name, "")) for name in form.fields if name not in ("form_key", "shown_eur")
        ],
    }
    return page(request, "web/orders/cylinders_review.html", context, active="orders")


def _known(request: HttpRequest) -> dict[str, str]:
    """Return what the form is filled in with: as in the user's own last order, else as the own place has it."""
    mine = CylinderOrder.objects.filter(ordered_by=request.user).order_by("-ordered_at")
    last = mine.values("name", "address", "phone", "note").first()
    return last or {name: text for name, text in known_of(request).items() if name in ("name", "address", "phone")}


def _form_page(request: HttpRequest, form: CylinderForm) -> HttpResponse:
    earlier = CylinderOrder.objects.filter(ordered_by=request.user).order_by("-ordered_at")[:EARLIER_SHOWN]
    near = soonest(today(), settings.DELIVERY_WORKING_DAYS)
    context = {"form": form, "soonest": near, "earlier": earlier, "parts": CylinderOrder.Part.choices}
    return page(request, "web/orders/cylinders.html", context, active="orders")


@require_safe
def cylinder_order(request: HttpRequest, public_id: str) -> HttpResponse:
    return _order_page(request, _own(request, public_id), OperationForm())


@require_http_methods(["GET", "HEAD", "POST"])
@once
def cancel_cylinders(request: HttpRequest, public_id: str) -> HttpResponse:
    order, form = _own(request, public_id), OperationForm(request.POST or None)
    known = {"order": order, "place_name": "", "by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.carry_out(cancel_order, **known):
        messages.success(request, _("The order is cancelled. We confirm it by e-mail."))
        return redirect("web:cylinder_order", public_id)
    order.refresh_from_db()
    return _order_page(request, order, form)


def _own(request: HttpRequest, public_id: str) -> CylinderOrder:
    """Return an order of the user's own; any other is a 404."""
    order = CylinderOrder.objects.filter(public_id=public_id, ordered_by=request.user).first()
    if order is None:
        raise Http404
    return order


def _order_page(request: HttpRequest, order: CylinderOrder, form: OperationForm) -> HttpResponse:
    context = {
        "order": order,
        "lines": list(order.lines.order_by("pk")),
        "step": OrderStep.objects.filter(order_number=order.number).first(),
        "form": form,
    }
    return page(request, "web/orders/cylinder_order.html", context, active="orders")
