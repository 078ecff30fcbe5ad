"""Messages by e-mail: which, about which places, how often; what was sent; stopping a kind by the link of a mail."""

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
from mojplin.domain.accounts.notices import choose_notices, stop_topics, topics, unwanted
from mojplin.domain.linking.access import places_of
from mojplin.domain.notifications.choices import choose_places_and_rhythm, newest_sent, often_of, quiet_places
from mojplin.domain.notifications.kinds import kind_of
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.unsubscribing import stop_of
from mojplin.interfaces.web.doors import page
from mojplin.interfaces.web.web_push import push_context


@require_http_methods(["GET", "HEAD", "POST"])
@once
def notices(request: HttpRequest) -> HttpResponse:
    places = places_of(request.user.pk)
    if request.method == "POST":
        sent = request.POST
        choose_notices(wanted=sent.getlist("wanted"), by=request.user, now=timezone.now(), ip=client_ip(request))
        shown = set(sent.getlist("shown"))
        choose_places_and_rhythm(
            places=[each for each in places if each.public_id in shown], wanted=set(sent.getlist("place")),
            often=sent.get("often", ""), by=request.user,
        )  # fmt: skip
        messages.success(request, _("Your choice is saved."))
        return redirect("web:notices")
    known = topics()
    context: dict[str, Any] = {
        "choices": [topic for topic in known if not topic.is_required],
        "always": [topic for topic in known if topic.is_required],
        "unwanted": unwanted(request.user),
        "places": places,
        "quiet": quiet_places(places),
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
            "title": kind.topic.label,
            "about": each.about,
            "place": each.link.name if each.link else "",
        }
        for each in newest_sent(request.user)
        if (kind := kind_of(each.topic))
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
        stop_topics(stop.topics, of=reader, now=timezone.now(), ip=client_ip(request))
    context = {"asked": asked, "is_done": request.method == "POST"}
    return render(request, "web/profile/stop_mails.html", context)
