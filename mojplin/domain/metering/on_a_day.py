"""What a meter or tank showed on any day, understood and judged by the rules of every reading; nothing is taken."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from mojplin.domain.metering import known
from mojplin.domain.metering.gauge import parse_percent, question_about, tank_history
from mojplin.domain.metering.operations import NoMeterToRead
from mojplin.domain.metering.plausibility import Judge
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.taking import counter
from mojplin.domain.metering.temperatures import climate_of
from mojplin.domain.metering.window import ReadingWindow
from mojplin.domain.supply.models import Meter
from mojplin.foundation.months import month_of, next_month


@dataclass(frozen=True, slots=True)
class CounterOnDay:
    meter: Meter
    value_m3: Decimal
    is_odd: bool
    """It was asked about, and the person said that it is right."""


@dataclass(frozen=True, slots=True)
class GaugeOnDay:
    percent: int
    is_odd: bool


def meter_on(supply_point_id: int, on: date) -> Meter | None:
    """Return the meter that counted at the place on that day; of two exchanged on it the newer one."""
    there = Q(removed_on=None) | Q(removed_on__gt=on)
    meters = Meter.objects.filter(there, supply_point_id=supply_point_id, installed_on__lte=on)
    return meters.order_by("-installed_on", "-pk").first()


def counter_on(
    *, point: PointToRead, typed: str, exact_m3: Decimal | None, is_confirmed: bool, on: date
) -> CounterOnDay:
    """Return the counter that was typed or chosen, judged by what is known of the payer's use up to that day.

    :param is_confirmed: the person says that an odd counter is right.
    :raises NoMeterToRead: no meter counted there that day.
    :raises ReadingQuestion: the person should look again (see `plausibility`).
    :raises NotANumber, NegativeReading, ExponentTyped, TooManyDigits: see `reading_parser`.
    """
    meter = meter_on(point.supply_point_id, on)
    if meter is None:
        raise NoMeterToRead
    read = counter(meter, typed, exact_m3)
    billed = known.known_readings(point.supply_point_id, point.payer_id)
    sent = [each for each in known.sent_readings(point.supply_point_id, point.payer_id) if each.read_on <= on]
    # As if it were of the month that follows: what was sent in its own month counts among what is known.
    until_then = ReadingWindow(next_month(month_of(on)), on, on, is_open=True, days_left=0)
    before = known.before(meter, until_then, known=billed, sent=sent)
    question = Judge(before, on, meter.digits, climate_of(point.weather_town)).question(read.value_m3)
    if question and not (is_confirmed and question.may_confirm):
        raise question
    return CounterOnDay(meter, read.value_m3, question is not None)


def gauge_on(*, supply_point_id: int, payer_id: int, typed: str, is_confirmed: bool, on: date) -> GaugeOnDay:
    """Return the gauge that was typed, judged by what is known of the tank.

    :raises NotAPercent, NotOnGauge: see `parse_percent`.
    :raises FullerThanFilled, FullerThanBefore: the person should look again.
    """
    percent = parse_percent(typed)
    question = question_about(percent, tank_history(supply_point_id=supply_point_id, payer_id=payer_id), on)
    if question and not is_confirmed:
        raise question
    return GaugeOnDay(percent, question is not None)
