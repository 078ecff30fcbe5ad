"""What a firm types into the table of all its points: kept while it is typed, then sent row by row.

Good rows go, the others stay with what has to be said about them; nothing typed is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import is_wanted
from mojplin.domain.metering.bulk import POINTS_AT_ONCE, PointKey, PointRow, Typed, key_of, rows_of
from mojplin.domain.metering.models import ReadingDraft, SubmittedReading
from mojplin.domain.metering.models.draft import LONGEST_TYPED
from mojplin.domain.metering.operations import take_reading
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.taking import RECEIVED
from mojplin.domain.metering.window import reading_window
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.unsubscribing import Stop

SENT_AT_ONCE = 400
"""So many rows go in one transaction: more would keep others from writing for too long. The worker sends the rest."""
REST_TOPIC = "readings_rest"
KEEP = timedelta(days=45)
LISTED_IN_MAIL = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed for a point in a table or a file (`way`, of `SubmittedReading.Way`); no text takes it back."""

    point: PointToRead
    typed: Typed
    way: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How many drafts were sent, how many must be looked at again, and how many good ones the worker sends now."""

    taken: int
    to_look_at: int
    waiting: int


def drafts_of(user: User, points: Iterable[PointToRead], today: date) -> dict[PointKey, ReadingDraft]:
    """Return what the user typed for the months that are read now, in one statement."""
    months = {key_of(each): reading_window(today, each.window_days).month for each in points}
    found = ReadingDraft.objects.filter(user=user, month__in=set(months.values())).order_by("pk")
    drafts = {(each.supply_point_id, each.payer_id): each for each in found}
    return {key: each for key, each in drafts.items() if months.get(key) == each.month}


def under_way(user: User, *, dealt_with: int | None = None) -> frozenset[int]:
    """Return the keys of the drafts that the worker is still to send for an earlier press, in one statement.

    :param dealt_with: how many rows were sent or refused so far, if that is known: where they are fewer than go at
        once nothing was left to the worker, and nothing is asked.
    """
    if dealt_with is not None and dealt_with < SENT_AT_ONCE:
        return frozenset()
    parts = Message.objects.filter(
        topic=REST_TOPIC, state=Message.State.WAITING, delivered_at=None, payload__user=user.pk
    )
    return frozenset(key for told in parts.values_list("payload", flat=True) for key in told["rest"]["drafts"])


@transaction.atomic
def save_drafts(entries: Sequence[Entry], *, by: User, today: date, now: datetime) -> list[PointRow]:
    """Keep what was typed and return those rows, looked at; a row emptied is forgotten."""
    emptied = [each.point for each in entries if not each.typed.text]
    kept = [each for each in entries if each.typed.text]
    gone = drafts_of(by, emptied, today) if emptied else {}
    if gone:
        ReadingDraft.objects.filter(pk__in=[each.pk for each in gone.values()]).delete()
    rows: list[PointRow] = []
    for start in range(0, len(kept), POINTS_AT_ONCE):
        rows += _keep(kept[start : start + POINTS_AT_ONCE], by, today, now)
    return rows


def _keep(entries: Sequence[Entry], by: User, today: date, now: datetime) -> list[PointRow]:
    looked_at = rows_of([each.point for each in entries], {key_of(each.point): each.typed for each in entries}, today)
    drafts = [
        ReadingDraft(
            user=by,
            supply_point_id=row.point.supply_point_id,
            payer_id=row.point.payer_id,
            month=row.window.month,
            typed=row.typed.text[:LONGEST_TYPED],
            is_confirmed=row.typed.is_confirmed,
            is_good=row.is_good,
            way=entry.way,
            saved_at=now,
        )
        for entry, row in zip(entries, looked_at, strict=True)
    ]
    ReadingDraft.objects.bulk_create(
        drafts,
        update_conflicts=True,
        unique_fields=["user", "month", "supply_point", "payer"],
        update_fields=["typed", "is_confirmed", "is_good", "way", "saved_at"],
    )
    return looked_at


@dataclass(frozen=True, slots=True)
class Rest:
    """What one press of the button left to the worker: the keys of drafts, and what the mail will say of those sent."""

    drafts: list[int]
    count: int = 0
    rows: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    """The names of the places whose drafts were good when they were typed and are no longer."""
    has_odd: bool = False
    closes_on: str = ""


@transaction.atomic
def send_drafts(
    points: Sequence[PointToRead], *, by: User, today: date, now: datetime, rest: Rest | None = None
) -> Sent:
    """Send the good drafts for these points, `SENT_AT_ONCE` at most; the worker goes on with the others.

    All that one press sends is confirmed by one mail, when the last has gone: what the worker still has of an earlier
    press is left to it.

    :param now: when the button was pressed: what was in time then stays so, whenever the worker gets to it.
    :param rest: what an earlier part of the same press has left; only its drafts go.
    """
    open_points = {key_of(each): each for each in points}
    drafts = drafts_of(by, points, today)
    all_good = [each.pk for each in drafts.values() if each.is_good]
    elsewhere = under_way(by) if rest is None else set(all_good).difference(rest.drafts)
    to_send = [each for each in all_good if each not in elsewhere]
    good = _held(to_send)
    taken: list[tuple[PointToRead, SubmittedReading]] = []
    refused: dict[int, str] = {}
    for draft in good:
        point = open_points[draft.supply_point_id, draft.payer_id]
        try:
            reading = take_reading(
                point=point, typed=draft.typed, exact_m3=None, is_confirmed=draft.is_confirmed, read_on=today,
                by=by, today=today, now=now, way=draft.way,
            ).reading  # fmt: skip
        except Refused:
            refused[draft.pk] = point.name
        else:
            taken.append((point, reading))
    if refused:
        ReadingDraft.objects.filter(pk__in=refused).update(is_good=False)
    if taken:
        ReadingDraft.objects.filter(pk__in=[each.pk for each in good]).exclude(pk__in=refused).delete()
    gone = {each.pk for each in good}
    waiting = [each for each in to_send if each not in gone] if len(good) == SENT_AT_ONCE else []
    so_far = _with(rest or Rest([]), taken, list(refused.values()), waiting, by, today)
    if waiting:
        Message.post(REST_TOPIC, user=by.pk, pressed_at=now.isoformat(), rest=asdict(so_far))
    elif so_far.count:
        _confirm_by_mail(so_far, by)
    to_look_at = len(drafts) - len(all_good) + len(refused)
    return Sent(len(taken), to_look_at, len(waiting) + len(all_good) - len(to_send))


def _held(keys: Sequence[int]) -> list[ReadingDraft]:
    """Hold the rows until the commit and return them as they are then: what somebody else has just sent is gone.

    In the order of the places, so that two who send at once hold the meters in the same order, too.
    """
    held = ReadingDraft.objects.select_for_update().filter(pk__in=keys, is_good=True)
    return list(held.order_by("supply_point_id", "payer_id")[:SENT_AT_ONCE])


def _with(
    rest: Rest,
    taken: Sequence[tuple[PointToRead, SubmittedReading]],
    refused: Sequence[str],
    waiting: list[int],
    by: User,
    today: date,
) -> Rest:
    """Return what one press has sent up to now, and what of it still waits."""
    language = formats.language_of(by.language)
    room = taken[: max(0, LISTED_IN_MAIL - len(rest.rows))]
    rows = tuple((point.name, formats.cubic_metres(reading.value_m3, language)) for point, reading in room)
    has_odd = rest.has_odd or any(reading.is_odd for _point, reading in taken)
    ends = [reading_window(today, point.window_days).closes_on.isoformat() for point, _reading in taken]
    closes_on = min([*ends, *([rest.closes_on] if rest.closes_on else [])], default="")
    return Rest(waiting, rest.count + len(taken), (*rest.rows, *rows), (*rest.refused, *refused), has_odd, closes_on)


def _confirm_by_mail(sent: Rest, by: User) -> None:
    if not is_wanted(RECEIVED, by=by):
        return
    language = formats.language_of(by.language)
    context = {
        "count": sent.count,
        "rows": sent.rows,
        "more": sent.count - len(sent.rows),
        "refused": len(sent.refused),
        "refused_names": sent.refused[:LISTED_IN_MAIL],
        "closes": formats.day_in_sentence(date.fromisoformat(sent.closes_on), language),
        "has_odd": sent.has_odd,
    }
    mail.post(
        to=by.email, template="metering/mail/readings_received", context=context, language=by.language,
        stop=Stop(by.pk, [RECEIVED]),
    )  # fmt: skip


@hourly
def forget_old_drafts(now: datetime) -> None:
    ReadingDraft.objects.filter(saved_at__lt=now - KEEP).delete()
