"""My data: ask for a copy, see how far it is, take it once."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.accounts.models import DataExport
from mojplin.domain.own_data.export import ask_for_export, is_open, newest_export, pieces_of
from mojplin.foundation.downloads import zip_download
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import page, places_in_frame
from mojplin.interfaces.web.step_up import ask_to_confirm, confirmed_recently, is_confirmed

State = DataExport.State


@require_http_methods(["GET", "HEAD", "POST"])
@once
def my_data(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        if not is_confirmed(request):
            return ask_to_confirm(request)
        ask_for_export(by=request.user, language=get_language() or "sl", now=now, ip=client_ip(request))
        return redirect("web:my_data")
    export = newest_export(request.user)
    places = places_in_frame(request)
    context = {
        "to_prove": [each for each in places if each.is_proof_due and not each.is_shared][:1],
        "state": _shown_state(export, now),
        "export": export,
        "size_mb": max(1, round(export.size_bytes / 1_000_000)) if export else 0,
        "form_key": new_form_key(),
        "uses_htmx": True,
    }
    return page(request, "web/profile/my_data.html", context, active="more")


def _shown_state(export: DataExport | None, now: datetime) -> str:
    """Return none, waiting, ready, taken, expired or failed; a file that is over counts as expired at once."""
    if export is None:
        return "none"
    if export.state == State.READY and not is_open(export, now):
        return State.EXPIRED.value
    return export.state


@require_POST
@confirmed_recently
def my_data_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Send the file; a press of a button and not a link, so that nothing fetches it ahead."""
    now = timezone.now()
    export = DataExport.objects.filter(public_id=public_id, user=request.user).first()
    if export is None or not is_open(export, now):
        raise Http404
    try:
        pieces = pieces_of(export, by=request.user, ip=client_ip(request))
    except FileNotFoundError:
        raise Http404 from None
    return zip_download(pieces, made_at=export.ready_at, size_bytes=export.size_bytes)
