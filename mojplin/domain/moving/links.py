"""The private link of whoever takes over: good for one version of what the giver said, and for one answer.

The database holds its hash alone; the secret is made when the mail leaves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.moving.models import MoveOut
from mojplin.foundation.protected import lookup_hash

LINK_HOLDS = timedelta(days=14)
LINK_SHOWS = timedelta(days=90)
"""For how long after it could last be answered a link still shows how the matter stands."""


@dataclass(frozen=True, slots=True)
class OpenedMove:
    """What a link shows; `may_answer` until it was answered."""

    move: MoveOut
    may_answer: bool


def link_token(public_id: str, version: int) -> str:
    """Return the secret of the link: 256 bits that follow from id, version and a key outside the database."""
    return lookup_hash(f"move out {public_id} {version}")


def link_hash(public_id: str, version: int) -> str:
    return secret_hash(link_token(public_id, version))


def opened_move(token: str, *, now: datetime) -> OpenedMove | None:
    """Return what the link opens, in one statement, or None: forged, replaced, or over. Looking changes nothing."""
    found = MoveOut.objects.select_related("supply_point", "meter", "given_by", "payer")
    move = found.filter(link_hash=secret_hash(token), link_expires_at__gt=now - LINK_SHOWS).first()
    if move is None:
        return None
    may_answer = move.state == MoveOut.State.WAITING
    if may_answer and move.link_expires_at is not None and move.link_expires_at <= now:
        return None
    return OpenedMove(move, may_answer)
