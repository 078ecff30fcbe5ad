"""Acts of the office that take two people: one proposes with a reason, another one decides."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Proposal, User
from mojplin.foundation.errors import Refused

LONGEST_REASON = 500
SETTLED_AFTER = timedelta(days=7)
HOLDS = timedelta(days=14)
"""So long a proposal waits for the second person."""


class ReasonMissing(Refused):
    field = "reason"
    message = _("Write why, in a few words: the customer may ask.")


class NoSuchUser(Refused):
    field = "user"
    message = _("There is no active user with this username or e-mail address.")


class SecondPersonNeeded(Refused):
    message = _("Somebody else than who proposed it has to decide.")


class NewInOffice(Refused):
    message = _("Whoever has been given a role in the office in the last week does not act as one of two people yet.")


class AlreadyDecided(Refused):
    message = _("This proposal was already decided.")


class Lapsed(Refused):
    message = _("Nobody has decided on this proposal for two weeks, so it has lapsed. Propose it again.")


def reason_of(typed: str) -> str:
    """Return a reason as it is kept, in one line.

    :raises ReasonMissing: nobody could tell later why.
    """
    reason = " ".join(typed.split())
    if not reason:
        raise ReasonMissing
    return reason[:LONGEST_REASON]


def check_settled(member: User, now: datetime) -> None:
    """Refuse somebody whom an administrator made one of the office a moment ago: it may be that administrator.

    Whom the person who runs the portal gave the role, by command, is settled at once.

    :raises NewInOffice: less than a week ago.
    """
    given = AccessEvent.objects.filter(whose=member, what=AccessEvent.What.ROLE_CHANGED, by__isnull=False)
    if given.filter(at__gt=now - SETTLED_AFTER).exists():
        raise NewInOffice


def waiting(kind: type[Proposal], now: datetime) -> "QuerySet[Any]":
    """Return the proposals of a kind on which somebody can still decide."""
    return kind._default_manager.filter(decision="", proposed_at__gt=now - HOLDS)


def let_lapse(kind: type[Proposal], now: datetime) -> None:
    """End the proposals of a kind on which nobody has decided in two weeks; their customers read it."""
    over = kind._default_manager.filter(decision="", proposed_at__lte=now - HOLDS)
    for each in over.select_related("user"):
        mine = kind._default_manager.filter(pk=each.pk, decision="")
        if mine.update(decision=Proposal.Decision.LAPSED, decided_at=now):
            what = AccessEvent.What.PROPOSAL_LAPSED
            access_log.record(whose=each.user, what=what, by=None, about=each.concerns, now=now)


def decide(proposal: Proposal, *, is_accepted: bool, by: User, now: datetime) -> None:
    """Settle a proposal, once, in the caller's transaction; what was accepted is the caller's to carry out.

    :raises SecondPersonNeeded: `by` proposed it.
    :raises AlreadyDecided: somebody else was quicker.
    :raises Lapsed: it is older than two weeks.
    :raises NewInOffice: see `check_settled`.
    """
    check_settled(by, now)
    if proposal.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    decision = Proposal.Decision.MADE if is_accepted else Proposal.Decision.REFUSED
    if not waiting(type(proposal), now).filter(pk=proposal.pk).update(decision=decision, decided_by=by, decided_at=now):
        has_lapsed = proposal.decision in ("", Proposal.Decision.LAPSED) and proposal.proposed_at <= now - HOLDS
        raise Lapsed if has_lapsed else AlreadyDecided
    proposal.refresh_from_db()
