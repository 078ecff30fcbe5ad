"""Signing in: the password, then the button in the mail. A session is born only in the browser that typed the password.

Every change of a `PendingLogin` is a conditional UPDATE, so of many at once one wins.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.devices import known_device, remember_device
from mojplin.domain.accounts.lockout import count_try, note_failure, note_success, take_back
from mojplin.domain.accounts.models import AccessEvent, PendingLogin, Session, User
from mojplin.domain.accounts.passwords import LONGEST, normalized
from mojplin.domain.accounts.sessions import follow_browser, renew_session, secret_hash, start_session
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slots import NoFreeSlot

State = PendingLogin.State
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAILS_PER_HOUR, MAILS_PER_DAY = 5, 15
PENDING_VALID = timedelta(minutes=30)
PENDINGS_PER_ACCOUNT = 3
MAIL_WORTH_SENDING = timedelta(minutes=10)
SAME_CLICK = timedelta(seconds=60)


class WrongCredentials(Refused):
    message = _("The username or e-mail and the password do not match. Try again.")


class TooManySignInMails(Refused):
    message = _("We have sent you too many sign-in messages. Try again in an hour.")


class NotConfirmed(Refused):
    message = _("It is not confirmed yet. Open the message and press the button in it.")


class SignInOver(Refused):
    message = _("This sign-in is over. Sign in again.")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who is at the door: what the request tells about the browser."""

    ip: str | None
    device: str
    """Such as "Chrome, Windows"."""
    device_secret: str = ""
    """What its cookie of known browsers holds; opens nothing."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    user: User
    session_secret: str
    device_secret: str
    next_path: str


def begin_sign_in(
    *,
    identifier: str,
    password: str,
    form_secret: str,
    former_secret: str,
    visit: Visit,
    next_path: str,
    now: datetime,
    renews: Session | None = None,
    for_office: bool = False,
) -> tuple[PendingLogin, str]:
    """Check the password, post the confirmation mail; return the sign-in that waits and the secret for its browser.

    :param identifier: username or e-mail.
    :param renews: the session of somebody who confirms again that it is them: it goes on, no other is made.
    :param for_office: staff alone come in here; a customer is answered as somebody who is not there.
    :param form_secret: what only the browser with this form knows; the same again (a double click) is the same sign-in.
    :param former_secret: what the browser's cookie held before, or "": the sign-in it belongs to dies.
    :raises WrongCredentials: also for a user who is not there, after the same work.
    :raises TooManyFailures: for this account or from this network.
    :raises TooManySignInMails: the account was sent five in an hour or fifteen in a day.
    """
    user = proven_user(identifier=identifier, password=password, visit=visit, now=now, for_office=for_office)
    browser_secret = _keyed(f"browser {user.pk} {form_secret}")
    earlier = PendingLogin.objects.filter(browser_hash=secret_hash(browser_secret)).first()
    if earlier and earlier.state == State.WAITING and earlier.expires_at > now:
        return earlier, browser_secret
    if earlier:
        browser_secret = secrets.token_urlsafe(32)
    count_sign_in_mail(user.pk, now)
    try:
        with transaction.atomic():
            end_other_pendings(user=user, former_secret=former_secret, now=now)
            return _new_pending(user, browser_secret, visit, next_path, now, renews), browser_secret
    except IntegrityError:  # the other click of a double click was first
        return PendingLogin.objects.get(browser_hash=secret_hash(browser_secret)), browser_secret


def _new_pending(
    user: User, browser_secret: str, visit: Visit, next_path: str, now: datetime, renews: Session | None
) -> PendingLogin:
    pending = PendingLogin.objects.create(
        user=user,
        renews=renews,
        password_mark=password_mark(user),
        browser_hash=secret_hash(browser_secret),
        number=str(10 + secrets.randbelow(90)),
        last_mail_asked_at=now,
        next_path=next_path,
        device=visit.device,
        ip=visit.ip,
        created_at=now,
        expires_at=now + PENDING_VALID,
    )
    post_sign_in_mail(pending, now=now)
    return pending


def proven_user(*, identifier: str, password: str, visit: Visit, now: datetime, for_office: bool = False) -> User:
    """Return the user whose password this is; the work and the answer are the same when there is no such user.

    :raises WrongCredentials: there is no such user, or it is not the password.
    :raises TooManyFailures: no more tries for now; the password was not looked at.
    :raises NoFreeSlot: too many passwords are looked at just now; counts as no try.
    """
    user = User.objects.by_username_or_email(identifier)
    if for_office and user and not user.is_staff:
        user = None
    this = count_try(
        account=str(user.pk) if user else lookup_hash(identifier.strip().casefold()),
        device=known_device(user=user, secret=visit.device_secret, now=now),
        ip=visit.ip,
        now=now,
    )
    try:
        is_right = _is_password_of(user, normalized(password)[: LONGEST + 1])
    except NoFreeSlot:
        take_back(this)
        raise
    if user is None or not is_right:
        note_failure(this)
        raise WrongCredentials
    note_success(this)
    return user


def _is_password_of(user: User | None, typed: str) -> bool:
    if user is None:
        make_password(typed)
        return False
    return user.check_password(typed)


def count_sign_in_mail(user_pk: int, now: datetime) -> None:
    """Count one more sign-in mail to the account, the ones that are sent again included.

    :raises TooManySignInMails: five in an hour, fifteen in a day.
    """
    for key, window, most in (("sign-in mail", HOUR, MAILS_PER_HOUR), ("sign-in mail day", DAY, MAILS_PER_DAY)):
        if limits.hit(f"{key} {user_pk}", window=window, now=now) > most:
            raise TooManySignInMails


def end_other_pendings(*, user: User, former_secret: str, now: datetime) -> None:
    """End the same browser's earlier sign-in, and the oldest of the account beyond two others."""
    open_ones = PendingLogin.objects.filter(state__in=[State.WAITING, State.APPROVED])
    if former_secret:
        open_ones.filter(browser_hash=secret_hash(former_secret)).update(state=State.DEAD)
    of_user = open_ones.filter(user=user, expires_at__gt=now).order_by("-created_at", "-pk")
    too_many = list(of_user.values_list("pk", flat=True)[PENDINGS_PER_ACCOUNT - 1 :])
    open_ones.filter(pk__in=too_many).update(state=State.DEAD)


