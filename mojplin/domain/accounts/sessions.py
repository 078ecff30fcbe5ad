"""Sessions: a signed-in browser holds a secret cookie, the table its hash; one statement brings session and user."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.consent import required_version
from mojplin.domain.accounts.models import AccessEvent, PendingLogin, PushDevice, Session, User
from mojplin.domain.accounts.sites import address_in
from mojplin.foundation import mail
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.prepared import rows

SEEN_EVERY = timedelta(minutes=1)
"""How often `last_seen_at` is written: not at every request."""
CONFIRMED_FOR = timedelta(minutes=10)
"""How long after proving who one is sensitive steps ask for nothing."""
SESSIONS_PER_USER = 10
KEEP_ENDED = timedelta(days=30)


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def start_session(
    *,
    user: User,
    device: str,
    ip: str | None,
    now: datetime,
    secret: str | None = None,
    second_factor_at: datetime | None = None,
) -> str:
    """Make a session and return the secret for the cookie.

    :param second_factor_at: when somebody of the staff showed their second factor, if they have.
    """
    secret = secret or secrets.token_urlsafe(32)
    Session.objects.create(
        key_hash=secret_hash(secret),
        user=user,
        device=device,
        ip=ip,
        created_at=now,
        confirmed_at=now,
        second_factor_at=second_factor_at,
        last_seen_at=now,
    )
    _end_oldest(user)
    return secret


def _end_oldest(user: User) -> None:
    newest_first = Session.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    too_many = list(newest_first.values_list("pk", flat=True)[SESSIONS_PER_USER:])
    if too_many:
        Session.objects.filter(pk__in=too_many).delete()


def renew_session(session_pk: int, *, secret: str, now: datetime) -> bool:
    """Note that the owner has just proved who they are, under a new secret; return whether the session is there."""
    renewed = {"key_hash": secret_hash(secret), "confirmed_at": now, "last_seen_at": now}
    return bool(Session.objects.filter(pk=session_pk).update(**renewed))


def note_second_factor(session: Session, *, secret: str, now: datetime) -> bool:
    """Note that the owner, of the staff, has just shown the second factor, under a new secret; False: it has ended."""
    renewed = {"key_hash": secret_hash(secret), "second_factor_at": now, "last_seen_at": now}
    return bool(Session.objects.filter(pk=session.pk).update(**renewed))


def follow_browser(user: User, *, device_secret: str, session_secret: str) -> None:
    """Let the notifications of the user's browser end with its new session from now on."""
    here = PushDevice.objects.filter(user=user, browser__secret_hash=secret_hash(device_secret))
    here.update(session=Subquery(Session.objects.filter(key_hash=secret_hash(session_secret)).values("pk")))


def is_confirmed_recently(session: Session, now: datetime) -> bool:
    """Return whether the owner proved who they are recently enough for a sensitive step."""
    return now - session.confirmed_at <= CONFIRMED_FOR


def end_sessions_of(user: User, *, except_session: Session | None = None) -> int:
    """End the user's sessions but one, and every sign-in that still waits; return how many sessions ended.

    Notifications end in all browsers but that one's, also where the session had run out before.
    """
    open_states = [PendingLogin.State.WAITING, PendingLogin.State.APPROVED]
    PendingLogin.objects.filter(user=user, state__in=open_states).update(state=PendingLogin.State.DEAD)
    sessions, pushed = Session.objects.filter(user=user), PushDevice.objects.filter(user=user)
    if except_session:
        sessions, pushed = sessions.exclude(pk=except_session.pk), pushed.exclude(session=except_session)
    pushed.delete()
    return sessions.delete()[1].get("accounts.Session", 0)


@transaction.atomic
def sign_out_device(*, by: User, public_id: str, ip: str | None, now: datetime) -> None:
    """End one of the person's own sessions at their wish; another's, or one that is over, is no different."""
    device = Session.objects.filter(user=by, public_id=public_id).values_list("device", flat=True).first()
    if device is not None and end_session(user=by, public_id=public_id):
        what = AccessEvent.What.SIGNED_OUT_DEVICE
        access_log.record(whose=by, what=what, by=by, about=device, ip=ip, now=now)


