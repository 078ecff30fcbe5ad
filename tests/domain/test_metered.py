"""The metered ledger by its invariants: what is read is what is shown, exactly, whatever was billed in between."""

import os
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.billed import BilledRow
from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.gas_units import gas_units
from mojplin.domain.metering.heating_model import Interval, fitted
from mojplin.domain.metering.metered import Basis, chain_of, months_of, parts_of, used_between
from mojplin.domain.metering.true_readings import (
    Kind,
    MeterLife,
    PayersTime,
    SentReading,
    TrueReading,
    true_readings,
)
from mojplin.foundation.months import last_day, next_month

FIRST = date(2023, 10, 14)
CLIMATE = normal_climate("Ljubljana")
OLD, NEW = 1, 2
ALWAYS = PayersTime(date(2020, 1, 1), None)
QUICK = settings(max_examples=40, deadline=None)

STEPS = st.lists(st.tuples(st.integers(1, 120), st.integers(0, 400_000)), min_size=1, max_size=24)
"""Days from one reading to the next, and litres of gas used between them."""


def readings_of(steps, *, start=FIRST, value=4_000_000, meter=OLD):
    """Return the readings that such steps leave behind, the first one before any use."""
    found = [TrueReading(meter, start, Decimal(value) / 1000, Kind.START)]
    for days, litres in steps:
        start, value = start + timedelta(days=days), value + litres
        found.append(TrueReading(meter, start, Decimal(value) / 1000))
    return found


def months_from(readings, climate=CLIMATE, **more):
    intervals = chain_of(readings, {OLD: 10**5, NEW: 10**5}).intervals
    return months_of(intervals, fitted(intervals, climate).units, **more)


def DAYS(after, until):
    return float((until - after).days)


def total(months):
    return sum((each.used for each in months.values()), Decimal(0))


def bill(first, last, before, after, basis="customer_reported", meter=OLD):
    return BilledRow(first, last, Decimal(before), Decimal(after), Decimal(after) - Decimal(before), basis, meter, "")


def meter(key, installed_on=date(2020, 1, 1), initial="0", removed_on=None, final=None):
    final = None if final is None else Decimal(final)
    return MeterLife(key, f"G4-{key}", 5, installed_on, Decimal(initial), removed_on, final, Decimal(1))


@QUICK
@given(STEPS)
def test_the_months_add_up_to_the_difference_of_the_counters_and_none_is_below_zero(steps):
    readings = readings_of(steps)
    months = months_from(readings)
    assert total(months) == readings[-1].value_m3 - readings[0].value_m3
    assert all(each.used >= 0 for each in months.values())


@QUICK
@given(STEPS, st.integers(1, 30_000))
def test_a_counter_that_turned_over_loses_nothing_where_the_supplier_says_so(steps, before_the_end):
    used = sum(litres for _days, litres in steps)
    readings = readings_of(steps, value=99_999_999 - min(before_the_end, 99_999_999))
    turned, past = [], 0
    for each in readings:
        is_over = each.value_m3 >= 10**5 * (past + 1)
        past += is_over
        turned.append(each._replace(value_m3=each.value_m3 - 10**5 * past, turned_over=is_over))
    assert total(months_from(turned)) == Decimal(used) / 1000


@QUICK
@given(STEPS)
def test_every_day_between_the_first_and_the_last_reading_is_in_one_month(steps):
    readings = readings_of(steps)
    months = months_from(readings)
    assert sum(each.days for each in months.values()) == (readings[-1].on - readings[0].on).days
    assert all(each.days <= last_day(month).day for month, each in months.items())


@pytest.mark.parametrize(
    ("day", "days"),
    [(date(2024, 2, 29), 29), (date(2024, 3, 31), 31), (date(2024, 10, 27), 31), (date(2023, 2, 28), 28)],
)
def test_the_leap_day_and_the_nights_when_clocks_change_are_days_like_others(day, days):
    start = day.replace(day=1) - timedelta(days=1)
    intervals = [Interval(start, day, Decimal(20)), Interval(day, next_month(day), Decimal(9))]
    months = months_of(intervals, lambda after, until: float((until - after).days))
    assert months[day.replace(day=1)].days == days


