"""Mails and messages to the ERP that were not delivered: by topic, sent again or given up for good.

Recipients are masked here: who looks after the outbox has given no reason to look at customers.
"""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.office.outgoing import drop_message, send_again
from mojplin.domain.office.topic_names import NAMES, topic_name
from mojplin.foundation.formats import masked_email
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.outbox.undelivered import undelivered, undelivered_topics
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only
from mojplin.interfaces.staff.reason_form import ReasonForm
from mojplin.interfaces.staff.watching import with_ages

SHOWN = 50
LONGEST_TOPIC = 60
ADDRESS = re.compile(r"[^\s<>()'\"{}:;,]+@[^\s<>()'\"{}:;,]+")


@staff_only(Role.READER)
@require_safe
def outgoing(request: HttpRequest) -> HttpResponse:
    context = {"topics": with_ages(undelivered_topics(), timezone.now())}
    return page(request, "staff/outgoing/topics.html", context, active="office")


@staff_only(Role.READER)
@require_safe
def outgoing_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """The oldest messages of a topic, those that wait and those that were given up."""
    now, name = timezone.now(), topic[:LONGEST_TOPIC]
    counted = next((each for each in with_ages(undelivered_topics(), now) if each.topic == name), None)
    if counted is None and name not in NAMES:
        raise Http404
    context = {
        "topic": name,
        "topic_name": topic_name(name),
        "counted": counted,
        "waiting": [told(each) for each in undelivered(name, Message.State.WAITING)[:SHOWN]],
        "dead": [told(each) for each in undelivered(name, Message.State.DEAD)[:SHOWN]],
        "now": now,
        "new_form_key": new_form_key,
    }
    return page(request, "staff/outgoing/topic.html", context, active="office")


@staff_only(Role.CLERK)
@require_POST
@once
def outgoing_again(request: HttpRequest, topic: str) -> HttpResponse:
    """Have one message, or all of the topic, tried now."""
    known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    count = send_again(topic=topic[:LONGEST_TOPIC], public_id=request.POST.get("message", "")[:22], **known)
    if count:
        done = ngettext("%(num)s message is being sent again.", "%(num)s messages are being sent again.", count)
        messages.success(request, done % {"num": count})
    else:
        messages.warning(
            request, _("Nothing could be sent again: it has left meanwhile, or it is too old to be of use.")
        )
    return redirect("staff:outgoing_topic", topic=topic)


@staff_only(Role.ADMIN)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def outgoing_drop(request: HttpRequest, message: str) -> HttpResponse:
    found = Message.objects.filter(public_id=message).first()
    if found is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    known = {"message": found, "by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(drop_message, **known):
        messages.success(request, _("The message is given up for good."))
        return redirect("staff:outgoing_topic", topic=found.topic)
    context = {"message": told(found), "is_dead": found.state == Message.State.DEAD, "form": form}
    return page(request, "staff/outgoing/drop.html", context, active="office")


def told(message: Message) -> dict[str, Any]:
    """Return what the office sees of a message: which, since when, how often it was tried and why that failed."""
    payload = message.payload if isinstance(message.payload, dict) else {}
    to = payload.get("to")
    return {
        "public_id": message.public_id,
        "topic": message.topic,
        "topic_name": topic_name(message.topic),
        "what": str(payload.get("template") or payload.get("number") or ""),
        "to": masked_email(to) if isinstance(to, str) and "@" in to else "",
        "created_at": message.created_at,
        "next_attempt_at": message.next_attempt_at,
        "expires_at": message.expires_at,
        "attempts": message.attempts,
        "error": ADDRESS.sub(lambda found: masked_email(found.group()), message.last_error),
    }
