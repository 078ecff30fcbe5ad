"""Messages as notifications of a browser: turning them on and off, and what ends them beside."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, KnownDevice, PushDevice, Session, User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation import web_push
from mojplin.foundation.errors import Refused

DEVICES_PER_USER = 10
"""One more, and the one that was added longest ago ends."""


class NoAddress(Refused):
    message = _("This browser gave no address to which notifications can be sent. Messages by e-mail come as before.")


def live_push_devices() -> "QuerySet[PushDevice]":
    """Return the devices to which we can send: of people who are there, under the key we have now."""
    there = {"user__is_active": True, "user__closing_asked_at": None}
    return PushDevice.objects.filter(server_key=web_push.public_key(), **there)


def push_devices_of(user: User) -> list[PushDevice]:
    return list(live_push_devices().filter(user=user).select_related("browser").order_by("-added_at", "-pk"))


@transaction.atomic
def push_to_browser(
    *, endpoint: str, p256dh: str, auth: str, session: Session, device_secret: str, visit: Visit, now: datetime
) -> None:
    """Have messages shown as notifications in this browser from now on; asked again it is the same.

    :param device_secret: of the cookie by which the portal knows the browser.
    :raises NoAddress: what the browser gave is no address of a push service that we know.
    """
    if not web_push.is_usable(web_push.Address(endpoint, p256dh, auth)):
        raise NoAddress
    user, known = session.user, {"device": visit.device, "last_used_at": now}
    browser, _is_new = KnownDevice.objects.get_or_create(
        user=user, secret_hash=secret_hash(device_secret), defaults=known
    )
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    PushDevice.objects.filter(Q(endpoint_hash=digest) | Q(browser=browser)).delete()
    PushDevice.objects.create(
        user=user, browser=browser, session=session, endpoint=endpoint, endpoint_hash=digest, p256dh=p256dh, auth=auth,
        server_key=web_push.public_key(), added_at=now,
    )  # fmt: skip
    newest_first = PushDevice.objects.filter(user=user).order_by("-added_at", "-pk").values_list("pk", flat=True)
    PushDevice.objects.filter(pk__in=list(newest_first[DEVICES_PER_USER:])).delete()
    _record(user, visit.device, visit.ip, now)


@transaction.atomic
def stop_push(*, public_id: str, by: User, ip: str | None, now: datetime) -> None:
    """Send no more notifications to one of the person's own devices; another's, or one that is over, is alike."""
    device = PushDevice.objects.filter(user=by, public_id=public_id).select_related("browser").first()
    if device is not None:
        device.delete()
        _record(by, device.browser.device, ip, now)


def end_push(device: PushDevice) -> None:
    """Forget an address at which nothing is taken any more, unless its browser has given another since."""
    PushDevice.objects.filter(pk=device.pk, endpoint_hash=device.endpoint_hash).delete()


def _record(user: User, device: str, ip: str | None, now: datetime) -> None:
    what = AccessEvent.What.NOTICES_CHANGED
    access_log.record(whose=user, what=what, by=user, about=device, ip=ip, now=now)