def test_the_zone_of_the_server_changes_nothing():
    readings = readings_of([(40, 91_000), (33, 12_345), (170, 300_001)])
    found = []
    before = os.environ.get("TZ")
    try:
        for zone in ("Pacific/Kiritimati", "Europe/Ljubljana", "Pacific/Pago_Pago"):
            os.environ["TZ"] = zone
            time.tzset()
            found.append(months_from(readings))
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()
    assert found[0] == found[1] == found[2]


@QUICK
@given(STEPS, st.data())
def test_the_order_in_which_readings_come_changes_nothing(steps, data):
    readings = readings_of(steps)
    assert chain_of(data.draw(st.permutations(readings))) == chain_of(readings)


@QUICK
@given(STEPS, st.data())
def test_the_readings_that_hold_are_all_that_counts_in_whatever_order_they_came(steps, data):
    rows = [SentReading(OLD, each.on.replace(day=1), each.on, each.value_m3) for each in readings_of(steps)]
    rows = list({each.month: each for each in rows}.values())
    read = true_readings(ALWAYS, [meter(OLD)], [], rows)
    assert true_readings(ALWAYS, [meter(OLD)], [], data.draw(st.permutations(rows))) == read
    assert total(months_from(read)) == read[-1].value_m3 - read[0].value_m3


@QUICK
@given(STEPS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 900)), max_size=6))
def test_flat_rates_are_bills_and_change_nothing_of_what_was_measured(steps, flat):
    read = readings_of(steps)
    bills = [
        bill(before.on + timedelta(days=1), after.on, before.value_m3, after.value_m3)
        for before, after in pairwise(read)
    ]
    estimates = []
    for at, used in flat:
        row = bills[min(at, len(bills) - 1)]
        estimates.append(bill(row.period_from, row.period_to, row.value_from_m3, row.value_from_m3 + used, "flat_rate"))
    with_estimates = true_readings(ALWAYS, [meter(OLD)], [*bills, *estimates], [])
    assert with_estimates == true_readings(ALWAYS, [meter(OLD)], bills, [])
    assert total(months_from(with_estimates)) == read[-1].value_m3 - read[0].value_m3


@QUICK
@given(STEPS, STEPS, st.integers(0, 3), st.integers(0, 50_000))
def test_an_exchange_is_what_the_old_meter_showed_and_then_what_the_new_one_did(before, after, gap, initial):
    old = readings_of(before)
    removed, installed = old[-1].on, old[-1].on + timedelta(days=gap)
    new = readings_of(after, start=installed, value=initial, meter=NEW)
    meters = [
        meter(OLD, removed_on=removed, final=old[-1].value_m3),
        meter(NEW, installed_on=installed, initial=new[0].value_m3),
    ]
    bills = [
        bill(a.on + timedelta(days=1), b.on, a.value_m3, b.value_m3, meter=a.meter_id)
        for chain in (old, new)
        for a, b in pairwise(chain)
    ]
    readings = true_readings(ALWAYS, meters, bills, [])
    chain = chain_of(readings)
    assert total(months_from(readings)) == old[-1].value_m3 - old[0].value_m3 + new[-1].value_m3 - new[0].value_m3
    days = [each.until - each.after for each in chain.intervals]
    assert sum(days, timedelta()) <= chain.intervals[-1].until - chain.intervals[0].after, "no day of two meters"


@QUICK
@given(STEPS, st.data())
def test_a_further_reading_in_between_changes_the_split_and_never_the_sum(steps, data):
    readings = readings_of(steps)
    at = data.draw(st.integers(0, len(readings) - 2))
    before, after = readings[at], readings[at + 1]
    day = before.on + timedelta(days=data.draw(st.integers(0, (after.on - before.on).days)))
    value = before.value_m3 + (after.value_m3 - before.value_m3) * data.draw(st.integers(0, 10)) / 10
    if day in (before.on, after.on):
        return
    more = [*readings, TrueReading(OLD, day, value.quantize(Decimal("0.001")))]
    assert total(months_from(more)) == total(months_from(readings))


