"""Mails of a forgotten password or username and of a new address: their links are made when the worker sends them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.email_change import Side, link_token, may_be_undone
from mojplin.domain.accounts.models import AccessEvent, EmailChange, PasswordReset, User
from mojplin.domain.accounts.names import BadEmail, folded_email
from mojplin.domain.accounts.recovery import DAY, HOUR, reset_token
from mojplin.domain.accounts.recovery_codes import recovery_codes_left
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sites import address_in
from mojplin.foundation import limits, mail
from mojplin.foundation.formats import masked_email
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import decrypted, lookup_hash

MAILS_PER_HOUR, MAILS_PER_DAY = 5, 15
MAILS_TO_UNKNOWN_ADDRESS_PER_HOUR = 3
KEEP = timedelta(days=5)
"""Longer than anything here holds: the day's rest after a reset, the three days in which a change can be undone."""


@deliverer("forgotten_password")
def deliver_forgotten_password(message: Message) -> None:
    """Find out who forgot a password and send them a link; an address that is nobody's is told so."""
    user = User.objects.by_username_or_email(decrypted(message.payload["typed"]))
    if user is None:
        return _tell_unknown(message)
    reset = _reset_for(user, message)
    if reset is None:
        return
    context = {
        "username": user.username,
        "has_codes": recovery_codes_left(user) > 0,
        "action_url": _link(user, "reset_password", reset_token(reset.public_id)),
    }
    _send(user.email, "password_reset", context, user.language, message)
    PasswordReset.objects.filter(pk=reset.pk).update(sent_at=timezone.now())


@deliverer("forgotten_username")
def deliver_forgotten_username(message: Message) -> None:
    """Send the username to the address it belongs to; an address that is nobody's is told so."""
    user = User.objects.filter(email=decrypted(message.payload["typed"]), is_active=True).first()
    if user is None:
        return _tell_unknown(message)
    if message.attempts == 1 and _is_too_many(user, message.created_at):
        return
    _send(user.email, "your_username", {"username": user.username}, user.language, message)
    access_log.record(whose=user, what=AccessEvent.What.USERNAME_SENT, by=None, now=timezone.now())


def _reset_for(user: User, message: Message) -> PasswordReset | None:
    """Return the reset this message asks for, the same one when it is tried again; None when there were too many."""
    known = PasswordReset.objects.filter(public_id=message.public_id).first()
    if known:
        return known if known.state == PasswordReset.State.WAITING else None
    with transaction.atomic():
        if _is_too_many(user, message.created_at):
            return None
        return PasswordReset.objects.create(
            public_id=message.public_id,
            user=user,
            token_hash=secret_hash(reset_token(message.public_id)),
            asked_at=message.created_at,
        )


def _is_too_many(user: User, asked_at: datetime) -> bool:
    """Count one more of these mails to the account and return whether it is beyond five an hour or fifteen a day."""
    if limits.hit(f"recovery mail hour {user.pk}", window=HOUR, now=asked_at) > MAILS_PER_HOUR:
        return True
    return limits.hit(f"recovery mail day {user.pk}", window=DAY, now=asked_at) > MAILS_PER_DAY


def _tell_unknown(message: Message) -> None:
    """Tell an address that no account has it, at most three times an hour; a username nobody has tells nobody."""
    try:
        address = folded_email(decrypted(message.payload["typed"]))
    except BadEmail:
        return
    counter = f"recovery mail {lookup_hash(address)}"
    again = message.attempts > 1
    if again or limits.hit(counter, window=HOUR, now=message.created_at) <= MAILS_TO_UNKNOWN_ADDRESS_PER_HOUR:
        _send(address, "no_account", {}, message.payload["language"], message)


@deliverer("email_change")
def deliver_email_change(message: Message) -> None:
    """Ask one of the two mailboxes to agree; a new address that is another user's is told that, without a link."""
    changes = EmailChange.objects.select_related("user").filter(state=EmailChange.State.WAITING)
    change = changes.filter(public_id=message.payload["change"]).first()
    if change is None:
        return
    side: Side = message.payload["side"]
    user, address = change.user, change.old_email if side == "old" else change.new_email
    other = User.objects.filter(email=address).exclude(pk=user.pk).first()
    if other:
        return _send(address, "email_taken", {}, other.language, message)
    context = {
        "username": user.username,
        "new_email": change.new_email,
        "device": change.device,
        "asked_at": change.asked_at,
        "is_by_office": change.proposal_id is not None,
        "action_url": _link(user, "confirm_email", link_token(side, change.public_id)),
    }
    _send(address, f"email_change_{side}", context, user.language, message)


@deliverer("email_changed")
def deliver_email_changed(message: Message) -> None:
    """Tell the old address that it is the old one, with the link that undoes it unless somebody else reads it there."""
    changes = EmailChange.objects.select_related("user", "proposal")
    change = changes.filter(public_id=message.payload["change"]).first()
    if change is None:
        return
    user, can_undo = change.user, may_be_undone(change, timezone.now())
    undo = {"action_url": _link(user, "undo_email_change", link_token("undo", change.public_id))} if can_undo else {}
    if change.proposal_id:
        said = {"username": user.username, "new_email": masked_email(change.new_email), "is_done": True}
        return _send(change.old_email, "email_by_office", said | undo, user.language, message)
    if can_undo:
        context = {"username": user.username, "new_email": change.new_email} | undo
        _send(change.old_email, "email_changed", context, user.language, message)


@hourly
def forget_old_recoveries(now: datetime) -> None:
    """Delete what can neither be used nor undone any more."""
    PasswordReset.objects.filter(asked_at__lt=now - KEEP).delete()
    EmailChange.objects.filter(asked_at__lt=now - KEEP).delete()


def _link(user: User, name: str, token: str) -> str:
    return address_in(user.language, f"web:{name}", token)


def _send(to: str, template: str, context: dict[str, Any], language: str, message: Message) -> None:
    template = f"accounts/mail/{template}"
    mail.send_now(to=to, template=template, context=context, language=language, message_id=message.public_id)
