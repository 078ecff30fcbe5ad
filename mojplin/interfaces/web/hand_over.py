"""The way to a web form of the supplier, where an order is not taken in the portal."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mojplin.domain.linking.access import places_of
from mojplin.domain.orders.hand_over import hand_over_to_form
from mojplin.domain.orders.models import HandOver
from mojplin.domain.supply.models import Payer
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, page


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
