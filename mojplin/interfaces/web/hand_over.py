"""The way to a web form of the supplier, where an order is not taken in the portal."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mojplin.domain.linking.access import places_of
from mojplin.domain.orders.hand_over import TOKEN_LASTS, fetch, hand_over_to_form, token_of
from mojplin.domain.orders.models import HandOver
from mojplin.domain.supply.models import Payer
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, page


@once
def hand_over(request: HttpRequest, form: str) -> HttpResponse:
    """Show exactly what travels; once that is agreed to, it is recorded and the form can be opened, filled in."""
    if form not in settings.SUPPLIER_FORMS:
        raise Http404
    way, address = settings.SUPPLIER_FORMS[form]
    if way == "portal":
        return redirect("web:cylinders")
    address = address or f"{settings.BASE_URL}{reverse('demo_form')}"
    data = known_of(request) | {"form": form}
    if request.method == "POST":
        done = hand_over_to_form(form=form, way=way, data=data, by=request.user, now=timezone.now())
        return redirect(f"{reverse('web:hand_over', kwargs={'form': form})}?to={done.public_id}")
    context = {"form_name": form, "data": data, "way": way, "form_url": "", "action": OperationForm()}
    recent = HandOver.objects.filter(user=request.user, form=form, handed_over_at__gt=timezone.now() - TOKEN_LASTS)
    opened = recent.filter(public_id=request.GET.get("to", ""), way=way, fetched_at=None).first()
    if opened:
        query = f"?{urlencode({'token': token_of(opened)})}" if way == HandOver.Way.TOKEN else ""
        context["form_url"] = f"{address}{query}"
    response = page(request, "web/orders/hand_over.html", context, active="orders")
    if opened and way == HandOver.Way.POST:
        response.headers["Content-Security-Policy"] = _policy_that_lets_send_to(address)
    return response


def known_of(request: HttpRequest) -> dict[str, str]:
    """Return the fields of a form and what they are filled in with: of the first own place, or nothing but the user."""
    own = (place for place in places_of(request.user.pk) if place.may_order and not place.is_shared)
    first = next(own, None)
    if first is None:
        who = {"name": request.user.name or request.user.username, "address": "", "phone": "", "payer": ""}
    else:
        name, phone = Payer.objects.values_list("name", "phone").get(pk=first.payer_id)
        who = {"name": name, "address": first.address, "phone": phone, "payer": first.payer_number}
    return who | {"email": request.user.email}


def _policy_that_lets_send_to(address: str) -> str:
    """Return the content policy of the one page whose form goes to another site."""
    site = urlsplit(address)
    policy = settings.SECURE_CSP | {
        "form-action": f"{settings.SECURE_CSP['form-action']} {site.scheme}://{site.netloc}"
    }
    return "; ".join(f"{name} {value}".strip() for name, value in policy.items())


@csrf_exempt
@login_not_required
@require_http_methods(["POST"])
def form_data(request: HttpRequest) -> HttpResponse:
    """Give the supplier's form the data of a one-time token; asked by its server, not by a browser."""
    data = fetch(request.POST.get("token", "")[:100], now=timezone.now())
    if data is None:
        raise Http404
    return JsonResponse(data)
