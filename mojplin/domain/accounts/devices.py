"""Known browsers: a cookie of 180 days that opens nothing; it gives the browser its own lockout and spares a mail."""

from datetime import datetime, timedelta

from django.db import transaction

from mojplin.domain.accounts.models import KnownDevice, User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.foundation import mail
from mojplin.foundation.formats import clock, day_in_sentence, language_of

KNOWN_FOR = timedelta(days=180)
JUST_REGISTERED = timedelta(days=1)
"""The first browser of somebody so new is no news to them."""


def known_device(*, user: User | None, secret: str, now: datetime) -> KnownDevice | None:
    """Return the browser that holds this secret, if the user has signed in with it before.

    :param user: None for a name nobody has: the same statement is asked, so that the time does not tell.
    """
    if not secret:
        return None
    since = now - KNOWN_FOR
    mine = KnownDevice.objects.filter(secret_hash=secret_hash(secret), user_id=user.pk if user else 0)
    return mine.filter(last_used_at__gt=since).first()


def remember_device(
    *, user: User, former_secret: str, fresh_secret: str, device: str, ip: str | None, now: datetime
) -> str:
    """Remember the browser of a sign-in, in its transaction, and return what its cookie holds from now on.

    A browser that is new to the user gets a fresh secret, also for whoever else uses it: a cookie somebody planted
    there becomes worthless. The user is told of it by mail.

    :param former_secret: what the cookie held before, or "".
    """
    for secret in filter(None, (former_secret, fresh_secret)):
        mine = KnownDevice.objects.filter(user=user, secret_hash=secret_hash(secret))
        if mine.update(last_used_at=now, device=device):
            return secret
    with transaction.atomic():
        if former_secret:
            others = KnownDevice.objects.filter(secret_hash=secret_hash(former_secret))
            others.update(secret_hash=secret_hash(fresh_secret))
        is_first = not KnownDevice.objects.filter(user=user).exists()
        KnownDevice.objects.create(user=user, secret_hash=secret_hash(fresh_secret), device=device, last_used_at=now)
    if not (is_first and now - user.registered_at < JUST_REGISTERED):
        language = language_of(user.language)
        when = {"day": day_in_sentence(now, language), "time": clock(now, language)}
        context = {"username": user.username, "device": device, "ip": ip or ""} | when
        mail.post(to=user.email, template="accounts/mail/new_device", context=context, language=user.language)
    return fresh_secret


def forget_devices(user: User) -> None:
    """Forget all browsers of the user: after a new password each is new again."""
    KnownDevice.objects.filter(user=user).delete()


def forget_old_devices(now: datetime) -> None:
    KnownDevice.objects.filter(last_used_at__lt=now - KNOWN_FOR).delete()
