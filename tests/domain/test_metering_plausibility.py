"""Which readings are taken, asked about or blocked, and which slip is named."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.climate import normal_climate
from mojplin.domain.metering.heating_model import Interval
from mojplin.domain.metering.known import Before, KnownReading, a_year_before, before
from mojplin.domain.metering.plausibility import (
    HigherThanUsual,
    Judge,
    LowerThanLast,
    LowerThanUsual,
    MoreThanPossible,
    SameAsLast,
)
from mojplin.domain.metering.slips import Slip
from mojplin.domain.metering.window import WindowDays, window_of_month
from mojplin.domain.supply.models import Meter

LJUBLJANA = normal_climate("Ljubljana")
READ_ON = date(2026, 11, 26)
ENDS = [date(2025, 9, 30) + timedelta(days=day) for day in (0, 31, 61, 92, 123, 151, 182, 212, 243, 273, 304, 335, 365)]
ENDS.append(date(2026, 10, 31))


def home(*, slope=0.32, base=1.2, threshold=6, seed=1, last_m3=4312):
    """Return what is known of a home that burns so much for each degree below 14, month by month until October."""
    random = Random(seed)
    intervals = []
    for after, until in pairwise(ENDS):
        degrees = LJUBLJANA.until(threshold, until.toordinal()) - LJUBLJANA.until(threshold, after.toordinal())
        used = slope * (degrees + base * (until - after).days) * random.uniform(0.92, 1.08)
        intervals.append(Interval(after, until, Decimal(round(used))))
    return Before(Decimal(last_m3), date(2026, 10, 31), Decimal(97), tuple(intervals))


def judge(known=None, *, read_on=READ_ON, digits=5):
    return Judge(known or home(), read_on, digits, LJUBLJANA)


UNKNOWN = Before(Decimal(0), date(2026, 11, 20), None)
CASES = [
    (4400, home(), None), (4311, home(), LowerThanLast), (0, home(), LowerThanLast), (4312, home(), SameAsLast),
    (4316, home(), LowerThanUsual), (4800, home(), HigherThanUsual), (4312 + 26 * 144, home(), HigherThanUsual),
    (4313 + 26 * 144, home(), MoreThanPossible), (6 * 46, UNKNOWN, None), (6 * 46 + 1, UNKNOWN, HigherThanUsual),
    (6 * 144 + 1, UNKNOWN, MoreThanPossible), (0, UNKNOWN, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "known", "question"), CASES)
def test_a_reading_is_taken_asked_about_or_blocked(value, known, question):
    asked = judge(known).question(Decimal(value))
    assert (type(asked) if asked else None) is question


def test_the_impossible_alone_cannot_be_confirmed():
    assert not judge().question(Decimal(9999)).may_confirm
    assert judge().question(Decimal(4800)).may_confirm


def test_a_reading_on_the_day_of_the_last_one_is_not_impossible():
    assert judge(read_on=date(2026, 10, 31)).question(Decimal(4314)) is None


@pytest.mark.parametrize(
    ("typed", "slip", "meant"),
    [
        (43990, Slip.RED_DIGIT, 4399), (439948, Slip.RED_DIGIT, 4399), (4939, Slip.SWAPPED, 4399),
        (3499, Slip.SWAPPED, 4399), (439, Slip.MISSING_DIGIT, None),
    ],
)  # fmt: skip
def test_the_likely_slip_is_named_with_what_was_meant(typed, slip, meant):
    found = judge(digits=6 if typed > 99_999 else 5).question(Decimal(typed)).places["slip"]
    assert (found.kind, found.value_m3) == (slip, meant if meant is None else Decimal(meant))


def test_what_no_slip_explains_names_none():
    assert judge().question(Decimal(4888)).places["slip"] is None


def test_the_question_says_which_counter_was_expected():
    places = judge().question(Decimal(4888)).places
    assert places["last_m3"] < places["low_m3"] < 4400 < places["high_m3"] < 4888


def test_what_fits_is_never_far_from_what_is_asked_about():
    """If a counter is taken, so is every one between it and the middle of what is expected."""
    one = judge()
    taken = [value for value in range(4312, 4700) if one.fits(Decimal(value))]
    assert taken == list(range(taken[0], taken[-1] + 1))


@settings(max_examples=60, deadline=None)
@given(
    slope=st.floats(0.02, 0.9), base=st.floats(0, 6), readings=st.integers(0, 13), days=st.integers(1, 200),
    share=st.floats(0, 3), nearer=st.floats(0, 1),
)  # fmt: skip
def test_whatever_the_home_what_is_taken_is_taken_nearer_to_what_is_expected_too(
    slope, base, readings, days, share, nearer
):
    """Invariant 11: the verdict never turns back on the way from a counter that is taken to the expected one."""
    known = home(slope=slope, base=base)
    known = replace(known, intervals=known.intervals[len(known.intervals) - readings :])
    one = judge(known, read_on=known.last_on + timedelta(days=days))
    low, high = one.verdict(known.last_m3).low_m3, one.verdict(known.last_m3).high_m3
    expected = known.last_m3 if low is None else (low + high) / 2
    typed = known.last_m3 + Decimal(share) * (max(expected - known.last_m3, 9))
    if one.fits(typed):
        between = expected + (typed - expected) * Decimal(nearer)
        assert one.fits(between), (typed, between, low, high)


def test_a_year_before_a_leap_day_is_the_day_before_march():
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_an_estimate_and_a_fallen_counter_teach_nothing():
    billed = [
        KnownReading(date(2026, 10, 31), Decimal(4312), Decimal(52), "customer_reported", 1),
        KnownReading(date(2026, 9, 30), Decimal(4260), Decimal(19), "customer_reported", 1),
        KnownReading(date(2026, 8, 31), Decimal(9999), Decimal(9), "flat_rate", 1),
        KnownReading(date(2026, 7, 31), Decimal(4290), Decimal(9), "technician", 1),
    ]
    meter = Meter(pk=1, installed_on=date(2010, 1, 1), initial_value_m3=Decimal(0))
    november = window_of_month(date(2026, 11, 1), WindowDays(1, 30), date(2026, 11, 30))
    known = before(meter, november, known=billed, sent=[])
    assert known.intervals == (Interval(date(2026, 9, 30), date(2026, 10, 31), Decimal(52)),)
    assert (known.last_m3, known.last_on) == (Decimal(4312), date(2026, 10, 31))


@pytest.mark.parametrize(("basis", "used"), [("technician", 97), ("flat_rate", None), ("settlement", None)])
def test_only_what_was_measured_is_said_of_last_year(basis, used):
    billed = [
        KnownReading(date(2026, 10, 31), Decimal(4312), Decimal(52), "customer_reported", 1),
        KnownReading(date(2025, 11, 30), Decimal(3697), Decimal(97), basis, 1),
    ]
    meter = Meter(pk=1, installed_on=date(2010, 1, 1), initial_value_m3=Decimal(0))
    november = window_of_month(date(2026, 11, 1), WindowDays(1, 30), date(2026, 11, 30))
    assert before(meter, november, known=billed, sent=[]).last_year_m3 == used


@settings(max_examples=60, deadline=None)
@given(value=st.integers(0, 99_999), last=st.integers(0, 99_999))
def test_every_question_has_its_figures_and_a_lower_reading_is_always_asked_about(value, last):
    asked = judge(home(last_m3=last)).question(Decimal(value))
    assert isinstance(asked, LowerThanLast) == (value < last)
    assert asked is None or (str(asked) and asked.places["last_m3"] == last)


def slips_of(true: int, random: Random) -> dict[str, int]:
    """Return a true counter mistyped in each of the ways people mistype it."""
    text = str(true)
    place = random.randrange(len(text) - 1)
    return {
        "a red digit": true * 10 + random.randrange(10),
        "three red digits": true * 1000 + random.randrange(1000),
        "a digit left out": int(text[:place] + text[place + 1 :]),
        "a digit doubled": int(text[: place + 1] + text[place] + text[place + 1 :]),
        "the first two swapped": int(text[1] + text[0] + text[2:]),
        "the middle two swapped": int(text[0] + text[2] + text[1] + text[3:]),
        "the counter of last time": -1,
        "the first digit wrong": (true + 1000 * random.choice([1, 2, 3, -1, -2])) % 100_000,
    }


def test_of_a_thousand_mistyped_readings_nearly_all_are_caught_and_of_four_hundred_true_ones_nearly_none_is_asked():
    """The corpus: 200 homes of all sizes, each read twice truly and mistyped in eight ways; counts are asserted."""
    random = Random(2026)
    questioned, blocked, caught, harmful, true_readings = 0, 0, 0, 0, 0
    for number in range(200):
        known = home(
            slope=random.uniform(0.12, 0.6), base=random.uniform(0.5, 4), threshold=random.randrange(4, 10),
            seed=number, last_m3=random.randrange(1200, 9000),
        )  # fmt: skip
        for days in (23, 30):
            one = judge(known, read_on=known.last_on + timedelta(days=days))
            model_use = (one.verdict(known.last_m3).low_m3 + one.verdict(known.last_m3).high_m3) / 2 - known.last_m3
            true = int(known.last_m3 + model_use * Decimal(random.uniform(0.8, 1.2)))
            true_readings += 1
            outcome = one.verdict(Decimal(true)).outcome
            questioned += outcome == "ask"
            blocked += outcome == "block"
            for kind, typed in slips_of(true, random).items():
                value = int(known.last_m3) if kind == "the counter of last time" else typed
                if abs(value - true) <= max(3, 0.3 * float(model_use)):
                    continue  # too small to matter: such a slip costs less than a bill's rounding
                harmful += 1
                caught += value >= 100_000 or one.verdict(Decimal(value)).outcome != "ok"
    assert (true_readings, blocked) == (400, 0)
    assert questioned <= 8, f"{questioned} of 400 true readings questioned"
    assert harmful > 2500
    assert caught >= 0.985 * harmful, f"{caught} of {harmful} caught"