@QUICK
@given(STEPS, st.integers(1, 4_000_000))
def test_a_lower_counter_is_never_a_huge_difference(steps, litres):
    readings = readings_of(steps)
    last = readings[-1]
    lower = TrueReading(OLD, last.on + timedelta(days=30), last.value_m3 - Decimal(litres) / 1000)
    chain = chain_of([*readings, lower])
    assert chain.intervals == chain_of(readings).intervals
    assert [(each.before, each.after) for each in chain.falls] == [(last, lower)]


@settings(max_examples=15, deadline=None)
@given(STEPS, st.dictionaries(st.integers(0, 900), st.floats(-25, 35), max_size=60))
def test_other_weather_moves_use_between_months_and_never_changes_the_sum_of_an_interval(steps, actual):
    readings = readings_of(steps)
    weather = Climate("Ljubljana", {FIRST + timedelta(days=day): mean_c for day, mean_c in actual.items()})
    intervals = chain_of(readings).intervals
    for interval in intervals:
        parts = parts_of(interval, fitted(intervals, weather).units)
        assert sum(each.used for each in parts) == interval.used
        assert all(each.used >= 0 for each in parts)
    assert total(months_from(readings, weather)) == total(months_from(readings))


@QUICK
@given(STEPS, st.integers(1, 600), st.booleans())
def test_the_energy_of_a_time_does_not_depend_on_where_it_is_cut(steps, changed_after, in_months):
    intervals = chain_of(readings_of(steps)).intervals
    units = gas_units("m3", "propane", [(FIRST, Decimal("25.9845")),
                                        (FIRST + timedelta(days=changed_after), Decimal("31.1982"))])  # fmt: skip
    called = fitted(intervals, CLIMATE).units
    months = months_of(intervals, called, energy=units.kwh_per_unit, changes=units.changes)
    for_itself = Decimal(0)
    for interval in intervals:
        # the same time, cut at the change alone and weighed by hand
        change = units.changes[0]
        if not interval.after < change < interval.until:
            for_itself += interval.used * units.kwh_per_unit(interval.until)
            continue
        parts = parts_of(interval, called, [change, *([interval.after + timedelta(days=1)] if in_months else [])])
        for_itself += sum(each.used * units.kwh_per_unit(each.until) for each in parts)
    assert sum(each.kwh for each in months.values()) == for_itself


@QUICK
@given(STEPS, st.integers(2, 9))
def test_a_home_that_burns_k_times_as_much_has_k_times_the_months(steps, k):
    one, many = (readings_of([(days, litres * times) for days, litres in steps]) for times in (1, k))
    months, larger = months_from(one), months_from(many)
    for month, each in months.items():
        assert abs(larger[month].used - k * each.used) <= Decimal("0.001") * k * each.days


def test_each_month_says_how_it_is_known():
    end = date(2025, 12, 31)
    readings = [
        TrueReading(OLD, end, Decimal(100), Kind.START),
        TrueReading(OLD, date(2026, 1, 31), Decimal(200)),
        TrueReading(OLD, date(2026, 2, 26), Decimal(280)),
        TrueReading(OLD, date(2026, 3, 31), Decimal(350)),
        TrueReading(OLD, date(2026, 6, 10), Decimal(400)),
    ]
    intervals = chain_of(readings).intervals
    model = fitted(intervals, CLIMATE)
    months = months_of(intervals, model.units, model=model, estimate_until=date(2026, 7, 31))
    assert [each.basis for each in months.values()] == [
        Basis.MEASURED, Basis.SPLIT, Basis.SPLIT, Basis.SPLIT_LONG, Basis.SPLIT_LONG, Basis.ESTIMATED, Basis.ESTIMATED
    ]  # fmt: skip
    june = months[date(2026, 6, 1)]
    assert june.days == 10 and june.low < june.expected < june.high
    without = months_of(intervals, model.units)
    assert without[date(2026, 6, 1)].basis is Basis.PARTIAL and date(2026, 7, 1) not in without
    assert total(months) == total(without) == 300, "an estimate is no use"


