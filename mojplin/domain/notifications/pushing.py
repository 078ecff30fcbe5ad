"""Notices as notifications of a browser: a lock screen may show the kind and the person's own name of a place."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.push_devices import end_push, live_push_devices
from mojplin.domain.notifications.daytime import is_daytime, next_morning
from mojplin.domain.notifications.kinds import Kind, Letter, kind_of
from mojplin.domain.notifications.models import SentNotice
from mojplin.foundation import formats, web_push
from mojplin.foundation.outbox.delivery import NotBefore, deliverer
from mojplin.foundation.outbox.models import Message

PUSH = "notice_push"
PLACES_NAMED = 3


def post_pushes(groups: Collection[tuple[int, list[int]]]) -> None:
    """Post what is to be shown to whom, once for each device of theirs, in the caller's transaction.

    :param groups: user and keys of the notices that are told together.
    """
    if not web_push.public_key() or not groups:
        return
    devices: dict[int, list[int]] = {}
    of_readers = live_push_devices().filter(user__in={user for user, _notices in groups})
    for user, device in of_readers.order_by("pk").values_list("user", "pk"):
        devices.setdefault(user, []).append(device)
    messages = [{"device": each, "notices": pks} for user, pks in groups for each in devices.get(user, ())]
    Message.post_all(PUSH, messages)


@deliverer(PUSH)
def deliver_push(message: Message) -> None:
    """Send the notification if it is still news and still so; within the quiet hours it waits for the morning."""
    now = timezone.now()
    if now - message.created_at > web_push.KEPT_FOR:
        return
    if not is_daytime(now):
        raise NotBefore(next_morning(now))
    device = live_push_devices().filter(pk=message.payload["device"]).select_related("user").first()
    noted = SentNotice.objects.filter(pk__in=message.payload["notices"]).select_related("link__supply_point")
    if device is None:
        return
    content = notification(device.user, list(noted.order_by("pk")))
    if content is None:
        return
    address = web_push.Address(device.endpoint, device.p256dh, device.auth)
    try:
        web_push.send(address, content | {"tag": message.public_id}, name=message.public_id)
    except web_push.Over:
        end_push(device)


def notification(user: User, notices: Sequence[SentNotice]) -> dict[str, Any] | None:
    """Return title, text and page of the notification; None: of all this nothing is so any more."""
    told = [(kind, each) for each in notices if (kind := kind_of(each.topic)) and kind.topic.code == each.topic]
    if not told:
        return None
    kinds = {kind.topic.code: kind for kind, _notice in told}
    kind = next(iter(kinds.values()))
    with translation.override(user.language):
        if len(kinds) > 1:
            title = ngettext("%(count)s message", "%(count)s messages", len(told)) % {"count": len(told)}
            body = ", ".join(str(each.topic.label) for each in kinds.values())
            return _content(user, title, body, reverse("web:sent_messages"))
        letter = kind.letter(user, notices, formats.language_of(user.language)) if kind.letter else None
        if kind.letter and letter is None:
            return None
        return _content(user, str(kind.topic.label), _places(notices), _page(kind, notices, letter))


def _content(user: User, title: str, body: str, url: str) -> dict[str, Any]:
    return {"title": title, "body": body, "url": url, "lang": user.language}


def _places(notices: Sequence[SentNotice]) -> str:
    """Return what their reader calls the places: "Dom, Vikend and 2 more"."""
    names = list(dict.fromkeys(each.link.name for each in notices if each.link))
    listed, more = ", ".join(names[:PLACES_NAMED]), len(names) - PLACES_NAMED
    return _("%(places)s and %(more)s more") % {"places": listed, "more": more} if more > 0 else listed


def _page(kind: Kind, notices: Sequence[SentNotice], letter: Letter | None) -> str:
    """Return the page to which the mail leads, else the one of the kind, with the place where it is about one."""
    led_to = str(letter.context.get("action_url", "")) if letter else ""
    if led_to.startswith(f"{settings.BASE_URL}/"):
        return led_to.removeprefix(settings.BASE_URL)
    links = {each.link_id: each.link for each in notices}
    link = next(iter(links.values())) if len(links) == 1 else None
    address = reverse(kind.page)
    return f"{address}?place={link.supply_point.public_id}" if link and link.ended_at is None else address
