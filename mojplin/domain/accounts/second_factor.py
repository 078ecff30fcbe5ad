"""The second factor of staff, asked at every sign-in after the mail: a code of an app, a passkey, or a code on paper.

Who has none yet sets one up in the ten minutes after a full sign-in. A session of staff opens nothing before.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, AuthenticatorApp, Passkey, RecoveryCode, Session, User
from mojplin.domain.accounts.passkeys import add_passkey, confirm_with_passkey
from mojplin.domain.accounts.proof_mails import tell_proof_changed
from mojplin.domain.accounts.recovery_codes import LENGTH as PAPER_CODE_LENGTH
from mojplin.domain.accounts.recovery_codes import use_recovery_code
from mojplin.domain.accounts.sessions import end_sessions_of, is_confirmed_recently, note_second_factor
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.protected import decrypted, encrypted
from mojplin.foundation.typed_codes import as_typed

STEP_SECONDS = 30
CLOCKS_DIFFER_STEPS = (-1, 0, 1)
"""A code of the half minute before or after is taken: a phone's clock is never quite right."""
SHOWN_FOR = timedelta(minutes=10)
"""How long after showing it sensitive acts in the office ask for nothing."""
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
TRIES_PER_QUARTER, TRIES_PER_DAY = 5, 20
What = AccessEvent.What


class WrongSecondFactor(Refused):
    field = "code"
    message = _("The code is not right. Type the one the app shows now; each is good once.")


class TooManyWrongCodes(Refused):
    field = "code"
    message = _("There were too many wrong codes. Wait a quarter of an hour; after twenty in a day, until tomorrow.")


