"""Which readings are asked about."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.plausibility import (
    Before,
    HigherThanUsual,
    LowerThanLast,
    MoreThanPossible,
    a_year_before,
    question_about,
    without_red_digits,
)

READ_ON = date(2026, 11, 26)
KNOWN = Before(last_m3=Decimal(4312), last_on=date(2026, 10, 31), last_year_m3=Decimal(97))
NEW = Before(last_m3=Decimal(0), last_on=date(2026, 11, 20), last_year_m3=None)
SUMMER = Before(last_m3=Decimal(4312), last_on=date(2026, 10, 31), last_year_m3=Decimal(2))

CASES = [
    (4312, KNOWN, None), (4399, KNOWN, None), (4554, KNOWN, None), (4555, KNOWN, HigherThanUsual),
    (4311, KNOWN, LowerThanLast), (0, KNOWN, LowerThanLast), (4312 + 26 * 144, KNOWN, HigherThanUsual),
    (4313 + 26 * 144, KNOWN, MoreThanPossible), (4322, SUMMER, None), (4323, SUMMER, HigherThanUsual),
    (6 * 46, NEW, None), (6 * 46 + 1, NEW, HigherThanUsual), (6 * 144 + 1, NEW, MoreThanPossible),
]  # fmt: skip


@pytest.mark.parametrize(("value", "known", "question"), CASES)
def test_a_reading_is_asked_about_exactly_beyond_its_limit(value, known, question):
    asked = question_about(Decimal(value), known, READ_ON)
    assert (type(asked) if asked else None) is question


@pytest.mark.parametrize(("typed", "likely"), [(43990, 4399), (439948, 4399), (4399482, 4399), (4999, None)])
def test_red_digits_are_recognised_when_a_plausible_reading_is_left(typed, likely):
    assert without_red_digits(Decimal(typed), KNOWN, READ_ON) == likely


def test_a_year_before_a_leap_day_is_the_day_before_march():
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


@given(value=st.integers(0, 99_999), last=st.integers(0, 99_999), used=st.integers(0, 5_000))
def test_every_question_has_its_figures_and_a_lower_reading_is_always_asked_about(value, last, used):
    known = Before(Decimal(last), date(2026, 10, 31), Decimal(used))
    asked = question_about(Decimal(value), known, READ_ON)
    assert isinstance(asked, LowerThanLast) == (value < last)
    assert asked is None or (str(asked) and asked.places["last_m3"] == last)
