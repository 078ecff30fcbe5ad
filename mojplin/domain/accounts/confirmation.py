"""Confirming a sign-in: by the button of the mail, by the number of the waiting tab, by the code; or denying it."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, DeniedSignIn, PendingLogin, SignInToken
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import State, count_sign_in_mail, is_still_good, post_sign_in_mail
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.typed_codes import as_typed

TOKEN_VALID = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)
"""A link from further in the future was made before the clock was set back: nobody can tell how old it is."""
WRONG_NUMBERS, WRONG_CODES = 3, 5
MAILS_PER_SIGN_IN = 3
RESEND_AFTER = {1: timedelta(seconds=60), 2: timedelta(seconds=120)}


class LinkOver(Refused):
    message = _("This link has expired.")


class WrongNumber(Refused):
    field = "number"
    message = _("This is not the number on the page where you typed the password.")


class NumberMissing(Refused):
    field = "number"
    message = _("Enter the two digits from the page where you typed the password.")


class WrongCode(Refused):
    field = "code"
    message = _("The code is not right. Check it in the latest message.")


class TooManyCodes(Refused):
    field = "code"
    message = _("There were too many tries with the code. Use the button in the message or sign in again.")


class NoMoreMails(Refused):
    message = _("We have sent three messages already. Sign in again to get a new one.")


class MailTooSoon(Refused):
    message = _("We have just sent a message. You can ask for another in a minute or two.")


def live_tokens(now: datetime) -> "QuerySet[SignInToken]":
    """Return links and codes that still hold: ten minutes from when the mail server took the mail, else from making."""
    since = now - TOKEN_VALID
    in_time = Q(accepted_at__gt=since) | Q(accepted_at=None, made_at__gt=since)
    return SignInToken.objects.filter(in_time, made_at__lte=now + CLOCKS_DIFFER, pending__expires_at__gt=now)


def pending_of_link(*, token: str, now: datetime) -> PendingLogin | None:
    """Return the sign-in that a mailed link belongs to, while the link holds; changes nothing."""
    found = live_tokens(now).filter(token_hash=secret_hash(token)).select_related("pending__user").first()
    if found is None or not is_still_good(found.pending, found.pending.user):
        return None
    return found.pending


def approve_in_same_browser(*, pending: PendingLogin, now: datetime) -> None:
    """Confirm from the browser that typed the password: the button is enough.

    :raises LinkOver: denied, dead or used before.
    """
    _waiting(pending, now).update(state=State.APPROVED)
    pending.refresh_from_db()
    if pending.state not in (State.APPROVED, State.USED):
        raise LinkOver


def approve_by_number(*, pending: PendingLogin, number: str, now: datetime) -> None:
    """Confirm from another device by the number that stands on the waiting tab; the third wrong one ends the sign-in.

    :raises NumberMissing: nothing was typed; counts as no try.
    :raises WrongNumber: it is another number.
    :raises LinkOver: the sign-in is over, by the third wrong number or else.
    """
    typed = "".join(number.split())
    if not typed:
        raise NumberMissing
    if _waiting(pending, now).filter(number=typed, wrong_numbers__lt=WRONG_NUMBERS).update(state=State.APPROVED):
        return
    raise _count_wrong_number(pending, typed, now)


def _count_wrong_number(pending: PendingLogin, typed: str, now: datetime) -> Refused:
    """Count, and return what to tell; the third one ends the sign-in and tells its owner by mail."""
    third = Case(When(wrong_numbers__gte=WRONG_NUMBERS - 1, then=Value(State.DEAD)), default=F("state"))
    with transaction.atomic():
        counted = _waiting(pending, now).exclude(number=typed)
        if not counted.update(wrong_numbers=F("wrong_numbers") + 1, state=third):
            return LinkOver()
        pending.refresh_from_db()
        if pending.state == State.DEAD:
            tell_stopped(pending)
            what = AccessEvent.What.SIGN_IN_STOPPED
            access_log.record(whose=pending.user, what=what, by=None, about=pending.device, now=now)
            return LinkOver()
    return WrongNumber()


def approve_by_code(*, pending: PendingLogin, code: str, now: datetime) -> None:
    """Confirm from the waiting tab by the code of the mail; five tries.

    :raises WrongCode: no mail of this sign-in carries it, or its ten minutes are over.
    :raises TooManyCodes: the five tries are used up; the links of the mails still hold.
    """
    if not _waiting(pending, now).filter(wrong_codes__lt=WRONG_CODES).update(wrong_codes=F("wrong_codes") + 1):
        pending.refresh_from_db()
        if pending.state in (State.APPROVED, State.USED):
            return
        raise TooManyCodes
    tokens = live_tokens(now).filter(pending=pending)
    if not any(check_password(as_typed(code)[:64], token.code_hash) for token in tokens):
        raise WrongCode
    _waiting(pending, now).update(state=State.APPROVED)


def deny(*, pending: PendingLogin, now: datetime) -> None:
    """End a sign-in because its owner says it is not theirs; all its links die. Twice in a day, and staff see it."""
    open_ones = PendingLogin.objects.filter(pk=pending.pk, state__in=[State.WAITING, State.APPROVED])
    with transaction.atomic():
        if open_ones.update(state=State.DENIED):
            DeniedSignIn.objects.create(user=pending.user, denied_at=now, device=pending.device, ip=pending.ip)
            what = AccessEvent.What.SIGN_IN_DENIED
            access_log.record(whose=pending.user, what=what, by=pending.user, about=pending.device, now=now)


def ask_for_another_mail(*, pending: PendingLogin, now: datetime) -> None:
    """Post the confirmation mail again; three for one sign-in, the second after a minute, the third after two.

    :raises NoMoreMails: three were posted.
    :raises MailTooSoon: the last one is too fresh.
    :raises TooManySignInMails: the account was sent five in an hour or fifteen in a day.
    :raises LinkOver: the sign-in no longer waits.
    """
    pause = RESEND_AFTER.get(pending.mails_asked)
    if pause is None:
        raise NoMoreMails
    # Later than now is a clock that was set back.
    pause_over = Q(last_mail_asked_at__lte=now - pause) | Q(last_mail_asked_at__gt=now)
    due = _waiting(pending, now).filter(pause_over, mails_asked=pending.mails_asked)
    if due.exists():
        count_sign_in_mail(pending.user_id, now)
    with transaction.atomic():
        if due.update(mails_asked=F("mails_asked") + 1, last_mail_asked_at=now, refused_at=None):
            post_sign_in_mail(pending, now=now)
            return
    if not _waiting(pending, now).exists():
        raise LinkOver
    raise MailTooSoon


def tell_stopped(pending: PendingLogin) -> None:
    """Tell the owner that somebody had their password and their mail, but not the number."""
    user = pending.user
    context = {"device": pending.device}
    mail.post(to=user.email, template="accounts/mail/sign_in_stopped", context=context, language=user.language)


def _waiting(pending: PendingLogin, now: datetime) -> "QuerySet[PendingLogin]":
    return PendingLogin.objects.filter(pk=pending.pk, state=State.WAITING, expires_at__gt=now)