@transaction.atomic
def sign_out_elsewhere(*, by: User, session: Session, ip: str | None, now: datetime) -> None:
    """End every other session and every sign-in that waits, at the person's wish; `session` stays."""
    end_sessions_of(by, except_session=session)
    access_log.record(whose=by, what=AccessEvent.What.SIGNED_OUT_EVERYWHERE, by=by, ip=ip, now=now)


@transaction.atomic
def sign_out_by_office(*, user: User, reason: str, by: User, ip: str | None, now: datetime) -> int:
    """End every session of a customer and every sign-in that waits; return how many sessions ended.

    The customer is told by mail, and reads who did it and why.
    """
    ended = end_sessions_of(user)
    what = AccessEvent.What.SIGNED_OUT_EVERYWHERE
    access_log.record(whose=user, what=what, by=by, reason=reason, ip=ip, now=now)
    context = {
        "username": user.username, "reason": reason, "action_url": address_in(user.language, "web:sign_in"),
    }  # fmt: skip
    mail.post(to=user.email, template="accounts/mail/signed_out_by_office", context=context, language=user.language)
    return ended


def end_session(*, user: User, public_id: str) -> bool:
    """End one of the user's own sessions, and notifications in its browser; return whether there was such a one."""
    PushDevice.objects.filter(session__user=user, session__public_id=public_id).delete()
    return bool(Session.objects.filter(user=user, public_id=public_id).delete()[0])


@hourly
def forget_ended_sessions(now: datetime) -> None:
    """Delete sessions that ran out long ago; those somebody ended are gone already."""
    Session.objects.filter(last_seen_at__lt=now - KEEP_ENDED).delete()


_OF_SESSION = [field.attname for field in Session._meta.concrete_fields]
_OF_USER = [field.attname for field in User._meta.concrete_fields if not field.generated]


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


def time_left(session: Session, now: datetime) -> tuple[timedelta, timedelta]:
    """Return how long the session lasts without any use, and how long at most; staff's are shorter."""
    staff = session.user.is_staff
    idle = timedelta(minutes=settings.STAFF_SESSION_IDLE_MINUTES if staff else settings.SESSION_IDLE_MINUTES)
    whole = timedelta(hours=settings.STAFF_SESSION_HOURS if staff else settings.SESSION_HOURS)
    return session.last_seen_at + idle - now, session.created_at + whole - now


def is_alive(session: Session, now: datetime) -> bool:
    """Return whether neither the idle nor the absolute limit has passed."""
    return min(time_left(session, now)) > timedelta(0)


def live_sessions_of(user: User, now: datetime) -> list[Session]:
    """Return the sessions in which the user is signed in, the last used first."""
    found = Session.objects.filter(user=user).select_related("user").order_by("-last_seen_at")
    return [each for each in found if is_alive(each, now)]


class SessionMiddleware:
    """Set `request.session` (a `Session` or None) and `request.user`; `request.ended_session` is one that ran out.

    A view marked `leaves_session_idle` (an open tab that only asks) does not count as use.
    """

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.session, request.ended_session, request.user = None, None, AnonymousUser()
        secret = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if secret and not request.path_info.startswith(settings.STATIC_URL):
            self.bring_user(request, secret)
        return self.get_response(request)

    def bring_user(self, request: Any, secret: str) -> None:
        now = timezone.now()
        session = session_of(secret, today=timezone.localdate(now))
        if session is None or not session.user.is_active:
            return
        if not is_alive(session, now):
            request.ended_session = session
            return
        request.session, request.user = session, session.user

    def process_view(self, request: Any, view: Callable[..., Any], _args: Any, _kwargs: Any) -> None:
        session, now = request.session, timezone.now()
        if session is None or getattr(view, "leaves_session_idle", False):
            return
        if now - session.last_seen_at > SEEN_EVERY:
            Session.objects.filter(pk=session.pk).update(last_seen_at=now)
