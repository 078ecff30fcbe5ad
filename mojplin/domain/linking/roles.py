"""What each role may do at a place. Every page and operation asks `Place`, which asks here."""

from enum import Enum, auto

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


ALLOWED: dict[str, frozenset[Act]] = {
    Role.SEE: frozenset(),
    Role.READINGS: frozenset({Act.SUBMIT_READINGS, Act.WRITE}),
    Role.PAY: frozenset({Act.PAY, Act.WRITE}),
    Role.EVERYTHING: frozenset(Act) - {Act.SHARE},
    Role.HOLDER: frozenset(Act),
}
ON_PROBATION = frozenset({Act.SUBMIT_READINGS, Act.PAY, Act.WRITE})
"""What a link may that was proven a moment ago by numbers alone."""
