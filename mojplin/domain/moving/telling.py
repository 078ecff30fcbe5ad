"""Mails of a hand-over to both sides, its messages for the ERP, and its lines in the payer's log.

A mail to whoever takes over holds their link, so it is written when it leaves: the outbox holds no secret.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.notices import Topic, register
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.moving.links import link_token
from mojplin.domain.moving.models import MoveOut, litres_at
from mojplin.domain.notifications.daytime import is_daytime, next_morning
from mojplin.domain.notifications.sent import note_mail
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation import formats, mail
from mojplin.foundation.outbox.delivery import NotBefore, Undeliverable, deliverer
from mojplin.foundation.outbox.models import Message

TAKER_MAIL, GIVER_MAIL = "move_taker_mail", "move_giver_mail"
PLANNED, ASKED, AGREED, ANSWERED, CANCELLED = "planned", "asked", "agreed", "answered", "cancelled"

TOPIC = Topic(
    code="moving",
    label=_("Hand-over of a supply point"),
    hint=_("What the other side and the supplier say, and what is to be done: a supply ends with it."),
    is_required=True,
)
register(TOPIC)
STILL = {PLANNED: MoveOut.State.PLANNED, ASKED: MoveOut.State.WAITING}
"""The state in which a mail to whoever takes over is still so."""


def tell_announced(move: MoveOut, *, is_anew: bool) -> None:
    """Confirm the announcement to the giver, and ask the other side if it is named."""
    is_ahead = move.state == MoveOut.State.PLANNED
    said = {"email": move.taker_email, "is_anew": is_anew, "is_ahead": is_ahead, "has_reading": _has_reading(move)}
    _to_giver(move, "announced", said)
    if move.link_hash and is_ahead:
        tell_taker(move, PLANNED)
    elif move.link_hash:
        ask_taker(move)


def ask_taker(move: MoveOut) -> None:
    """Post the mail with the link; one that would come too late is dropped."""
    Message.post(TAKER_MAIL, expires_at=move.link_expires_at, move=move.public_id, version=move.version, what=ASKED)


def tell_taker(move: MoveOut, what: str) -> None:
    """Post a mail about how it goes on to whoever was asked; nobody was: nothing."""
    if move.taker_email:
        Message.post(TAKER_MAIL, move=move.public_id, version=move.version, what=what)


def tell_disputed(move: MoveOut) -> None:
    _to_giver(move, "disputed", _of_other(move, move.given_by.language))


def tell_agreed(move: MoveOut, *, by_both: bool) -> None:
    """Tell the ERP, once, and both sides. The caller has just won the change to "agreed"."""
    point = move.supply_point
    Message.post(
        "erp.move.agreed",
        wakes_worker=False,
        id=move.public_id,
        number=move.number,
        supply_point=point.number,
        payer=move.payer.number,
        moves_on=move.moves_on.isoformat(),
        meter=move.meter.number if move.meter else "",
        value_m3=_as_on_meter(move),
        gauge_percent=move.gauge_percent,
        litres=move.litres,
        confirmed_as_unusual=move.is_odd,
        bill_address=move.bill_address,
        taker_email=move.taker_email,
        taker_name=move.taker_name,
        taker_phone=move.taker_phone,
        confirmed_by_both=by_both,
        decided_because=move.decided_because,
        announced_by=move.given_by.email,
        announced_at=move.announced_at.isoformat(),
        agreed_at=move.agreed_at.isoformat() if move.agreed_at else None,
    )
    _to_giver(move, "agreed", {"by_both": by_both, "decided_because": move.decided_because})
    tell_taker(move, AGREED)


def tell_answered(move: MoveOut) -> None:
    """Post the mails of the supplier's answer to both sides; they leave by day, for an export comes by night."""
    Message.post(GIVER_MAIL, move=move.public_id)
    tell_taker(move, ANSWERED)


def tell_day_has_come(move: MoveOut) -> None:
    """Remind the giver of the reading that is still to be said."""
    _to_giver(move, "day_has_come", {"has_reading": _has_reading(move)})


def _has_reading(move: MoveOut) -> bool:
    return bool(move.supply_point.kind != SupplyPoint.Kind.RENTAL)


def tell_trouble(move: MoveOut) -> None:
    """Tell the giver that whoever takes over could not be reached, or did not answer in time."""
    _to_giver(move, "no_answer", {"trouble": str(move.link_trouble), "email": move.taker_email})


def record(
    move: MoveOut, what: AccessEvent.What, *, by: User | None, now: datetime, ip: str | None, reason: str = ""
) -> None:
    """Write the act into the log of everybody who sees the payer; `by` is None for the other side, who has no name."""
    about = f"{move.number}, {move.supply_point.number}: {formats.day(move.moves_on, 'sl')}"
    reading = reading_in(move.supply_point, move.value_m3, move.gauge_percent, "sl")
    about += f", {reading}" if reading else ""
    record_for_payer(number=move.payer.number, what=what, by=by, now=now, about=about, reason=reason, ip=ip)


