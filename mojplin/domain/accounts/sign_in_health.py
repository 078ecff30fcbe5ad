"""Is signing in well? What the worker looks at, what staff see, and what is forgotten when its time is over."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import structlog

from mojplin.domain.accounts.devices import forget_old_devices
from mojplin.domain.accounts.lockout import SiteFailures, forget_old_lockouts, site_failures
from mojplin.domain.accounts.models import DeniedSignIn, PendingLogin, Registration, User
from mojplin.foundation import limits
from mojplin.foundation.housekeeping import hourly, watch
from mojplin.foundation.outbox.models import Message

SIGN_IN_MAIL = "sign_in_mail"
"""The topic of the mails that let somebody in."""
LATE_AFTER = timedelta(seconds=60)
ALARM_EVERY = timedelta(minutes=1)
KEEP_PENDINGS = timedelta(hours=24)
KEEP_DENIED = timedelta(days=30)
DENIED_TWICE_WITHIN = timedelta(hours=24)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class SignInHealth:
    """How signing in is doing now."""

    oldest_mail_seconds: int | None
    """Age of the oldest sign-in mail that was not sent yet; None when none waits."""
    is_mail_late: bool
    failures: SiteFailures


@dataclass(frozen=True, kw_only=True)
class Denials:
    """An account whose owner said "It is not me" at least twice within a day: somebody has the password."""

    user: User
    count: int
    last_at: datetime


def sign_in_health(now: datetime) -> SignInHealth:
    age = _oldest_unsent(now)
    return SignInHealth(
        oldest_mail_seconds=round(age.total_seconds()) if age is not None else None,
        is_mail_late=age is not None and age > LATE_AFTER,
        failures=site_failures(now),
    )


def often_denied(now: datetime) -> list[Denials]:
    """Return the accounts with two denied sign-ins within a day, of the last 30 days, the latest first."""
    by_user: dict[User, list[datetime]] = defaultdict(list)
    rows = DeniedSignIn.objects.filter(denied_at__gt=now - KEEP_DENIED).select_related("user")
    for row in rows.order_by("denied_at", "pk"):
        by_user[row.user].append(row.denied_at)
    found = [
        Denials(user=user, count=len(times), last_at=times[-1])
        for user, times in by_user.items()
        if any(second - first <= DENIED_TWICE_WITHIN for first, second in pairwise(times))
    ]
    return sorted(found, key=lambda each: each.last_at, reverse=True)


@watch
def alarm_at_late_mail(now: datetime) -> None:
    """Log an alarm, once a minute, while a sign-in mail waits longer than a minute: nobody can sign in."""
    age = _oldest_unsent(now)
    if age is None or age <= LATE_AFTER:
        return
    if limits.hit("late sign-in mail alarm", window=ALARM_EVERY, now=now) == 1:
        log.error("sign_in_mail_late", oldest_seconds=round(age.total_seconds()))


@hourly
def forget_old_sign_ins(now: datetime) -> None:
    """Delete sign-ins and registrations after a day with their links, and what counts or says nothing any more."""
    PendingLogin.objects.filter(created_at__lt=now - KEEP_PENDINGS).delete()
    Registration.objects.filter(asked_at__lt=now - KEEP_PENDINGS).delete()
    DeniedSignIn.objects.filter(denied_at__lt=now - KEEP_DENIED).delete()
    forget_old_lockouts(now)
    forget_old_devices(now)


def _oldest_unsent(now: datetime) -> timedelta | None:
    waiting = Message.objects.filter(topic=SIGN_IN_MAIL, state=Message.State.WAITING)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return now - oldest if oldest else None
