"""What the supplier answers to hand-overs: by the ERP's export, or by clerks in the office where the ERP does not."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.office_answers import AnsweredMeanwhile, log_answer, reason_for_customer
from mojplin.domain.moving import telling
from mojplin.domain.moving.figures import of_other_side
from mojplin.domain.moving.models import MoveAnswer, MoveOut
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message

State = MoveOut.State


class SideMissing(Refused):
    field = "holds"
    message = _("Choose whose day and reading hold.")


@transaction.atomic
def take_move_answers(*, now: datetime) -> int:
    """Move every hand-over to what its answer says, tell both sides, and return how many moved.

    The supplier may take over what it had refused; what was cancelled stays so.
    """
    said = MoveAnswer.objects.filter(number=OuterRef("number")).values("state")
    told: QuerySet[Any] = (
        MoveOut.objects.filter(agreed_at__isnull=False).annotate(said=Subquery(said)).exclude(said=None)
    )
    moved = 0
    for move in told.exclude(said=F("state")).select_related("supply_point", "meter", "given_by").order_by("pk"):
        if _settled(move, State(move.said), now):
            telling.tell_answered(move)
            moved += 1
    return moved


@transaction.atomic
def settle_alone(move: MoveOut, *, by: User, now: datetime, ip: str | None = None) -> None:
    """Take the giver's word alone, where nobody is named who takes over: the ERP is told as if both had confirmed.

    :raises AnsweredMeanwhile: it is cancelled, or somebody is named meanwhile.
    """
    if not move.change(Q(state=State.ANNOUNCED), state=State.AGREED, agreed_at=now):
        raise AnsweredMeanwhile
    telling.tell_agreed(move, by_both=False)
    telling.record(move, AccessEvent.What.MOVE_AGREED, by=by, now=now, ip=ip)


@transaction.atomic
def decide(
    move: MoveOut, *, holds: str, reason: str, seen: int, by: User, now: datetime, ip: str | None = None
) -> None:
    """Decide between two sides that disagree: one's day and reading hold, and the ERP is told as when both confirm.

    :param holds: "giver" or "taker".
    :param reason: both sides read it.
    :param seen: the version whose two sides the page showed.
    :raises SideMissing, AnswerReasonMissing, AnsweredMeanwhile: nothing is decided.
    """
    if holds not in ("giver", "taker"):
        raise SideMissing
    because = reason_for_customer(reason)
    figures = of_other_side(move) if holds == "taker" else {}
    still = Q(state=State.DISPUTED, version=seen)
    if not move.change(still, state=State.AGREED, agreed_at=now, decided_because=because, **figures):
        raise AnsweredMeanwhile
    telling.tell_agreed(move, by_both=False)
    telling.record(move, AccessEvent.What.MOVE_DECIDED, by=by, now=now, ip=ip, reason=because)


@transaction.atomic
def take_over(move: MoveOut, *, by: User, now: datetime, ip: str | None = None) -> None:
    """Say that the supplier has taken over what both sides confirmed.

    :raises AnsweredMeanwhile: it is not confirmed by both, or was answered already.
    """
    _answer(move, State.TAKEN_OVER, "", (State.AGREED,), by=by, now=now, ip=ip)


@transaction.atomic
def refuse(move: MoveOut, *, reason: str, by: User, now: datetime, ip: str | None = None) -> None:
    """Refuse a hand-over that is not taken over; both sides read the reason.

    :raises AnswerReasonMissing, AnsweredMeanwhile: nothing is refused.
    """
    _answer(move, State.REFUSED, reason_for_customer(reason), MoveOut.OPEN, by=by, now=now, ip=ip)


def _answer(
    move: MoveOut, state: MoveOut.State, reason: str, of_states: tuple[MoveOut.State, ...], *, by: User, now: datetime,
    ip: str | None,
) -> None:  # fmt: skip
    if move.state not in of_states or not _settled(move, state, now):
        raise AnsweredMeanwhile
    said = {"state": state.value, "answered_on": timezone.localdate(now), "note": reason, "answered_by": by}
    MoveAnswer.objects.update_or_create(number=move.number, defaults=said)
    Message.post(
        "erp.move.answered",
        wakes_worker=False,
        id=move.public_id,
        number=move.number,
        supply_point=move.supply_point.number,
        answer=state.value,
        reason=reason,
        answered_by=by.username,
        answered_at=now.isoformat(),
    )
    log_answer(
        whose=move.given_by, about=move.number, reason=reason, payer_number=move.payer.number, by=by, now=now, ip=ip
    )
    telling.tell_answered(move)


def _settled(move: MoveOut, state: MoveOut.State, now: datetime) -> bool:
    """Settle it as it was read; what is settled already is no longer open to others."""
    return move.change(Q(state=move.state), state=state, settled_at=now)
