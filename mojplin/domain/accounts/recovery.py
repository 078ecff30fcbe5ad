"""A forgotten password or username. Who asks always gets one answer; what is true is told in a mail.

The page only notes what was typed; who that is, the worker finds out: a known and an unknown name take the same work.
"""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.lockout import forgive
from mojplin.domain.accounts.models import AccessEvent, PasswordReset, User
from mojplin.domain.accounts.names import folded_email
from mojplin.domain.accounts.networks import network
from mojplin.domain.accounts.password_change import put_new_password
from mojplin.domain.accounts.passwords import check_strength, normalized
from mojplin.domain.accounts.recovery_codes import use_recovery_code
from mojplin.domain.accounts.revocation import doubt_proofs, end_ways_in
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import encrypted, lookup_hash
from mojplin.foundation.slovenia import folded

State = PasswordReset.State
LINK_VALID = timedelta(minutes=30)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ASKED_FROM_ONE_NETWORK_PER_HOUR = 20
PROOFS_PER_DAY, PROOFS_PER_WEEK = 5, 10
"""Payer numbers are few and follow one another: whoever has the mailbox must not find the right one by trying."""
LONGEST_TYPED = 254


class TooManyAsked(Refused):
    message = _("There were too many tries from your network. Try again in an hour.")


class ResetOver(Refused):
    message = _("This link is no longer valid. Ask for a new one.")


class WrongProof(Refused):
    field = "proof"
    message = _("This is not right. Check it and type it again.")


class TooManyProofs(Refused):
    field = "proof"
    message = _("There were too many tries. Try again tomorrow or call us.")


def ask_for_password(*, identifier: str, language: str, ip: str | None, now: datetime) -> None:
    """Note that somebody forgot the password of this username or e-mail address; a mail follows if there is a reason.

    :param language: of the page, for who is not known.
    :raises TooManyAsked: too many were asked from this network.
    """
    _note("forgotten_password", identifier, language=language, ip=ip, now=now)


def ask_for_username(*, email: str, language: str, ip: str | None, now: datetime) -> None:
    """Note that somebody forgot the username that belongs to this address.

    :raises BadEmail: it is not an address.
    :raises TooManyAsked: too many were asked from this network.
    """
    _note("forgotten_username", folded_email(email), language=language, ip=ip, now=now)


def _note(topic: str, typed: str, *, language: str, ip: str | None, now: datetime) -> None:
    if limits.hit(f"recovery ip {network(ip)}", window=HOUR, now=now) > ASKED_FROM_ONE_NETWORK_PER_HOUR:
        raise TooManyAsked
    # Encrypted: some people type their password into the first field they see.
    Message.post(topic, expires_at=now + LINK_VALID, typed=encrypted(typed[:LONGEST_TYPED]), language=language)


def reset_token(public_id: str) -> str:
    """Return the secret of the mailed link: 256 bits that follow from the id and a key outside the database."""
    return lookup_hash(f"password reset {public_id}")


def reset_of_link(token: str) -> PasswordReset | None:
    """Return what a mailed link belongs to, whatever its state; changes nothing."""
    found = PasswordReset.objects.select_related("user").filter(token_hash=secret_hash(token))
    return found.filter(user__is_active=True).first()


def is_open(reset: PasswordReset, now: datetime) -> bool:
    """Return whether the link still holds: half an hour from when the mail server took the mail, and unused."""
    return reset.state == State.WAITING and (reset.sent_at or reset.asked_at) > now - LINK_VALID


def set_forgotten_password(
    *,
    reset: PasswordReset,
    proof: str,
    password: str,
    payer_numbers: Collection[str],
    visit: Visit,
    now: datetime,
) -> None:
    """Replace the password behind a mailed link, once, and end every way in that was open; signs nobody in.

    :param proof: what the mailbox alone does not know: a payer number or a recovery code.
    :param payer_numbers: of the supply points the user is linked to, as the ERP writes them.
    :raises Refused: for the password; counts as no try.
    :raises WrongProof: the proof is not right; the link stays good.
    :raises TooManyProofs: five were tried for this account today, or ten this week.
    :raises ResetOver: the link was used or became too old meanwhile.
    """
    user = reset.user
    check_strength(normalized(password), names=[user.username, user.email.partition("@")[0]])
    tries = [(f"reset proof {user.pk}", DAY, PROOFS_PER_DAY), (f"reset proof week {user.pk}", WEEK, PROOFS_PER_WEEK)]
    # Counted before the proof is looked at, and both in one statement: many tries at once are counted rightly too.
    counted = limits.hit_all({key: window for key, window, _most in tries}, now=now)
    if any(counted[key] > most for key, _window, most in tries):
        raise TooManyProofs
    with transaction.atomic():
        if not _open_ones(now).filter(pk=reset.pk).update(state=State.USED, used_at=now):
            raise ResetOver
        _prove(user, proof, payer_numbers, visit, now)
        put_new_password(user=user, password=password, device=visit.device, now=now)
        end_ways_in(user)
        doubt_proofs(user, now)
        forgive(user.pk)
        access_log.record(whose=user, what=AccessEvent.What.PASSWORD_RESET, by=user, ip=visit.ip, now=now)
        for key, window, _most in tries:
            limits.take_back(key, window=window, now=now)


def _prove(user: User, typed: str, payer_numbers: Collection[str], visit: Visit, now: datetime) -> None:
    """Let a payer number of the user pass, or one of their codes, which is used up by that."""
    number = folded(typed).encode()
    if any([hmac.compare_digest(number, each.encode()) for each in payer_numbers]):
        return
    if not use_recovery_code(user=user, code=typed, now=now):
        raise WrongProof
    access_log.record(whose=user, what=AccessEvent.What.RECOVERY_CODE_USED, by=user, ip=visit.ip, now=now)


def _open_ones(now: datetime) -> "QuerySet[PasswordReset]":
    since = now - LINK_VALID
    in_time = Q(sent_at__gt=since) | Q(sent_at=None, asked_at__gt=since)
    return PasswordReset.objects.filter(in_time, state=State.WAITING, user__is_active=True)