def test_a_reading_sent_and_billed_is_one_reading_on_its_own_day():
    billed = [
        bill(date(2026, 9, 1), date(2026, 9, 30), 100, 120),
        bill(date(2026, 10, 1), date(2026, 10, 31), 120, 170),
    ]
    sent = [SentReading(OLD, date(2026, 10, 1), date(2026, 10, 27), Decimal(170))]
    days = [each.on for each in true_readings(ALWAYS, [meter(OLD)], billed, sent)]
    assert days == [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 27)]
    corrected = true_readings(ALWAYS, [meter(OLD)], billed, [sent[0]._replace(value_m3=Decimal(710))])
    assert [(each.on, each.value_m3) for each in corrected][-1] == (date(2026, 10, 31), 170), "the office's holds"


@QUICK
@given(STEPS, st.integers(0, 23), st.integers(0, 200), st.integers(-9_000, 500_000))
def test_a_counter_noted_while_readings_were_closed_counts_between_its_neighbours_and_changes_no_sum(
    steps, at, day, litres
):
    read = readings_of(steps)
    before = read[min(at, len(read) - 1)]
    rows = [SentReading(OLD, each.on.replace(day=1), each.on, each.value_m3) for each in read[1:]]
    noted_on = before.on + timedelta(days=day)
    noted = SentReading(
        OLD, noted_on.replace(day=1), noted_on, before.value_m3 + Decimal(litres) / 1000, is_informative=True
    )
    own = [meter(OLD, read[0].on + timedelta(days=1), read[0].value_m3)]
    rows = list({each.month: each for each in rows}.values())
    without = true_readings(ALWAYS, own, [], rows)
    found = true_readings(ALWAYS, own, [], [*rows, noted])
    assert not chain_of(found).falls and set(without) <= set(found) and len(found) <= len(without) + 1
    kept = used_between(chain_of(found).intervals, DAYS, without[0].on, without[-1].on)
    assert kept == without[-1].value_m3 - without[0].value_m3
    neighbours = [each.value_m3 for each in without if each.on <= noted_on][-1:]
    fits = noted_on not in [each.on for each in without] and all(each <= noted.value_m3 for each in neighbours)
    fits &= all(noted.value_m3 <= each.value_m3 for each in without if each.on > noted_on)
    assert (len(found) > len(without)) is fits
    withdrawn = noted._replace(is_withdrawn=True)
    assert true_readings(ALWAYS, own, [], [*rows, noted, withdrawn]) == without


def test_of_two_noted_counters_that_contradict_one_another_the_later_counts():
    noted = [
        SentReading(OLD, date(2026, 9, 1), date(2026, 9, 3), Decimal(199), is_informative=True),
        SentReading(OLD, date(2026, 10, 1), date(2026, 10, 4), Decimal(140), is_informative=True),
    ]
    readings = true_readings(ALWAYS, [meter(OLD, date(2026, 8, 1), "100")], [], noted)
    assert [each.value_m3 for each in readings] == [100, 140]


def test_a_late_reading_stands_beside_a_flat_rate():
    billed = [
        bill(date(2026, 9, 1), date(2026, 9, 30), 100, 120),
        bill(date(2026, 10, 1), date(2026, 10, 31), 120, 190, "flat_rate"),
    ]
    sent = [SentReading(OLD, date(2026, 10, 1), date(2026, 10, 31), Decimal(160))]
    assert total(months_from(true_readings(ALWAYS, [meter(OLD)], billed, sent))) == 60


def test_only_the_payers_own_time_counts():
    time_of_ana = PayersTime(date(2026, 3, 1), date(2026, 6, 1))
    meters = [
        meter(OLD, date(2020, 1, 1), "0", date(2026, 5, 10), "300"),
        meter(NEW, date(2026, 5, 10), "1", date(2026, 9, 1), "99"),
    ]
    sent = [SentReading(NEW, date(2026, 5, 1), date(2026, 5, 31), Decimal(5))]
    billed = [bill(date(2026, 3, 1), date(2026, 3, 31), 250, 280)]
    readings = true_readings(time_of_ana, meters, billed, sent)
    assert [(each.on.isoformat(), each.value_m3) for each in readings] == [
        ("2026-02-28", 250), ("2026-03-31", 280), ("2026-05-10", 300), ("2026-05-10", 1), ("2026-05-31", 5)
    ]  # fmt: skip
    assert total(months_from(readings)) == 54
