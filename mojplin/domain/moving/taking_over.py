"""What the side that takes over does by its link, with or without an account: it confirms, or says otherwise."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.moving import telling
from mojplin.domain.moving.figures import checked_for_stranger
from mojplin.domain.moving.models import MoveOut
from mojplin.foundation import formats, limits
from mojplin.foundation.errors import Refused

TRIES_IN_DAY = 20
"""What is typed is judged by what the payer used: nobody may feel their way along it."""
State, What = MoveOut.State, AccessEvent.What


class AlreadyAnswered(Refused):
    message = _(
        "Nothing was done: the hand-over was answered, changed or cancelled meanwhile. Look at the newest mail."
    )


class NameMissing(Refused):
    field = "name"
    message = _("Write the name of whoever will pay for the gas.")


class SameAsAnnounced(Refused):
    message = _("This is the same day and reading that the other side announced. Confirm it instead.")


class TriedTooOften(Refused):
    message = _("That was tried many times today. Go on tomorrow, or call us.")


@transaction.atomic
def confirm(*, move: MoveOut, name: str, phone: str, now: datetime, ip: str | None = None) -> None:
    """Confirm the day and reading as announced: with that both have said the same, and the ERP is told, once.

    No place is opened to anybody by it.

    :param move: as the link showed it.
    :raises NameMissing, AlreadyAnswered: nothing was done.
    """
    _answer(move, now, state=State.AGREED, agreed_at=now, **_person(name, phone))
    telling.tell_agreed(move, by_both=True)
    telling.record(move, What.MOVE_AGREED, by=None, now=now, ip=ip)


def say_otherwise(
    *, move: MoveOut, moves_on: date, typed: str, exact_m3: Decimal | None, is_confirmed: bool, name: str, phone: str,
    today: date, now: datetime, ip: str | None = None,
) -> None:  # fmt: skip
    """Say another day or reading; the giver is told, and agrees or says it anew.

    :raises NameMissing, SameAsAnnounced, TriedTooOften, AlreadyAnswered: nothing was done.
    :raises Refused: what `figures.checked_for_stranger` asks or refuses.
    """
    # Outside of the transaction of the act: a try that is refused counts too.
    if limits.hit(f"moving tried {move.pk}", window=timedelta(days=1), now=now) > TRIES_IN_DAY:
        raise TriedTooOften
    with transaction.atomic():
        person = _person(name, phone)
        figures = checked_for_stranger(
            point=move.supply_point, payer_id=move.payer_id, moves_on=moves_on, typed=typed, exact_m3=exact_m3,
            is_confirmed=is_confirmed, today=today,
        )  # fmt: skip
        if move.says_the_same(figures.moves_on, figures.value_m3, figures.percent):
            raise SameAsAnnounced
        _answer(
            move, now, state=State.DISPUTED, other_on=figures.moves_on, other_value_m3=figures.value_m3,
            other_percent=figures.percent, other_is_odd=figures.is_odd, **person,
        )  # fmt: skip
        telling.tell_disputed(move)
        telling.record(move, What.MOVE_DISPUTED, by=None, now=now, ip=ip)


def _person(name: str, phone: str) -> dict[str, Any]:
    written = " ".join(name.split())
    if not written:
        raise NameMissing
    return {"taker_name": written[:140], "taker_phone": " ".join(phone.split())[:30]}


def _answer(move: MoveOut, now: datetime, **values: Any) -> None:
    """Write the one answer of a link."""
    values |= {"answered_at": now, "taker_language": formats.active_language()}
    if not move.change(Q(state=State.WAITING, link_expires_at__gt=now), **values):
        raise AlreadyAnswered