class NotJustSignedIn(Refused):
    message = _("Setting up takes a fresh sign-in. Sign out and in again.")


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What an app needs to show this person's codes."""

    secret: str
    """In base 32, to be typed."""
    address: str
    """The same as an otpauth:// address, for a QR code."""


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What a person can show."""

    app: AuthenticatorApp | None
    passkeys: int
    paper_codes: int

    @property
    def is_set_up(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(user: User) -> Factors:
    return Factors(
        app=AuthenticatorApp.objects.filter(user=user, proven_at__isnull=False).first(),
        passkeys=Passkey.objects.filter(user=user).count(),
        paper_codes=RecoveryCode.objects.filter(user=user, used_at=None).count(),
    )


def is_shown_recently(session: Session, now: datetime) -> bool:
    """Return whether the second factor was shown recently enough for a sensitive act in the office."""
    return session.second_factor_at is not None and now - session.second_factor_at <= SHOWN_FOR


def begin_app(*, session: Session, now: datetime) -> Setup:
    """Return what the app needs; asked again in the same session before its first code was typed, the same."""
    user = session.user
    fresh = {"user": user, "secret_encrypted": encrypted(pyotp.random_base32()), "made_at": now}
    app, _made = AuthenticatorApp.objects.get_or_create(session=session, defaults=fresh)
    secret = decrypted(app.secret_encrypted)
    portal = settings.SUPPLIER["portal_name"]
    return Setup(secret=secret, address=pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=portal))


def set_up_app(*, session: Session, code: str, new_secret: str, visit: Visit, now: datetime) -> None:
    """Let the app that waits count from its first code on, instead of an earlier one; the session has shown it.

    All other sessions end, and the person is told by mail.

    :param new_secret: of the session, from now on.
    :raises NotJustSignedIn: neither a fresh sign-in nor a second factor shown a moment ago.
    :raises WrongSecondFactor: not a code of that app.
    """
    user = session.user
    _check_may_set_up(session, now)
    _count_try(user, now)
    app = AuthenticatorApp.objects.filter(session=session, proven_at=None).first()
    step = _step_of(app, code, now) if app else None
    if app is None or step is None:
        raise WrongSecondFactor
    with transaction.atomic():
        AuthenticatorApp.objects.filter(user=user, proven_at__isnull=False).delete()
        waits = AuthenticatorApp.objects.filter(pk=app.pk, proven_at=None)
        if not waits.update(proven_at=now, used_step=step, session=None):
            raise WrongSecondFactor
        _take_back_tries(user, now)
        end_sessions_of(user, except_session=session)
        if not note_second_factor(session, secret=new_secret, now=now):
            raise NotJustSignedIn
        access_log.record(whose=user, what=What.APP_ADDED, by=user, about=visit.device, ip=visit.ip, now=now)
        tell_proof_changed(user, what=What.APP_ADDED, device=visit.device, now=now)


def set_up_passkey(
    *, session: Session, name: str, credential: str, new_secret: str, visit: Visit, now: datetime
) -> None:
    """Keep a passkey as the second factor of somebody who has none; the session has shown it.

    :raises Refused: as `add_passkey` and `set_up_app`.
    """
    _check_may_set_up(session, now)
    add_passkey(name=name, credential=credential, session=session, visit=visit, now=now)
    if not note_second_factor(session, secret=new_secret, now=now):
        raise NotJustSignedIn


def show_code(*, session: Session, code: str, new_secret: str, ip: str | None, now: datetime) -> None:
    """Show the second factor by a code of the app, or by one of the codes on paper.

    :param new_secret: of the session, from now on.
    :raises WrongSecondFactor: it is neither, or it was used before.
    :raises TooManyWrongCodes: five wrong ones in a quarter of an hour, or twenty in a day; it was not looked at.
    """
    user = session.user
    _count_try(user, now, ip=ip)
    if not (_uses_app(user, code, now) or _uses_paper(user, code, ip, now)):
        raise WrongSecondFactor
    _take_back_tries(user, now)
    if not note_second_factor(session, secret=new_secret, now=now):
        raise WrongSecondFactor


def show_passkey(*, session: Session, credential: str, new_secret: str, now: datetime) -> None:
    """Show the second factor by a passkey.

    :raises PasskeyRefused: not this session's challenge, not this person's key, another site, or a copied key.
    """
    confirm_with_passkey(credential=credential, session=session, new_secret=new_secret, now=now)
    note_second_factor(session, secret=new_secret, now=now)


@transaction.atomic
def take_away(*, user: User, by: User, reason: str, now: datetime, ip: str | None) -> None:
    """Take away every second factor of somebody who has lost it; they set one up at the next sign-in.

    All their sessions end, and they are told by mail. Whoever does it knows them and has asked them.
    """
    for kind in (AuthenticatorApp, Passkey, RecoveryCode):
        kind._default_manager.filter(user=user).delete()
    end_sessions_of(user)
    access_log.record(whose=user, what=What.SECOND_FACTOR_RESET, by=by, reason=reason, ip=ip, now=now)
    tell_proof_changed(user, what=What.SECOND_FACTOR_RESET, device="", now=now)


def shown_by(app: AuthenticatorApp, now: datetime) -> str:
    """Return the code the app shows now; a demo tells it, so that its staff can be tried without a phone."""
    return pyotp.TOTP(decrypted(app.secret_encrypted)).generate_otp(int(now.timestamp()) // STEP_SECONDS)


def _check_may_set_up(session: Session, now: datetime) -> None:
    has_one = factors_of(session.user).is_set_up
    if not (is_shown_recently(session, now) if has_one else is_confirmed_recently(session, now)):
        raise NotJustSignedIn


def _uses_app(user: User, code: str, now: datetime) -> bool:
    app = AuthenticatorApp.objects.filter(user=user, proven_at__isnull=False).first()
    step = _step_of(app, code, now) if app else None
    if app is None or step is None:
        return False
    return bool(AuthenticatorApp.objects.filter(pk=app.pk, used_step__lt=step).update(used_step=step))


def _step_of(app: AuthenticatorApp, code: str, now: datetime) -> int | None:
    """Return the half minute whose code this is, if it is near enough."""
    typed, totp = "".join(code.split())[:12], pyotp.TOTP(decrypted(app.secret_encrypted))
    present = int(now.timestamp()) // STEP_SECONDS
    steps = (present + each for each in CLOCKS_DIFFER_STEPS)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), _ascii(typed))), None)


def _ascii(typed: str) -> str:
    return typed if typed.isascii() else ""


def _uses_paper(user: User, code: str, ip: str | None, now: datetime) -> bool:
    if len(as_typed(code)) != PAPER_CODE_LENGTH or not use_recovery_code(user=user, code=code, now=now):
        return False
    access_log.record(whose=user, what=What.RECOVERY_CODE_USED, by=user, ip=ip, now=now)
    return True


def _count_try(user: User, now: datetime, *, ip: str | None = None) -> None:
    """Count a code before it is looked at, so that many at once are counted too.

    :raises TooManyWrongCodes: enough for now; the owner reads of it once in their access log.
    """
    windows = _counters(user)
    counted = limits.hit_all(windows, now=now)
    quarter, day = (counted[key] for key in windows)
    if quarter <= TRIES_PER_QUARTER and day <= TRIES_PER_DAY:
        return
    if quarter == TRIES_PER_QUARTER + 1:
        access_log.record(whose=user, what=What.SECOND_FACTOR_GUESSED, by=None, ip=ip, now=now)
    raise TooManyWrongCodes


def _take_back_tries(user: User, now: datetime) -> None:
    for key, window in _counters(user).items():
        limits.take_back(key, window=window, now=now)


def _counters(user: User) -> dict[str, timedelta]:
    return {f"second factor {user.pk}": QUARTER, f"second factor day {user.pk}": DAY}
