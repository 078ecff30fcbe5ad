"""What the side that moves out does: announces the hand-over, says it anew, agrees with the other side, cancels."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.names import folded_email
from mojplin.domain.linking.access import Place
from mojplin.domain.moving import telling
from mojplin.domain.moving.figures import Figures, checked, of_other_side
from mojplin.domain.moving.links import LINK_HOLDS, link_hash
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number

DAY = timedelta(days=1)
SAID_IN_DAY, TO_ADDRESS_IN_DAY = 5, 3
State, What = MoveOut.State, AccessEvent.What


class AlreadyAnnounced(Refused):
    message = _("A hand-over of this supply point is already announced. Change that one.")


class TakerMissing(Refused):
    field = "email"
    message = _("Write the address of whoever takes over, or tick that you do not know it: one of the two.")


class OwnAddress(Refused):
    field = "email"
    message = _("This is your own address. Write the one of the person who takes over.")


class BillAddressMissing(Refused):
    field = "bill_address"
    message = _("Write the address to which we send the last bill.")


class SaidTooOften(Refused):
    message = _("Much was already sent about this supply point today. Go on tomorrow, or call us.")


class ChangedMeanwhile(Refused):
    message = _("Nothing was done: the hand-over was answered, changed or cancelled meanwhile. Look at its state.")


@transaction.atomic
def announce(
    *, place: Place, moves_on: date, typed: str, exact_m3: Decimal | None, is_confirmed: bool, bill_address: str,
    email: str, nobody_known: bool, by: User, today: date, now: datetime, ip: str | None = None,
) -> MoveOut:  # fmt: skip
    """Announce that the payer hands the place over; whoever takes over gets a mail with a link of their own.

    Of a day ahead no reading is said: the giver adds it by `say_anew` once the day has come.

    Nothing is taken as a monthly reading, and nothing is told to the ERP before both sides have confirmed.

    :param typed: what was read on the day; `exact_m3`, when given, is the counter they chose of what the page named.
    :param email: of whoever takes over.
    :param nobody_known: nobody is known yet who takes over, or the house will stand empty.
    :raises AlreadyAnnounced, TakerMissing, OwnAddress, BadEmail, BillAddressMissing, SaidTooOften: nothing was done.
    :raises Refused: what `figures.checked` asks or refuses.
    """
    payer = Payer.objects.select_for_update(no_key=True).get(pk=place.payer_id)  # of two at once, one after the other
    point = SupplyPoint.objects.get(pk=place.supply_point_id)
    if MoveOut.objects.filter(supply_point=point, payer=payer, settled_at=None).exists():
        raise AlreadyAnnounced
    figures = checked(
        point=point, payer_id=payer.pk, moves_on=moves_on, typed=typed, exact_m3=exact_m3, is_confirmed=is_confirmed,
        today=today, ahead_days=settings.MOVE_AHEAD_DAYS,
    )  # fmt: skip
    public_id, address = new_public_id(), _taker(email, nobody_known, by)
    _count(point.pk, address, now)
    move = MoveOut.objects.create(
        public_id=public_id, number=public_id, supply_point=point, payer=payer, given_by=by, announced_at=now,
        bill_address=_bill_address(bill_address), taker_language=by.language,
        **_said(figures), **_asked_of(address, public_id, 1, now, figures.ahead_on),
    )  # fmt: skip
    give_number(move, "S", now=now)
    telling.tell_announced(move, is_anew=False)
    telling.record(move, What.MOVE_ANNOUNCED, by=by, now=now, ip=ip)
    return move


@transaction.atomic
def say_anew(
    *, move: MoveOut, moves_on: date, typed: str, exact_m3: Decimal | None, is_confirmed: bool, bill_address: str,
    email: str, nobody_known: bool, by: User, today: date, now: datetime, ip: str | None = None,
) -> MoveOut:  # fmt: skip
    """Say day, reading and the rest anew while both sides have not agreed; the other side gets a new link.

    :param move: as the page showed it; raises as `announce` does, and ChangedMeanwhile when it is no longer so.
    """
    figures = checked(
        point=move.supply_point, payer_id=move.payer_id, moves_on=moves_on, typed=typed, exact_m3=exact_m3,
        is_confirmed=is_confirmed, today=today, ahead_days=settings.MOVE_AHEAD_DAYS,
    )  # fmt: skip
    address = _taker(email, nobody_known, by)
    _count(move.supply_point_id, address, now)
    others = {} if address == move.taker_email else {"taker_name": "", "taker_phone": ""}
    _change(
        move, MoveOut.NOT_AGREED, version=move.version + 1, bill_address=_bill_address(bill_address),
        other_on=None, other_value_m3=None, other_percent=None, other_is_odd=False, reminded_at=None,
        **_said(figures), **_asked_of(address, move.public_id, move.version + 1, now, figures.ahead_on), **others,
    )  # fmt: skip
    telling.tell_announced(move, is_anew=True)
    telling.record(move, What.MOVE_CHANGED, by=by, now=now, ip=ip)
    return move


@transaction.atomic
def send_again(*, move: MoveOut, by: User, now: datetime, ip: str | None = None) -> None:
    """Send the other side a new link; the one before is good no longer.

    :raises SaidTooOften, ChangedMeanwhile: nothing was sent.
    """
    _count(move.supply_point_id, move.taker_email, now)
    version = move.version + 1
    _change(move, (State.WAITING,), version=version, **_asked_of(move.taker_email, move.public_id, version, now))
    telling.ask_taker(move)
    telling.record(move, What.MOVE_LINK_SENT, by=by, now=now, ip=ip)


@transaction.atomic
def accept_other(*, move: MoveOut, seen: int, by: User, now: datetime, ip: str | None = None) -> None:
    """Agree with the day and reading of the other side: with that both have confirmed the same.

    :param seen: the version whose answer the page showed.
    :raises ChangedMeanwhile: it is no longer that.
    """
    if move.version != seen:
        raise ChangedMeanwhile
    _change(move, (State.DISPUTED,), state=State.AGREED, agreed_at=now, **of_other_side(move))
    telling.tell_agreed(move, by_both=True)
    telling.record(move, What.MOVE_AGREED, by=by, now=now, ip=ip)


@transaction.atomic
def cancel(*, move: MoveOut, by: User, now: datetime, ip: str | None = None) -> None:
    """Cancel the hand-over while both sides have not agreed; whoever was asked is told.

    :raises ChangedMeanwhile: both have agreed meanwhile, or it is over.
    """
    was_asked = bool(move.link_hash)
    _change(move, MoveOut.NOT_AGREED, state=State.CANCELLED, settled_at=now)
    if was_asked:
        telling.tell_taker(move, telling.CANCELLED)
    telling.record(move, What.MOVE_CANCELLED, by=by, now=now, ip=ip)


def _change(move: MoveOut, of_states: tuple[MoveOut.State, ...], **values: Any) -> None:
    if not move.change(Q(state__in=of_states), **values):
        raise ChangedMeanwhile


def _said(figures: Figures) -> Mapping[str, Any]:
    return {
        "moves_on": figures.moves_on, "value_m3": figures.value_m3, "gauge_percent": figures.percent,
        "is_odd": figures.is_odd, "meter": figures.meter,
    }  # fmt: skip


def _asked_of(
    address: str, public_id: str, version: int, now: datetime, ahead_on: date | None = None
) -> Mapping[str, Any]:
    """Return the state and link with which somebody is asked, or nobody.

    :param ahead_on: the day that is still to come: until then the link only shows it.
    """
    if not address:
        nobody = State.PLANNED if ahead_on else State.ANNOUNCED
        return {"state": nobody, "taker_email": "", "link_hash": "", "link_expires_at": None, "link_trouble": ""}
    opens_at = timezone.make_aware(datetime.combine(ahead_on, time())) if ahead_on else now
    return {
        "state": State.PLANNED if ahead_on else State.WAITING, "taker_email": address,
        "link_hash": link_hash(public_id, version), "link_expires_at": opens_at + LINK_HOLDS, "link_trouble": "",
    }  # fmt: skip


def _taker(typed: str, nobody_known: bool, by: User) -> str:
    if bool(typed.strip()) == nobody_known:
        raise TakerMissing
    if nobody_known:
        return ""
    address = folded_email(typed)
    if address == by.email:
        raise OwnAddress
    return address


def _bill_address(typed: str) -> str:
    address = " ".join(typed.split())
    if not address:
        raise BillAddressMissing
    return address[:200]


def _count(supply_point_id: int, address: str, now: datetime) -> None:
    """Count what is said of a place, and what is sent to an address: nobody floods somebody else's mailbox."""
    if limits.hit(f"moving {supply_point_id}", window=DAY, now=now) > SAID_IN_DAY:
        raise SaidTooOften
    if address and limits.hit(f"moving to {lookup_hash(address)}", window=DAY, now=now) > TO_ADDRESS_IN_DAY:
        raise SaidTooOften
