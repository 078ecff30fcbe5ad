"""Finding a customer: one field, answers as one types; whoever is shown reads of it in their access log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mojplin.domain.office.looking import note_found
from mojplin.domain.office.search import LEAST_LETTERS, find
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only

KINDS = (
    ("payers", _("Payers")),
    ("users", _("Accounts")),
    ("places", _("Supply points")),
    ("documents", _("Invoices and notes")),
    ("contracts", _("Contracts")),
    ("orders", _("Orders")),
    ("requests", _("Renewals and requests")),
    ("moves", _("Hand-overs")),
    ("enquiries", _("Enquiries")),
)


@staff_only(Role.READER)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits; asked by htmx, the list alone."""
    asked, now = request.GET.get("q", "").strip(), timezone.now()
    found = find(asked, today=timezone.localdate(now))
    if found:
        hits = (hit for each in found.values() for hit in each)
        note_found(hits, by=request.user, now=now, ip=client_ip(request))
    groups = [(title, found[kind]) for kind, title in KINDS if found and kind in found]
    context = {"asked": asked, "groups": groups, "is_short": found is None, "least": LEAST_LETTERS, "uses_htmx": True}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "staff/customers/_found.html", context)
    return page(request, "staff/customers/search.html", context, active="customers")
