"""What the office does with marked readings: it sees each beside what the home was expected to use, and judges it.

Marked is what a customer confirmed although the portal had asked. Cubic metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.office_answers import AnsweredMeanwhile, reason_for_customer
from mojplin.domain.metering import known
from mojplin.domain.metering.heating_model import Interval
from mojplin.domain.metering.models import BilledReading, ReadingJudgement, SubmittedReading
from mojplin.domain.metering.plausibility import Judge, model_of
from mojplin.domain.metering.temperatures import climate_of
from mojplin.domain.metering.towns import weather_town
from mojplin.domain.metering.window import window_days, window_of_month
from mojplin.foundation.outbox.models import Message

ROWS, SHOWN_BEFORE = 50, 11
LARGEST_KEY, LONGEST_MARK = 2**63 - 1, 60
_BILLED = Exists(BilledReading.objects.filter(meter=OuterRef("meter"), period_to__gte=OuterRef("month")))
STATES = {
    "waiting": Q(~_BILLED, holds=True, judgement=None),
    "accepted": Q(judgement__is_accepted=True),
    "refused": Q(judgement__is_accepted=False),
}
"""A reading whose month was billed, with it or without, waits for nobody any more."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A use between two readings beside what was expected of the home; `low` and `high` None: nothing was known."""

    after: date
    until: date
    used: Decimal
    low: Decimal | None
    high: Decimal | None
    is_asked: bool = False
    """It ends with the reading that is to be judged."""


def marked(state: str, *, after: tuple[datetime, int] | None) -> "QuerySet[SubmittedReading]":
    """Return a page of marked readings and one more, the oldest first.

    :param state: of `STATES`; `after`: instant and key of the last one already shown.
    """
    rows = SubmittedReading.objects.filter(STATES[state], is_odd=True, is_withdrawn=False, is_informative=False)
    if after:
        at, key = after
        rows = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=key))
    return rows.select_related("supply_point", "judgement").order_by("submitted_at", "pk")[: ROWS + 1]


def mark_of(text: str) -> tuple[datetime, int] | None:
    """Read where a page ended, as `instant~key`; anything else begins at the oldest."""
    instant, _sign, key = text[:LONGEST_MARK].partition("~")
    try:
        at, number = datetime.fromisoformat(instant).astimezone(UTC), int(key)
    except (ValueError, OverflowError):
        return None
    return (at, number) if 0 <= number <= LARGEST_KEY else None


def marked_reading(public_id: str) -> SubmittedReading | None:
    """Return a reading that is or was marked, with all that its page names."""
    joined = ("supply_point", "payer", "meter", "submitted_by", "judgement__judged_by", "exchange", "photo")
    return SubmittedReading.objects.select_related(*joined).filter(public_id=public_id, is_odd=True).first()


def beside_expected(reading: SubmittedReading, *, today: date) -> Sequence[Beside]:
    """Return the uses before the reading, the newest of them, and the reading's own last; each with its range (99 %).

    Of the reading itself nothing is learnt: the home is known from what was read before.
    """
    point = reading.supply_point
    days = window_days(point.kind, point.reading_first_day, point.reading_last_day)
    window = window_of_month(reading.month, days, today)
    billed = known.known_readings(reading.supply_point_id, reading.payer_id)
    earlier = [each for each in billed if each.period_to < reading.read_on]
    sent = known.sent_readings(reading.supply_point_id, reading.payer_id)
    before = known.before(reading.meter, window, known=earlier, sent=sent)
    climate = climate_of(weather_town(point.climate_town, point.post_code))
    model = model_of(before.intervals, climate)
    verdict = Judge(before, reading.read_on, reading.meter.digits, climate).verdict(reading.value_m3)
    asked = Beside(
        before.last_on,
        reading.read_on,
        reading.value_m3 - before.last_m3,
        None if verdict.low_m3 is None else verdict.low_m3 - before.last_m3,
        None if verdict.high_m3 is None else verdict.high_m3 - before.last_m3,
        is_asked=True,
    )

    def past(each: Interval) -> Beside:
        low, high = model.expected(each.after, each.until).within(99)
        return Beside(each.after, each.until, each.used, Decimal(round(low)), Decimal(round(high)))

    return [*map(past, before.intervals[-SHOWN_BEFORE:]), asked]


@transaction.atomic
def accept_reading(reading: SubmittedReading, *, by: User, now: datetime, ip: str | None = None) -> None:
    """Say that a marked reading is right: it goes into billing as it is; the customer reads it, the ERP is told.

    :raises AnsweredMeanwhile: it is judged already, or another version holds.
    """
    _judge(reading, "", by=by, now=now, ip=ip)


@transaction.atomic
def refuse_reading(reading: SubmittedReading, *, reason: str, by: User, now: datetime, ip: str | None = None) -> None:
    """Refuse a marked reading: it holds no longer, the customer reads why and may send another, the ERP is told.

    :raises AnswerReasonMissing, AnsweredMeanwhile: nothing is refused.
    """
    _judge(reading, reason_for_customer(reason), by=by, now=now, ip=ip)


def _judge(reading: SubmittedReading, reason: str, *, by: User, now: datetime, ip: str | None) -> None:
    is_accepted = not reason
    waiting = SubmittedReading.objects.filter(pk=reading.pk, is_odd=True, holds=True)
    # The row is held until the commit: whoever corrects or judges it too comes before or after, never in between.
    if not waiting.update(holds=is_accepted):
        raise AnsweredMeanwhile
    said = {"is_accepted": is_accepted, "reason": reason, "judged_by": by, "judged_at": now}
    _kept, is_first = ReadingJudgement.objects.get_or_create(reading=reading, defaults=said)
    if not is_first:
        raise AnsweredMeanwhile
    Message.post(
        "erp.reading.judged",
        wakes_worker=False,
        id=reading.public_id,
        version=reading.version,
        supply_point=reading.supply_point.number,
        meter=reading.meter.number,
        month=reading.month.isoformat(),
        value_m3=str(reading.value_m3),
        answer="accepted" if is_accepted else "refused",
        reason=reason,
        answered_by=by.username,
        answered_at=now.isoformat(),
    )
    access_log.record(
        whose=reading.submitted_by, what=AccessEvent.What.OFFICE_JUDGED_READING, by=by, reason=reason,
        about=f"{reading.supply_point.number}, {reading.month:%Y-%m}", payer_number=reading.payer.number,
        now=now, ip=ip,
    )  # fmt: skip