def post_sign_in_mail(pending: PendingLogin, *, now: datetime) -> None:
    """Post the mail; the outbox holds the id alone, the worker makes link and code when it sends."""
    Message.post("sign_in_mail", expires_at=now + MAIL_WORTH_SENDING, pending=pending.public_id)


def live_pending(*, browser_secret: str, now: datetime) -> PendingLogin | None:
    """Return the sign-in of the browser that holds this secret, whatever its state, until it is too old."""
    if not browser_secret:
        return None
    found = PendingLogin.objects.select_related("user").filter(browser_hash=secret_hash(browser_secret))
    pending = found.filter(expires_at__gt=now).first()
    if pending and not is_still_good(pending, pending.user):
        pending.state = State.DEAD
    return pending


def is_still_good(pending: PendingLogin, user: User) -> bool:
    """Return whether the account is as it was: not blocked, the same password, the same e-mail address."""
    return user.is_active and pending.password_mark == password_mark(user)


def password_mark(user: User) -> str:
    """Return a mark of the user's present password and address, by which a later change is noticed."""
    return lookup_hash(f"password {user.password} {user.email}")


def finish_sign_in(*, pending: PendingLogin, browser_secret: str, visit: Visit, now: datetime) -> SignedIn:
    """Make the session of a confirmed sign-in, once; the same click again within a minute gets the same session.

    :param browser_secret: from the cookie; the sign-in of another browser is refused.
    :raises NotConfirmed: nobody has pressed the button in the mail yet.
    :raises SignInOver: denied, too old, used before, or the password was changed meanwhile.
    """
    if not hmac.compare_digest(pending.browser_hash, secret_hash(browser_secret)):
        raise SignInOver
    user = User.objects.get(pk=pending.user_id)
    if not is_still_good(pending, user):
        PendingLogin.objects.filter(pk=pending.pk).update(state=State.DEAD)
        raise SignInOver
    session_secret = _keyed(f"session {pending.public_id} {browser_secret}")
    with transaction.atomic():
        approved = PendingLogin.objects.filter(pk=pending.pk, state=State.APPROVED, expires_at__gt=now)
        if approved.update(state=State.USED, used_at=now):
            if pending.renews_id:
                if not renew_session(pending.renews_id, secret=session_secret, now=now):
                    raise SignInOver
                return _signed_in(pending, user, session_secret, browser_secret, visit, now)
            start_session(user=user, device=visit.device, ip=visit.ip, now=now, secret=session_secret)
            access_log.record(
                whose=user, what=AccessEvent.What.SIGNED_IN, by=user, about=visit.device, ip=visit.ip, now=now
            )
            return _signed_in(pending, user, session_secret, browser_secret, visit, now)
    pending.refresh_from_db()
    if pending.state == State.WAITING:
        raise NotConfirmed
    just_used = pending.state == State.USED and pending.used_at and now - pending.used_at < SAME_CLICK
    if not just_used or not Session.objects.filter(key_hash=secret_hash(session_secret)).exists():
        raise SignInOver
    return _signed_in(pending, user, session_secret, browser_secret, visit, now)


def _signed_in(
    pending: PendingLogin, user: User, session_secret: str, browser_secret: str, visit: Visit, now: datetime
) -> SignedIn:
    device_secret = remember_device(
        user=user,
        former_secret=visit.device_secret,
        fresh_secret=_keyed(f"device {pending.public_id} {browser_secret}"),
        device=visit.device,
        ip=visit.ip,
        now=now,
    )
    follow_browser(user, device_secret=device_secret, session_secret=session_secret)
    return SignedIn(user=user, session_secret=session_secret, device_secret=device_secret, next_path=pending.next_path)


def _keyed(text: str) -> str:
    """Return a secret that follows from a text and the portal's key: the same for every click on one form."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
