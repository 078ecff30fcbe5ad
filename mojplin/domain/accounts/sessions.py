"""Sessions: a signed-in browser holds a secret cookie, the table its hash; one statement brings session and user."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from mojplin.domain.accounts.consent import required_version
from mojplin.domain.accounts.models import Session, User
from mojplin.foundation.prepared import rows

SEEN_EVERY = timedelta(minutes=1)
"""How often `last_seen_at` is written: not at every request."""


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def start_session(*, user: User, device: str, ip: str | None, now: datetime, secret: str | None = None) -> str:
    """Make a session and return the secret for the cookie."""
    secret = secret or secrets.token_urlsafe(32)
    Session.objects.create(
        key_hash=secret_hash(secret),
        user=user,
        device=device,
        ip=ip,
        created_at=now,
        confirmed_at=now,
        last_seen_at=now,
    )
    return secret


def end_session(*, user: User, public_id: str) -> bool:
    """End one of the user's own sessions; return whether there was such a one."""
    return bool(Session.objects.filter(user=user, public_id=public_id).delete()[0])


_OF_SESSION = [field.attname for field in Session._meta.concrete_fields]
_OF_USER = [field.attname for field in User._meta.concrete_fields]


def _with_user(asked: Sequence[Any]) -> "QuerySet[Session, Any]":
    key_hash, today = asked
    columns = [*_OF_SESSION, *(f"user__{name}" for name in _OF_USER)]
    return Session.objects.filter(key_hash=key_hash).values_list(*columns, Subquery(required_version(today)))


def session_of(secret: str, *, today: date) -> Session | None:
    """Return the session of a cookie's secret with its user, in one statement; None when there is none.

    The same statement tells which version of the terms the user must have agreed to by today.
    """
    for row in rows(_with_user, [secret_hash(secret), today]):
        session = Session.from_db(DEFAULT_DB_ALIAS, _OF_SESSION, row[: len(_OF_SESSION)])
        session.user = User.from_db(DEFAULT_DB_ALIAS, _OF_USER, row[len(_OF_SESSION) : -1])
        session.user.terms_required = row[-1] or 0
        return session
    return None


def is_alive(session: Session, now: datetime) -> bool:
    """Return whether neither the idle nor the absolute limit has passed; staff have shorter ones."""
    staff = session.user.is_staff
    idle = timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES if staff else settings.SESSION_IDLE_MINUTES)
    whole = timedelta(hours=settings.STAFF_SESSION_HOURS if staff else settings.SESSION_HOURS)
    return now - session.last_seen_at < idle and now - session.created_at < whole


class SessionMiddleware:
    """Set `request.session` (a `Session` or None) and `request.user`."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.session, request.user = None, AnonymousUser()
        secret = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if secret and not request.path_info.startswith(settings.STATIC_URL):
            self.bring_user(request, secret)
        return self.get_response(request)

    def bring_user(self, request: Any, secret: str) -> None:
        now = timezone.now()
        session = session_of(secret, today=timezone.localdate(now))
        if session is None or not session.user.is_active or not is_alive(session, now):
            return
        if now - session.last_seen_at > SEEN_EVERY:
            Session.objects.filter(pk=session.pk).update(last_seen_at=now)
        request.session, request.user = session, session.user
