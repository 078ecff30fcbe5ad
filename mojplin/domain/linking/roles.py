"""What each role may do at a place, and when a link must be proven again. Pages and operations ask `Place`."""

from datetime import datetime
from enum import Enum, auto

from django.conf import settings

from mojplin.domain.accounts.access_log import months_before
from mojplin.domain.linking.models import Role


class Act(Enum):
    """Something done at a place beyond looking at it."""

    SUBMIT_READINGS = auto()
    PAY = auto()
    """See what a payment slip is filled in with."""
    ORDER = auto()
    RENEW = auto()
    WRITE = auto()
    """Write to support about the place, in the name of who pays there."""
    SHARE = auto()
    ARRANGE = auto()
    """Decide how the payer's invoices come and are paid: as much as changing the payer's own data."""
    MOVE_OUT = auto()
    """Announce that the payer moves out, and agree with whoever takes the place over."""


ALLOWED: dict[str, frozenset[Act]] = {
    Role.SEE: frozenset(),
    Role.READINGS: frozenset({Act.SUBMIT_READINGS, Act.WRITE}),
    Role.PAY: frozenset({Act.PAY, Act.WRITE}),
    Role.EVERYTHING: frozenset(Act) - {Act.SHARE, Act.ARRANGE, Act.MOVE_OUT},
    Role.HOLDER: frozenset(Act),
}
ON_PROBATION = frozenset({Act.SUBMIT_READINGS, Act.PAY, Act.WRITE})
"""What a link may that was proven a moment ago by numbers alone, or that must be proven again."""


def roles_that_may(act: Act) -> list[str]:
    return [role for role, acts in ALLOWED.items() if act in acts]


def is_proof_due(*, role: str, proven_at: datetime, prove_again_since: datetime | None, now: datetime) -> bool:
    """Return whether a link must be proven again before it may do more than `ON_PROBATION`.

    A holder's after so many months; a holder's, and a share that may as much, when somebody else may have come into
    the account since.

    :param proven_at: when the link was made or last proven again.
    :param prove_again_since: of its user.
    """
    if ALLOWED[role] <= ON_PROBATION:
        return False
    if prove_again_since and prove_again_since >= proven_at:
        return True
    months: int = settings.LINK_RECHECK_MONTHS
    return role == Role.HOLDER and bool(months) and proven_at <= months_before(now, months)