def reading_in(point: Any, value_m3: Any, percent: int | None, language: formats.Language) -> str:
    """Return a reading as both sides read it: "1260 m³", "45 % (1.215 l)", or "" where nothing is read."""
    if value_m3 is not None:
        return formats.cubic_metres(value_m3, language)
    if percent is None:
        return ""
    litres = litres_at(point, percent)
    shown = formats.percent(percent, language, 0)
    return shown if litres is None else f"{shown} ({formats.litres(litres, language)})"


@deliverer(TAKER_MAIL)
def deliver_to_taker(message: Message) -> None:
    """Send a mail to whoever takes over, unless the giver has said something else meanwhile."""
    found = MoveOut.objects.select_related("supply_point", "meter")
    same = {"public_id": message.payload["move"], "version": message.payload["version"]}
    move = found.filter(**same).exclude(taker_email="").first()
    what = message.payload["what"]
    if move is None or move.state != STILL.get(what, move.state):
        return
    if what == ANSWERED:
        _wait_for_day()
    language = formats.language_of(move.taker_language)
    until = formats.day(timezone.localdate(move.link_expires_at), language) if move.link_expires_at else ""
    address = address_in(language, "web:taking_over", link_token(move.public_id, move.version))
    context = _of_move(move, language) | _of_answer(move) | {"until": until, "action_url": address}
    try:
        mail.send_now(
            to=move.taker_email, template=f"moving/mail/taker_{what}", context=context, language=language,
            message_id=message.public_id,
        )  # fmt: skip
    except Undeliverable:
        if what == ASKED:
            note_trouble(move, MoveOut.Trouble.UNDELIVERABLE)
        raise
    taker = User.objects.filter(email=move.taker_email, is_active=True).first()
    if taker:
        _note(message, move, to=taker, now=timezone.now())


@deliverer(GIVER_MAIL)
def deliver_answer_to_giver(message: Message) -> None:
    _wait_for_day()
    found = MoveOut.objects.select_related("supply_point", "meter", "given_by")
    move = found.filter(public_id=message.payload["move"], given_by__is_active=True, given_by__erased_at=None).first()
    if move is None:
        return
    language = formats.language_of(move.given_by.language)
    context = _of_move(move, language) | _of_answer(move) | {"action_url": _page_of(move, language)}
    mail.send_now(
        to=move.given_by.email, template="moving/mail/answered", context=context, language=language,
        message_id=message.public_id,
    )  # fmt: skip
    _note(message, move, to=move.given_by, now=timezone.now())


def _wait_for_day() -> None:
    now = timezone.now()
    if not is_daytime(now):
        raise NotBefore(next_morning(now))


def _of_answer(move: MoveOut) -> dict[str, Any]:
    return {
        "is_refused": move.state == MoveOut.State.REFUSED,
        "reason": move.supplier_note(),
        "decided_because": move.decided_because,
    }


@transaction.atomic
def note_trouble(move: MoveOut, trouble: MoveOut.Trouble) -> None:
    """Note, once for a link, that no answer came, and tell the giver."""
    if move.change(Q(state=MoveOut.State.WAITING, link_trouble=""), link_trouble=trouble):
        tell_trouble(move)


@transaction.atomic
def remind(move: MoveOut, *, now: datetime) -> None:
    """Remind the giver, once, that the day they announced ahead has come."""
    if move.change(Q(state=MoveOut.State.PLANNED, reminded_at=None), reminded_at=now):
        tell_day_has_come(move)


def _as_on_meter(move: MoveOut) -> str | None:
    """Return the counter with the decimals that its meter is read with."""
    if move.value_m3 is None or move.meter is None:
        return None
    return str(move.value_m3.quantize(Decimal(1).scaleb(-move.meter.decimals)))


def _to_giver(move: MoveOut, template: str, context: dict[str, Any]) -> None:
    user = move.given_by
    if not user.is_active or user.erased_at is not None:
        return
    language = formats.language_of(user.language)
    context = _of_move(move, language) | {"action_url": _page_of(move, language)} | context
    message = mail.post(to=user.email, template=f"moving/mail/{template}", context=context, language=language)
    _note(message, move, to=user, now=message.created_at)


def _note(message: Message, move: MoveOut, *, to: User, now: datetime) -> None:
    note_mail(
        message, to=to, topic=TOPIC, about=move.number, payer_id=move.payer_id,
        supply_point_id=move.supply_point_id, now=now,
    )  # fmt: skip


def _page_of(move: MoveOut, language: str) -> str:
    return address_in(language, "web:move", move.public_id)


def _of_move(move: MoveOut, language: formats.Language) -> dict[str, Any]:
    return {
        "number": move.number,
        "address": move.supply_point.address,
        "meter": move.meter.number if move.meter else "",
        "day": formats.day_in_sentence(move.moves_on, language, year=True),
        "reading": reading_in(move.supply_point, move.value_m3, move.gauge_percent, language),
    }


def _of_other(move: MoveOut, language: str) -> dict[str, str]:
    spoken = formats.language_of(language)
    on = move.other_on or move.moves_on
    return {
        "other_day": formats.day_in_sentence(on, spoken, year=True),
        "other_reading": reading_in(move.supply_point, move.other_value_m3, move.other_percent, spoken),
    }
