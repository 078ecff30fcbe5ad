"""Another e-mail address: both mailboxes agree by a link, and the old one can undo it for three days.

Every change of state is a conditional UPDATE, so of many at once one wins.
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, EmailChange, EmailProposal, PasswordReset, User
from mojplin.domain.accounts.names import folded_email
from mojplin.domain.accounts.revocation import doubt_proofs, end_ways_in
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation import limits, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import active_language, clock, day_in_sentence, masked_email
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.public_ids import new_public_id

State = EmailChange.State
What = AccessEvent.What
Side = Literal["old", "new", "undo"]
LINKS_VALID, UNDO_VALID = timedelta(hours=24), timedelta(hours=72)
HELD_AFTER_RESET = timedelta(hours=24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED_PER_HOUR, ASKED_PER_DAY, MAILS_TO_ONE_NEW_ADDRESS_PER_HOUR = 5, 15, 3


class SameEmail(Refused):
    field = "email"
    message = _("This is the address you have now.")


class HeldAfterReset(Refused):
    message = _(
        "The password was set anew a short while ago. For your safety the address can be changed from"
        " %(day)s at %(time)s."
    )


class TooManyChanges(Refused):
    message = _("You have asked for a change too many times. Try again later.")


class ChangedByOffice(Refused):
    message = _("Our office is changing your address at your request: confirm it from the new mailbox, or call us.")


class ChangeOver(Refused):
    message = _("This link is no longer valid.")


class AddressTaken(Refused):
    message = _("The address cannot be changed any more. Call us, we will help you.")


def link_token(side: Side, public_id: str) -> str:
    """Return the secret of a mailed link: 256 bits that follow from the id and a key outside the database."""
    return lookup_hash(f"e-mail change {side} {public_id}")


def held_until(user: User, now: datetime) -> datetime | None:
    """Return until when the address cannot be changed because a forgotten password was replaced; None: it can."""
    resets = PasswordReset.objects.filter(user=user, used_at__gt=now - HELD_AFTER_RESET)
    last = resets.order_by("-used_at").values_list("used_at", flat=True).first()
    return last + HELD_AFTER_RESET if last else None


@transaction.atomic
def ask_to_change_email(*, email: str, by: User, visit: Visit, now: datetime) -> EmailChange:
    """Begin a change and post a link to both addresses; one that waited before ends.

    Whether the new address is another user's is not told here: then that address gets a mail saying so.

    :raises BadEmail: it is not an address.
    :raises SameEmail: it is the present one.
    :raises HeldAfterReset: a forgotten password was replaced within 24 hours.
    :raises TooManyChanges: five in an hour, fifteen in a day, or three in an hour to this address.
    :raises ChangedByOffice: two members of staff have begun a change that waits for its mailbox.
    """
    address = folded_email(email)
    if address == by.email:
        raise SameEmail
    held = held_until(by, now)
    if held:
        language = active_language()
        raise HeldAfterReset(day=day_in_sentence(held, language), time=clock(held, language))
    counters = [
        (f"hour {by.pk}", HOUR, ASKED_PER_HOUR),
        (f"day {by.pk}", DAY, ASKED_PER_DAY),
        (f"to {lookup_hash(address)}", HOUR, MAILS_TO_ONE_NEW_ADDRESS_PER_HOUR),
    ]
    if any([limits.hit(f"e-mail change {key}", window=window, now=now) > most for key, window, most in counters]):
        raise TooManyChanges
    User.objects.select_for_update().get(pk=by.pk)  # two at once: the second ends the first
    cancel_change(user=by)
    if waiting_change(user=by, now=now):
        raise ChangedByOffice
    EmailChange.objects.filter(user=by, state=State.WAITING).update(state=State.CANCELLED)  # too old to be confirmed
    change = _new_change(by, address, visit.device, now)
    _post(change, "old", now)
    _post(change, "new", now)
    access_log.record(whose=by, what=What.EMAIL_CHANGE_ASKED, by=by, about=masked_email(address), ip=visit.ip, now=now)
    return change


def begin_by_office(*, proposal: EmailProposal, now: datetime) -> None:
    """Begin the change that two members of staff agreed on: the new mailbox alone confirms it."""
    user = proposal.user
    EmailChange.objects.filter(user=user, state=State.WAITING).update(state=State.CANCELLED)
    change = _new_change(user, proposal.new_email, "", now, proposal=proposal, old_confirmed_at=now)
    _post(change, "new", now)


def _new_change(user: User, address: str, device: str, now: datetime, **more: Any) -> EmailChange:
    public_id = new_public_id()
    return EmailChange.objects.create(
        public_id=public_id,
        user=user,
        old_email=user.email,
        new_email=address,
        old_token_hash=secret_hash(link_token("old", public_id)),
        new_token_hash=secret_hash(link_token("new", public_id)),
        undo_token_hash=secret_hash(link_token("undo", public_id)),
        device=device,
        asked_at=now,
        **more,
    )


def _post(change: EmailChange, side: Side, now: datetime) -> None:
    Message.post("email_change", expires_at=now + LINKS_VALID, change=change.public_id, side=side)


def waiting_change(*, user: User, now: datetime) -> EmailChange | None:
    """Return the change that still waits for one or both mailboxes."""
    return EmailChange.objects.filter(user=user, state=State.WAITING, asked_at__gt=now - LINKS_VALID).first()


def cancel_change(*, user: User) -> None:
    """End a change of the user's own that waits: its links open nothing any more."""
    EmailChange.objects.filter(user=user, state=State.WAITING, proposal=None).update(state=State.CANCELLED)


