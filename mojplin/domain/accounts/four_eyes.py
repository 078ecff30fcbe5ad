"""Acts of the office that take two people: one proposes with a reason, another one decides."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import Proposal, User
from mojplin.foundation.errors import Refused

LONGEST_REASON = 500


class ReasonMissing(Refused):
    field = "reason"
    message = _("Write why, in a few words: the customer may ask.")


class NoSuchUser(Refused):
    field = "user"
    message = _("There is no active user with this username or e-mail address.")


class SecondPersonNeeded(Refused):
    message = _("Somebody else than who proposed it has to decide.")


class AlreadyDecided(Refused):
    message = _("This proposal was already decided.")


def reason_of(typed: str) -> str:
    """Return a reason as it is kept, in one line.

    :raises ReasonMissing: nobody could tell later why.
    """
    reason = " ".join(typed.split())
    if not reason:
        raise ReasonMissing
    return reason[:LONGEST_REASON]


def decide(proposal: Proposal, *, is_accepted: bool, by: User, now: datetime) -> None:
    """Settle a proposal, once, in the caller's transaction; what was accepted is the caller's to carry out.

    :raises SecondPersonNeeded: `by` proposed it.
    :raises AlreadyDecided: somebody else was quicker.
    """
    if proposal.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    decision = Proposal.Decision.MADE if is_accepted else Proposal.Decision.REFUSED
    open_ones = type(proposal)._default_manager.filter(pk=proposal.pk, decision="")
    if not open_ones.update(decision=decision, decided_by=by, decided_at=now):
        raise AlreadyDecided
    proposal.refresh_from_db()
