"""All that is known of the gas of one payer at one place: both ledgers, the model of the home, and what they come from.

How it is called:

    usage = usage_at(supply_point_id=..., payer_id=..., units=units, post_code=..., has_meter=True, today=today)
    usage.months              # the metered ledger by month
    usage.billed              # the billed ledger, row by row
    usage.intervals           # between true readings, for whoever fits, forecasts or compares
    usage.model, usage.climate

What is counted is a pure function of what was read, so it is remembered as long as that stays the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile
from typing import Any

from django.db.models import QuerySet

from mojplin.domain.metering.billed import FLAT_RATE, BilledRow, billed_rows
from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.gas_units import PRODUCTS, GasUnits
from mojplin.domain.metering.heating_model import Interval, Model, fitted
from mojplin.domain.metering.metered import Chain, MeteredMonth, chain_of, months_of, used_between
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.tank import Filling, fillings, gauges, used_between_gauges, with_gauges
from mojplin.domain.metering.temperatures import climate_of
from mojplin.domain.metering.towns import weather_town
from mojplin.domain.metering.true_readings import MeterLife, PayersTime, SentReading, TrueReading, true_readings
from mojplin.domain.supply.models import Meter, PayerPeriod
from mojplin.foundation.prepared import rows

REMEMBERED_PLACES = 128
"""A place with twenty years of readings takes 0.4 MB."""


@dataclass(frozen=True, slots=True)
class PlaceUsage:
    """`intervals` and `months` are in `units.base`; the newest interval is the last one."""

    units: GasUnits
    climate: Climate
    readings: tuple[TrueReading, ...]
    chain: Chain
    model: Model
    months: Mapping[date, MeteredMonth]
    billed: Sequence[BilledRow]
    deliveries: Sequence[Filling]
    levels: Sequence[Filling]
    """The deliveries and, as ones of no litres, the gauges that were read on other days; oldest first."""
    capacity_l: int | None
    meters: Sequence[MeterLife]
    ends_on: date | None
    """The first day that is no longer the payer's, or on which the place was closed; None while it lasts."""

    @property
    def intervals(self) -> Sequence[Interval]:
        return self.chain.intervals


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What was billed by estimate since the last bill that stood on a reading, and what was measured of it."""

    since: date
    billed_m3: Decimal
    measured_m3: Decimal | None
    """None where those days are not read yet."""

    @property
    def difference_m3(self) -> Decimal | None:
        """Return what was billed beyond what was measured; below zero where it was too little."""
        return None if self.measured_m3 is None else self.billed_m3 - self.measured_m3


def unsettled(usage: PlaceUsage) -> Unsettled | None:
    """Return what waits to be settled: the two ledgers beside one another; None where the last bill was no estimate."""
    estimated = list(takewhile(lambda row: row.basis == FLAT_RATE, reversed(usage.billed)))
    if not estimated:
        return None
    after, until = estimated[-1].period_from - timedelta(days=1), estimated[0].period_to
    billed_m3 = sum((each.consumption_m3 for each in estimated), Decimal(0))
    return Unsettled(
        estimated[-1].period_from, billed_m3, used_between(usage.intervals, usage.model.units, after, until)
    )


@dataclass(frozen=True, slots=True)
class _Point:
    """What is asked of the place itself."""

    times: tuple[PayersTime, ...]
    climate_town: str
    capacity_l: int | None
    closed_on: date | None

    @property
    def ends_on(self) -> date | None:
        ends = [self.closed_on, self.times[-1].ends_on if self.times else None]
        return min((each for each in ends if each), default=None)


def usage_at(
    *, supply_point_id: int, payer_id: int, units: GasUnits, post_code: str, has_meter: bool, today: date
) -> PlaceUsage:
    """Return both ledgers of the payer at the place, in five statements."""
    point = _point(supply_point_id, payer_id)
    climate = climate_of(weather_town(point.climate_town, post_code))
    until = min(today, point.ends_on or today).replace(day=1) - timedelta(days=1)
    if has_meter:
        billed = billed_rows(supply_point_id=supply_point_id, payer_id=payer_id)
        meters = [MeterLife(*row) for row in rows(_meters, (supply_point_id,))]
        sent = tuple(SentReading(*row) for row in rows(_sent, (supply_point_id, payer_id)))
        counted = _metered(point.times, tuple(meters), tuple(billed), sent, units, climate, until)
        filled: Sequence[Filling] = ()
        levels: Sequence[Filling] = ()
    else:
        billed, meters = [], []
        filled = fillings(supply_point_id=supply_point_id, payer_id=payer_id)
        read_from_gauge = gauges(supply_point_id=supply_point_id, payer_id=payer_id)
        levels = with_gauges(filled, read_from_gauge.items())
        counted = _from_tank(used_between_gauges(levels, point.capacity_l), units, climate, until)
    return PlaceUsage(
        units=units,
        climate=climate,
        readings=counted.readings,
        chain=counted.chain,
        model=counted.model,
        months=counted.months,
        billed=billed,
        deliveries=filled,
        levels=levels,
        capacity_l=point.capacity_l,
        meters=meters,
        ends_on=point.ends_on,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    chain: Chain
    model: Model
    months: Mapping[date, MeteredMonth]
    readings: tuple[TrueReading, ...] = ()


Corrections = tuple[tuple[date, Decimal], ...]
"""Correction factors of the meters, each from the end of a day on; oldest first."""


@lru_cache(maxsize=REMEMBERED_PLACES)
def _metered(
    times: tuple[PayersTime, ...],
    meters: tuple[MeterLife, ...],
    billed: tuple[BilledRow, ...],
    sent: tuple[SentReading, ...],
    units: GasUnits,
    climate: Climate,
    until: date,
) -> _Counted:
    read = [true_readings(time, meters, billed, sent) for time in times]
    chains = [chain_of(each, {meter.meter_id: 10**meter.digits for meter in meters}) for each in read]
    chain = Chain(
        tuple(each for one in chains for each in one.intervals), tuple(each for one in chains for each in one.falls)
    )
    counted = _counted(chain, _corrections(meters), units, climate, until)
    return replace(counted, readings=tuple(each for time in read for each in time))


@lru_cache(maxsize=REMEMBERED_PLACES)
def _from_tank(intervals: tuple[Interval, ...], units: GasUnits, climate: Climate, until: date) -> _Counted:
    return _counted(Chain(intervals), (), units, climate, until)


def _counted(chain: Chain, corrections: Corrections, units: GasUnits, climate: Climate, until: date) -> _Counted:
    gas = PRODUCTS.get(units.product)
    unit_m3 = float(gas.litres) if gas and units.base == "l" else 1.0
    model = fitted(chain.intervals, climate, unit_m3=unit_m3)

    def energy(on: date) -> Decimal | None:
        kwh = units.kwh_per_unit(on)
        correction = next((factor for since, factor in reversed(corrections) if since < on), Decimal(1))
        return None if kwh is None else kwh * correction

    months = months_of(
        chain.intervals, model.units, energy=energy, changes=units.changes, model=model, estimate_until=until
    )
    return _Counted(chain, model, months)


def _corrections(meters: Sequence[MeterLife]) -> Corrections:
    ordered = sorted(meters, key=lambda each: each.installed_on)
    return tuple((each.installed_on - timedelta(days=1), each.correction_factor) for each in ordered)


def _point(supply_point_id: int, payer_id: int) -> _Point:
    """Return the times of the payer, joined where one follows upon the other, and the place."""
    found = rows(_periods, (supply_point_id, payer_id))
    times: list[PayersTime] = []
    for starts_on, ends_on, *_of_point in found:
        if times and times[-1].ends_on == starts_on:
            times[-1] = PayersTime(times[-1].starts_on, ends_on)
        else:
            times.append(PayersTime(starts_on, ends_on))
    climate_town, capacity_l, closed_on = found[0][2:] if found else ("", None, None)
    return _Point(tuple(times), climate_town, capacity_l, closed_on)


def _periods(asked: Sequence[Any]) -> QuerySet[PayerPeriod, Any]:
    found = PayerPeriod.objects.filter(supply_point_id=asked[0], payer_id=asked[1]).order_by("starts_on")
    return found.values_list(
        "starts_on", "ends_on", "supply_point__climate_town", "supply_point__tank_capacity_l",
        "supply_point__closed_on",
    )  # fmt: skip


def _meters(asked: Sequence[Any]) -> QuerySet[Meter, Any]:
    return Meter.objects.filter(supply_point_id=asked[0]).order_by("installed_on").values_list(
        "pk", "number", "digits", "installed_on", "initial_value_m3", "removed_on", "final_value_m3",
        "correction_factor",
    )  # fmt: skip


def _sent(asked: Sequence[Any]) -> QuerySet[SubmittedReading, Any]:
    supply_point_id, payer_id = asked
    found = SubmittedReading.objects.that_are_measured().filter(supply_point_id=supply_point_id, payer_id=payer_id)
    return found.order_by("month", "meter_id", "version").values_list(*SentReading._fields)