def change_of_link(side: Side, token: str) -> EmailChange | None:
    """Return the change that a mailed link belongs to, whatever its state; changes nothing."""
    found = EmailChange.objects.select_related("user", "proposal").filter(**{f"{side}_token_hash": secret_hash(token)})
    return found.filter(user__is_active=True).first()


def is_waiting(change: EmailChange, now: datetime) -> bool:
    return change.state == State.WAITING and change.asked_at > now - LINKS_VALID


def may_be_undone(change: EmailChange, now: datetime) -> bool:
    is_done = change.state == State.DONE and change.done_at is not None and change.done_at > now - UNDO_VALID
    return is_done and not (change.proposal and change.proposal.is_taken_over)


def confirm_change(*, change: EmailChange, side: Literal["old", "new"], visit: Visit, now: datetime) -> EmailChange:
    """Agree from one of the two mailboxes; when both have agreed the address changes and every way in ends.

    :raises ChangeOver: cancelled, or older than a day.
    :raises AddressTaken: another user has the new address by now.
    """
    waiting = EmailChange.objects.filter(pk=change.pk, state=State.WAITING, asked_at__gt=now - LINKS_VALID)
    waiting.filter(**{f"{side}_confirmed_at": None}).update(**{f"{side}_confirmed_at": now})
    try:
        with transaction.atomic():
            agreed = waiting.filter(old_confirmed_at__isnull=False, new_confirmed_at__isnull=False)
            if agreed.update(state=State.DONE, done_at=now):
                _put_address(change, change.old_email, change.new_email, now)
                end_ways_in(change.user)
                _note_changed(change, visit, now)
    except IntegrityError:
        waiting.update(state=State.CANCELLED)
        raise AddressTaken from None
    change.refresh_from_db()
    if change.state not in (State.WAITING, State.DONE) or (change.state == State.WAITING and not waiting.exists()):
        raise ChangeOver
    return change


def _note_changed(change: EmailChange, visit: Visit, now: datetime) -> None:
    Message.post("email_changed", expires_at=now + UNDO_VALID, change=change.public_id)
    about = masked_email(change.new_email)
    access_log.record(whose=change.user, what=What.EMAIL_CHANGED, by=change.user, about=about, ip=visit.ip, now=now)


def _put_address(change: EmailChange, former: str, address: str, now: datetime) -> None:
    """Write the address, unless it was changed by another way meanwhile."""
    if not User.objects.filter(pk=change.user_id, email=former).update(email=address):
        raise ChangeOver
    doubt_proofs(change.user, now)


def stop_change(*, change: EmailChange, now: datetime) -> None:
    """End a change that its owner, in the old mailbox, did not ask for; whoever did is signed out.

    :raises ChangeOver: it does not wait any more.
    """
    with transaction.atomic():
        waiting = EmailChange.objects.filter(pk=change.pk, state=State.WAITING, asked_at__gt=now - LINKS_VALID)
        if not waiting.update(state=State.CANCELLED):
            raise ChangeOver
        end_ways_in(change.user)


def undo_change(*, change: EmailChange, visit: Visit, now: datetime) -> None:
    """Put the old address back, also over later changes, whose own links to undo end; every way in ends.

    :raises ChangeOver: undone before, older than 72 hours, or the office's because somebody else reads the old mailbox.
    :raises AddressTaken: another user has the old address by now.
    """
    try:
        with transaction.atomic():
            done = EmailChange.objects.filter(pk=change.pk, state=State.DONE, done_at__gt=now - UNDO_VALID)
            if not may_be_undone(change, now) or not done.update(state=State.UNDONE):
                raise ChangeOver
            later = EmailChange.objects.filter(user=change.user, state=State.DONE, done_at__gte=change.done_at)
            later.update(state=State.UNDONE)
            present = User.objects.get(pk=change.user_id).email
            _put_address(change, present, change.old_email, now)
            end_ways_in(change.user)
            _tell_undone(change, present, visit, now)
    except IntegrityError:
        raise AddressTaken from None


def _tell_undone(change: EmailChange, present: str, visit: Visit, now: datetime) -> None:
    user = change.user
    context = {"username": user.username, "old_email": masked_email(change.old_email)}
    mail.post(to=present, template="accounts/mail/email_change_undone", context=context, language=user.language)
    access_log.record(
        whose=user, what=What.EMAIL_CHANGE_UNDONE, by=user, about=masked_email(change.old_email), ip=visit.ip, now=now
    )
