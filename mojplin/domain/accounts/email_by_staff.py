"""A lost mailbox: one member of staff proposes another address, a second one agrees, the new mailbox confirms.

The former mailbox is told at both steps, and is not asked: it is lost, or somebody else's. Whoever still reads it can
undo the change for three days, unless the office knows that somebody else does; see `docs/decisions/0035`.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log, four_eyes
from mojplin.domain.accounts.email_change import begin_by_office, cancel_change
from mojplin.domain.accounts.four_eyes import AlreadyDecided, NoSuchUser
from mojplin.domain.accounts.models import AccessEvent, EmailProposal, User
from mojplin.domain.accounts.names import folded_email
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import masked_email


class StaffAddress(Refused):
    field = "user"
    message = _("Whoever works in the office changes the address themselves, or is invited anew by an administrator.")


class SameAddress(Refused):
    field = "email"
    message = _("This is the address the account has now.")


class AddressInUse(Refused):
    field = "email"
    message = _("Another account has this address.")


class AlreadyProposed(Refused):
    message = _("Another address for this account already waits for a decision.")


class AddressChangedMeanwhile(Refused):
    message = _("The account has got another address meanwhile. Refuse this proposal and look again.")


@transaction.atomic
def propose_email(
    *, user: str, email: str, reason: str, is_taken_over: bool = False, by: User, now: datetime, ip: str | None = None
) -> EmailProposal:
    """Propose another address for an account whose owner has lost the mailbox; nothing is changed or sent yet.

    :param user: username or present e-mail address.
    :param is_taken_over: somebody else reads the former mailbox, so it must not undo the change.
    :raises NoSuchUser, BadEmail, StaffAddress, SameAddress, AddressInUse, ReasonMissing, AlreadyProposed,
        NewInOffice: nothing was proposed.
    """
    four_eyes.check_settled(by, now)
    person = User.objects.by_username_or_email(user)
    if person is None:
        raise NoSuchUser
    address, why = folded_email(email), four_eyes.reason_of(reason)
    _check(person, address)
    User.objects.select_for_update().get(pk=person.pk)  # two who propose at once
    four_eyes.let_lapse(EmailProposal, now)
    if EmailProposal.objects.filter(user=person, decision="").exists():
        raise AlreadyProposed
    proposal = EmailProposal.objects.create(
        user=person, old_email=person.email, new_email=address, is_taken_over=is_taken_over, reason=why,
        proposed_by=by, proposed_at=now,
    )  # fmt: skip
    _record(proposal, AccessEvent.What.EMAIL_CHANGE_PROPOSED, by, now, ip)
    return proposal


@transaction.atomic
def decide_email(*, proposal: str, is_accepted: bool, by: User, now: datetime, ip: str | None = None) -> None:
    """Agree, so that the new mailbox is asked to confirm, or refuse; both members of staff stand in the access log.

    :param proposal: its public id.
    :raises SecondPersonNeeded, AlreadyDecided, Lapsed, NewInOffice: see `four_eyes.decide`.
    :raises NoSuchUser, StaffAddress, AddressInUse, AddressChangedMeanwhile: it can only be refused by now.
    """
    found = EmailProposal.objects.select_related("user", "proposed_by").filter(public_id=proposal).first()
    if found is None:
        raise AlreadyDecided
    four_eyes.decide(found, is_accepted=is_accepted, by=by, now=now)
    if is_accepted:
        _begin(found, by, now, ip)
    else:
        _record(found, AccessEvent.What.EMAIL_CHANGE_REFUSED, by, now, ip)


def _record(proposal: EmailProposal, what: AccessEvent.What, by: User, now: datetime, ip: str | None) -> None:
    about = f"{proposal.concerns}: {proposal.reason}"
    access_log.record(whose=proposal.user, what=what, by=by, about=about, now=now, ip=ip)


def _begin(proposal: EmailProposal, by: User, now: datetime, ip: str | None) -> None:
    person = User.objects.select_for_update().get(pk=proposal.user_id)
    if not person.is_active or person.closing_asked_at:
        raise NoSuchUser
    if person.email != proposal.old_email:
        raise AddressChangedMeanwhile
    _check(person, proposal.new_email)
    cancel_change(user=person)
    begin_by_office(proposal=proposal, now=now)
    context = {"username": person.username, "new_email": masked_email(proposal.new_email), "is_done": False}
    mail.post(to=person.email, template="accounts/mail/email_by_office", context=context, language=person.language)
    for member in (proposal.proposed_by, by):
        _record(proposal, AccessEvent.What.EMAIL_CHANGE_BY_OFFICE, member, now, ip)


def _check(person: User, address: str) -> None:
    if person.is_staff:
        raise StaffAddress
    if address == person.email:
        raise SameAddress
    if User.objects.filter(email=address).exists():
        raise AddressInUse
