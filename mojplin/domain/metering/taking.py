"""What one reading goes through, step by step: its meter is held, the counter understood and judged, a version written.

The verbs (`operations`, `exchange`) are made of these steps. Refusals come before the first write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.domain.metering import known, plausibility
from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.known import Before
from mojplin.domain.metering.models import SubmittedReading, TownWeather
from mojplin.domain.metering.points import EnergyOn, PointToRead
from mojplin.domain.metering.reading_parser import NegativeReading, ParsedReading, TooManyDigits, parse_reading
from mojplin.domain.metering.temperatures import climate_at, climate_of
from mojplin.domain.metering.window import ReadingWindow
from mojplin.domain.supply.models import Meter
from mojplin.foundation.prepared import insert, rows, update

RECEIVED = "reading_received"
"""The topic of the mail that confirms a reading."""


def current_meters(supply_point_id: int) -> "QuerySet[Meter]":
    """Return the meters that count at the place now, the newest first; there should be one."""
    return Meter.objects.filter(supply_point_id=supply_point_id, removed_on=None).order_by("-installed_on", "-pk")


@dataclass(frozen=True, slots=True)
class HeldMeter:
    """The meter of a place, its row held until the commit, with what else its statement could tell."""

    meter: Meter
    is_receipt_wanted: bool
    climate: Climate
    kwh_per_m3: Decimal | None
    """On the day of the reading, as this meter counts; None where the price list does not say."""
    kwh_per_m3_year_before: Decimal | None


def held_meter(point: PointToRead, user_id: int, read_on: date) -> HeldMeter | None:
    """Hold the row of the meter, so that two senders cannot make the same version; None where there is none."""
    asked = point.supply_point_id, user_id, point.weather_town, point.product, read_on, known.a_year_before(read_on)
    found = rows(_meter_to_hold, asked, point.energy_on)
    if not found:
        return None
    *of_meter, is_unwanted, weather_version, kwh, kwh_year_before = found[0]
    meter = Meter.from_db(DEFAULT_DB_ALIAS, _OF_METER, of_meter)
    # A price list begins some day; what was before it had the energy that it begins with.
    each_m3 = [of_day and of_day * meter.correction_factor for of_day in (kwh, kwh_year_before or kwh)]
    return HeldMeter(meter, not is_unwanted, climate_at(point.weather_town, weather_version), *each_m3)


_OF_METER = [field.attname for field in Meter._meta.concrete_fields]


def _meter_to_hold(asked: Sequence[Any], energy_on: EnergyOn) -> "QuerySet[Meter, Any]":
    supply_point_id, user_id, town, product, read_on, a_year_before = asked
    choices = NoticeChoice.objects.filter(user_id=user_id, topic=RECEIVED, is_wanted=False)
    versions = TownWeather.objects.filter(town=town).values("version")[:1]
    meters = current_meters(supply_point_id).select_for_update(of=("self",))
    told = meters.annotate(
        is_unwanted=Exists(choices),
        weather_version=Coalesce(Subquery(versions), Value(0)),
        kwh=Subquery(energy_on(product, read_on)),
        kwh_year_before=Subquery(energy_on(product, a_year_before)),
    )
    return told.values_list(*_OF_METER, "is_unwanted", "weather_version", "kwh", "kwh_year_before")[:1]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the meter, and every version at the place whoever sent it."""

    before: Before
    of_all: Sequence[SubmittedReading]


def history_of(meter: Meter, point: PointToRead, window: ReadingWindow) -> History:
    of_all = known.readings_of_all_payers(point.supply_point_id)
    billed = known.known_readings(point.supply_point_id, point.payer_id)
    sent = [each for each in of_all if each.payer_id == point.payer_id]
    return History(known.before(meter, window, known=billed, sent=sent), of_all)


def counter(meter: Meter, typed: str, exact_m3: Decimal | None) -> ParsedReading:
    """Return the counter that was typed or chosen.

    :raises TwoMeanings: what was typed can be read in two ways.
    """
    if exact_m3 is not None:
        return ParsedReading(_exact(meter, exact_m3))
    read = parse_reading(typed, digits=meter.digits, decimals=meter.decimals)
    if read.other_m3 is not None:
        raise plausibility.TwoMeanings(
            value=plausibility.cubic_metres(read.value_m3),
            other=plausibility.cubic_metres(read.other_m3),
            value_m3=read.value_m3,
            other_m3=read.other_m3,
        )
    return read


def _exact(meter: Meter, exact_m3: Decimal) -> Decimal:
    if exact_m3 < 0:
        raise NegativeReading
    shown = exact_m3.quantize(Decimal(1).scaleb(-meter.decimals), ROUND_DOWN)
    if shown >= 10**meter.digits:
        raise TooManyDigits(digits=meter.digits, typed=len(str(int(shown))), likely_m3=None)
    return shown


def write_next_version(reading: SubmittedReading, of_all: Sequence[SubmittedReading]) -> None:
    """Write the reading as the next version of its meter and month; an earlier payer's versions are counted too.

    The one that held until now holds no longer.
    """
    same = [each for each in of_all if (each.meter_id, each.month) == (reading.meter_id, reading.month)]
    reading.version = 1 + max((each.version for each in same), default=0)
    if any(each.holds and each.payer_id == reading.payer_id for each in same) and not reading.is_informative:
        where = {name: getattr(reading, name) for name in ("supply_point_id", "payer_id", "meter_id", "month")}
        update(SubmittedReading, where | {"holds": True}, holds=False)
    insert([reading])


def other_meter_of(
    value_m3: Decimal, points: Sequence[PointToRead], window: ReadingWindow, read_on: date
) -> PointToRead | None:
    """Return the first of the points whose meter would take the counter without a question."""
    for point in points:
        meter = current_meters(point.supply_point_id).first()
        if meter is None or value_m3 >= 10**meter.digits:
            continue
        before = history_of(meter, point, window).before
        climate = climate_of(point.weather_town)
        if before.intervals and plausibility.Judge(before, read_on, meter.digits, climate).fits(value_m3):
            return point
    return None
