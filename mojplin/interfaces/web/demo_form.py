"""The supplier's web form of a demo: whoever is handed over reads there what came along.

Nothing is kept. A real supplier's form stands on a site of its own, see "Web forms of the supplier" in operating.md.
"""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mojplin.domain.orders.hand_over import fetch

FIELDS = {
    "name": _("Name"),
    "address": _("Delivery address"),
    "phone": _("Phone"),
    "email": _("E-mail address"),
    "payer": _("Payer number"),
}
LONGEST_SHOWN = 200


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def supplier_form(request: HttpRequest) -> HttpResponse:
    """Show what the form was opened with: posted, or fetched by its token as a supplier's server does."""
    if not settings.DEMO:
        raise Http404
    came: Mapping[str, str] = request.POST
    if request.method != "POST":
        came = fetch(request.GET.get("token", "")[:100], now=timezone.now()) or {}
    shown = [(label, came.get(name, "")[:LONGEST_SHOWN] or "–") for name, label in FIELDS.items()] if came else []
    return render(request, "web/supplier_form.html", {"came": shown})
