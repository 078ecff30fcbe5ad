"""Messages by e-mail: which and how often; what was sent; stopping a kind by the link of a mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import choose_notices, topics, unwanted
from mojplin.domain.linking.access import places_of
from mojplin.domain.notifications.choices import choose_rhythm, exceptions_of, often_of, stop_kinds
from mojplin.domain.notifications.sent import newest_sent
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.unsubscribing import stop_of
from mojplin.interfaces.web.doors import in_frame, page
from mojplin.interfaces.web.messages_by_place import otherwise_at
from mojplin.interfaces.web.web_push import push_context

FEW = 6
"""So many supply points stand on the page themselves; of more only those where something else was chosen."""


@require_http_methods(["GET", "HEAD", "POST"])
@once
def notices(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        wanted = request.POST.getlist("wanted")
        choose_notices(wanted=wanted, by=request.user, now=timezone.now(), ip=client_ip(request))
        choose_rhythm(request.POST.get("often", ""), by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("web:notices")
    known, places, in_general_not = topics(), places_of(request.user.pk), unwanted(request.user)
    in_frame(request, places)
    others = otherwise_at(places, in_general_not, exceptions_of(request.user))
    told = others if len(places) <= FEW else [each for each in others if each.is_otherwise]
    context: dict[str, Any] = {
        "choices": [topic for topic in known if not topic.is_required],
        "always": [topic for topic in known if topic.is_required],
        "unwanted": in_general_not,
        "places": told[:FEW],
        "is_more": len(places) > FEW,
        "more": max(len(told) - FEW, 0),
        "often": often_of(request.user),
        "form_key": new_form_key(),
        **push_context(request),
    }
    return page(request, "web/profile/notices.html", context, active="more")


@require_safe
def sent_messages(request: HttpRequest) -> HttpResponse:
    """The reminders and news that were sent, newest first."""
    told = [
        {
            "at": each.sent_at,
            "title": topic.label,
            "about": each.about,
            "place": each.link.name if each.link else "",
        }
        for each, topic in newest_sent(request.user)
    ]
    return page(request, "web/profile/sent_messages.html", {"told": told}, active="more")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Stop kinds of mails to one reader, as RFC 8058 has it: mail programs send the POST, and GET changes nothing.

    It needs no form token, since what may be done stands signed in the address; a form that another site makes a
    browser send is refused before it comes here, and programs do not say where they send from.
    """
    stop = stop_of(token)
    reader = User.objects.filter(pk=stop.reader, is_active=True).first() if stop else None
    asked = [each for each in topics() if stop and each.code in stop.topics and not each.is_required]
    if stop is None or reader is None or not asked:
        raise Http404
    if request.method == "POST":
        stop_kinds(stop.topics, of=reader, now=timezone.now(), ip=client_ip(request))
    context = {"asked": asked, "is_done": request.method == "POST"}
    return render(request, "web/profile/stop_mails.html", context)
