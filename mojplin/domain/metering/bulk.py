"""Many points at once: what is known of each, and what is to be said about the counter typed for it.

Four statements for any number of points, so hand over a page of them (or `POINTS_AT_ONCE`), not thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from mojplin.domain.metering import known, taking
from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.known import Before, KnownReading
from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.domain.metering.operations import NoMeterToRead, WindowClosed
from mojplin.domain.metering.plausibility import Judge, LowerThanLast, ReadingQuestion
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.temperatures import climates_of
from mojplin.domain.metering.window import ReadingWindow, reading_window
from mojplin.domain.supply.models import Meter
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused

POINTS_AT_ONCE = 200

PointKey = tuple[int, int]
"""Supply point and payer, by their row ids."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed for a point; `is_confirmed` says that it is right although it is odd."""

    text: str
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point in the table: what is known, what was typed, and what has to be said about it."""

    point: PointToRead
    window: ReadingWindow
    meter: Meter | None
    before: Before | None
    sent: SubmittedReading | None
    """What holds for the month of the window."""
    typed: Typed
    value_m3: Decimal | None = None
    """What was typed, understood."""
    refusal: Refused | None = None

    @property
    def is_good(self) -> bool:
        """Whether it can be sent as it stands."""
        return bool(self.typed.text) and self.refusal is None

    @property
    def is_lower(self) -> bool:
        """Whether it is below the last reading: a slip, or another meter by now."""
        return isinstance(self.refusal, LowerThanLast)

    @property
    def may_confirm(self) -> bool:
        """Whether the person may say that the counter is right all the same."""
        return isinstance(self.refusal, ReadingQuestion) and self.refusal.may_confirm and not self.is_lower

    @property
    def expected_m3(self) -> tuple[Decimal, Decimal] | None:
        """Return between which counters the new one was expected, where something has to be asked."""
        known_of = self.refusal.places if self.refusal else {}
        low, high = known_of.get("low_m3"), known_of.get("high_m3")
        return None if low is None or high is None else (low, high)

    @property
    def likely_m3(self) -> Decimal | None:
        """Return the counter that was meant, where the likely slip tells."""
        slip = self.refusal.places.get("slip") if self.refusal else None
        return slip.value_m3 if slip else None

    @property
    def use_m3(self) -> Decimal | None:
        """Return the use since the last reading, of a counter that is not lower."""
        if self.value_m3 is None or self.before is None or self.value_m3 < self.before.last_m3:
            return None
        return self.value_m3 - self.before.last_m3


def key_of(point: PointToRead) -> PointKey:
    return point.supply_point_id, point.payer_id


def read_already(months: Mapping[PointKey, date]) -> frozenset[PointKey]:
    """Return the points for whose month, a first day, a reading holds, in one statement."""
    payers = {payer_id for _supply_point_id, payer_id in months}
    holding = SubmittedReading.objects.that_hold().filter(payer_id__in=payers, month__in=set(months.values()))
    found = holding.values_list("supply_point_id", "payer_id", "month")
    return frozenset((point, payer) for point, payer, month in found if months.get((point, payer)) == month)


def rows_of(points: Sequence[PointToRead], typed: Mapping[PointKey, Typed], today: date) -> list[PointRow]:
    """Return the rows of the points in their order, each with what is typed for it looked at."""
    if not points:
        return []
    meters, billed, sent = _meters(points), _billed(points), _sent(points)
    climates = climates_of({each.weather_town for each in points})
    return [
        _row(each, meters.get(each.supply_point_id), billed.get(key_of(each), []), sent.get(key_of(each), []),
             typed.get(key_of(each), Typed("")), climates[each.weather_town], today)
        for each in points
    ]  # fmt: skip


def _row(
    point: PointToRead,
    meter: Meter | None,
    billed: list[KnownReading],
    sent: list[SubmittedReading],
    typed: Typed,
    climate: Climate,
    today: date,
) -> PointRow:
    window = reading_window(today, point.window_days)
    if meter is None:
        return PointRow(point, window, None, None, None, typed, refusal=NoMeterToRead() if typed.text else None)
    before = known.before(meter, window, known=billed, sent=sent)
    of_month = (each for each in sent if (each.meter_id, each.month, each.holds) == (meter.pk, window.month, True))
    judge = Judge(before, today, meter.digits, climate)
    value_m3, refusal = _looked_at(typed, meter, judge, window) if typed.text else (None, None)
    return PointRow(point, window, meter, before, next(of_month, None), typed, value_m3, refusal)


def _looked_at(
    typed: Typed, meter: Meter, judge: Judge, window: ReadingWindow
) -> tuple[Decimal | None, Refused | None]:
    """Return the counter as it is understood, and why it cannot be sent as it stands."""
    if not window.is_open:
        return None, WindowClosed(opens=formats.day_in_sentence(window.opens_on, formats.active_language()))
    try:
        value_m3 = taking.counter(meter, typed.text, None).value_m3
    except Refused as refusal:
        return None, refusal
    question = judge.question(value_m3)
    if question and typed.is_confirmed and question.may_confirm:
        question = None
    return value_m3, question


def _meters(points: Sequence[PointToRead]) -> dict[int, Meter]:
    """Return the meter that counts at each place, the newest where there are several."""
    ids = [each.supply_point_id for each in points]
    counting = Meter.objects.filter(supply_point_id__in=ids, removed_on=None).order_by("installed_on", "pk")
    return {each.supply_point_id: each for each in counting}


def _billed(points: Sequence[PointToRead]) -> dict[PointKey, list[KnownReading]]:
    """Return the newest billed readings of each, as `known.known_readings` does of one."""
    newest = Window(RowNumber(), partition_by=[F("supply_point"), F("payer")], order_by=F("period_to").desc())
    found = BilledReading.objects.filter(**_of(points)).annotate(nth=newest).filter(nth__lte=known.ROWS_TO_LOOK_AT)
    columns = ("supply_point_id", "payer_id", "period_to", "value_to_m3", "consumption_m3", "basis", "meter_id")
    billed: dict[PointKey, list[KnownReading]] = {}
    for point, payer, *row in found.order_by("-period_to").values_list(*columns):
        billed.setdefault((point, payer), []).append(KnownReading(*row))
    return billed


def _sent(points: Sequence[PointToRead]) -> dict[PointKey, list[SubmittedReading]]:
    """Return the newest readings of each that hold or were noted while readings were closed, newest first."""
    newest = Window(
        RowNumber(), partition_by=[F("supply_point"), F("payer")], order_by=[F("month").desc(), F("version").desc()]
    )
    counted = SubmittedReading.objects.filter(Q(holds=True) | Q(is_informative=True), **_of(points))
    sent: dict[PointKey, list[SubmittedReading]] = {}
    for each in counted.annotate(nth=newest).filter(nth__lte=known.ROWS_TO_LOOK_AT).newest_first():
        sent.setdefault((each.supply_point_id, each.payer_id), []).append(each)
    return sent


def _of(points: Sequence[PointToRead]) -> dict[str, list[int]]:
    return {
        "supply_point_id__in": [each.supply_point_id for each in points],
        "payer_id__in": sorted({each.payer_id for each in points}),
    }
