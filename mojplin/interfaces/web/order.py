"""An order of a refill: how far it is, and cancelling it until it is planned."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.linking.access import Place
from mojplin.domain.orders.models import GasOrder, OrderStep
from mojplin.domain.orders.operations import cancel_order
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, allow, page, place_of_thing


@require_safe
def order_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    order, _place = own_order(request, public_id)
    return _order_page(request, order, OperationForm())


@require_http_methods(["GET", "HEAD", "POST"])
@once
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    order, place = own_order(request, public_id)
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        cancel_order, order=order, place_name=place.name, by=request.user, now=timezone.now()
    ):
        messages.success(request, _("The order is cancelled. We confirm it by e-mail."))
        return redirect("web:order_sent", public_id)
    order.refresh_from_db()
    return _order_page(request, order, form)


def own_order(request: HttpRequest, public_id: str) -> tuple[GasOrder, Place]:
    """Return an order at a place where the user may order; any other is a 404."""
    order = GasOrder.objects.filter(public_id=public_id).first()
    if order is None:
        raise Http404
    place = place_of_thing(request, order.supply_point_id, order.payer_id)
    allow(place.may_order)
    return order, place


def _order_page(request: HttpRequest, order: GasOrder, form: OperationForm) -> HttpResponse:
    context = {
        "order": order,
        "step": OrderStep.objects.filter(order_number=order.number).first(),
        # The phone and the note belong to who ordered, also among those who share the place.
        "is_own": order.ordered_by_id == request.user.pk,
        "form": form,
    }
    return page(request, "web/orders/sent.html", context, active="orders")
