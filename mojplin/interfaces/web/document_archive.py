"""Several documents as one ZIP: choose them, see how far it is, take it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.billing.models import Document, DocumentArchive
from mojplin.domain.linking.access import Place
from mojplin.domain.own_data.document_archive import ask_for_archive, given_out, is_open, newest_archive, pieces_of
from mojplin.foundation.downloads import zip_download
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.document_filter import Asked, asked_for, chosen
from mojplin.interfaces.web.documents import YEARS_BACK, places_to_choose
from mojplin.interfaces.web.doors import OperationForm, page, places_in_frame, today

TO_TICK = 100
"""How many of the newest documents of a choice can be ticked one by one."""
State = DocumentArchive.State


@require_http_methods(["GET", "HEAD", "POST"])
@once
def document_archive(request: HttpRequest) -> HttpResponse:
    places = places_in_frame(request)
    asked = asked_for(request.GET, places)
    request.place = asked.place
    form = OperationForm(request.POST or None)
    if request.method == "POST":
        documents = chosen(given_out(places), asked, today()).filter(ticked(request.POST.getlist("document")))
        known = {"by": request.user, "language": get_language() or "sl", "now": timezone.now()}
        if form.carry_out(ask_for_archive, documents=documents, **known):
            return redirect(f"{reverse('web:document_archive')}?{urlencode(asked.query)}".rstrip("?"))
    return page(request, "web/documents/archive.html", context_of(request, form, asked, places), active="documents")


def ticked(public_ids: Sequence[str]) -> Q:
    """Return the condition of the ticked documents; without a tick all of the choice are meant."""
    return Q(public_id__in=[each[:22] for each in public_ids[:TO_TICK]]) if public_ids else Q()


def context_of(request: HttpRequest, form: OperationForm, asked: Asked, places: list[Place]) -> dict[str, Any]:
    archive, on = newest_archive(request.user), today()
    of_choice = chosen(given_out(places), asked, on)
    return {
        "form": form,
        "archive": archive,
        "state": shown_state(archive),
        "size_mb": max(1, round(archive.size_bytes / 1_000_000)) if archive else 0,
        "asked": asked,
        "query": asked.query,
        "years": range(on.year, on.year - YEARS_BACK, -1),
        "places_to_choose": places_to_choose(places, asked.place),
        "count": of_choice.order_by().count(),
        "to_tick": list(of_choice.only("public_id", "kind", "number", "issued_on", "amount_eur")[:TO_TICK]),
        "kinds": dict(Document.Kind.choices),
        "uses_htmx": True,
    }


def shown_state(archive: DocumentArchive | None) -> str:
    """Return none, waiting, ready, expired or failed; a file that may not be taken any more counts as expired."""
    if archive is None:
        return "none"
    if archive.state == State.READY and not is_open(archive, timezone.now()):
        return State.EXPIRED.value
    return archive.state


@require_safe
def document_archive_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    archive = DocumentArchive.objects.filter(public_id=public_id, asked_by=request.user).first()
    if archive is None or not is_open(archive, timezone.now()):
        raise Http404
    return zip_download(pieces_of(archive), made_at=archive.asked_at, size_bytes=archive.size_bytes)
