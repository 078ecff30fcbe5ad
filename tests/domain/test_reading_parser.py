"""What people type as a reading, and what is made of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.reading_parser import (
    ExponentTyped,
    NegativeReading,
    NotANumber,
    ParsedReading,
    TooManyDigits,
    parse_reading,
)
from mojplin.foundation.errors import Refused

ALL_MEAN_4399 = [
    "4399", "04399", " 4399 ", "4 399", "4.399", "4399 m³", "4399m3", "4399 M³", "4\u00a0399", "4\u202f399",
    "４３９９", "4'399", "4399.", "4399,", "\ufeff4399\n", "4.399 m³", "\u200e4399", "0 4 3 9 9", "004399",
]  # fmt: skip
DROPPED = [("4399,482", "482"), ("4399.482", "482"), ("4.399,482", "482"), ("4,399.482", "482"), ("4399,4 m³", "4")]
NOT_A_NUMBER = [
    "",
    "  ",
    "abc",
    "NaN",
    "inf",
    "1.2.3",
    "1,2,3",
    ",5",
    "1..2",
    "4399/2",
    "+4399",
    "٤٣٩٩",
    "4399€",
    "1" * 61,
]
NEGATIVE = ["-5", "\u22125", "–5", "-0,5", "-1.234"]


@pytest.mark.parametrize("typed", ALL_MEAN_4399)
def test_every_way_to_write_it_means_4399(typed):
    assert parse_reading(typed, digits=5, decimals=0) == ParsedReading(Decimal(4399))


@pytest.mark.parametrize(("typed", "dropped"), DROPPED)
def test_what_follows_the_decimal_mark_is_dropped_and_said(typed, dropped):
    assert parse_reading(typed, digits=5, decimals=0) == ParsedReading(Decimal(4399), dropped)


@pytest.mark.parametrize("typed", NOT_A_NUMBER)
def test_what_is_not_a_number_is_refused(typed):
    with pytest.raises(NotANumber):
        parse_reading(typed, digits=5, decimals=0)


@pytest.mark.parametrize("typed", NEGATIVE)
def test_a_negative_reading_has_its_own_sentence(typed):
    with pytest.raises(NegativeReading):
        parse_reading(typed, digits=5, decimals=0)


@pytest.mark.parametrize("typed", ["1e5", "1E5", "4.3e3", "1e-3", "+1e+2"])
def test_a_number_with_an_exponent_has_its_own_sentence(typed):
    with pytest.raises(ExponentTyped):
        parse_reading(typed, digits=5, decimals=0)


def test_more_digits_than_the_counter_has_are_refused_and_the_likely_reading_is_named():
    with pytest.raises(TooManyDigits) as refused:
        parse_reading("04399482", digits=5, decimals=0)
    assert refused.value.places["likely_m3"] == Decimal(43994)
    assert "5" in str(refused.value) and "7" in str(refused.value)


@pytest.mark.parametrize("typed", ["4.399", "4,399"])
def test_with_decimals_asked_a_lone_mark_before_three_digits_may_mean_either(typed):
    read = parse_reading(typed, digits=5, decimals=3)
    assert (read.value_m3, read.other_m3) == (Decimal("4.399"), Decimal(4399))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("4399,482", "4399.482"),
        ("4399.4", "4399.400"),
        ("4.399,482", "4399.482"),
        ("4399", "4399.000"),
        ("0,482", "0.482"),
    ],
)
def test_with_decimals_asked_a_comma_and_a_dot_both_mark_them(typed, value):
    assert parse_reading(typed, digits=5, decimals=3) == ParsedReading(Decimal(value))


def test_decimals_beyond_those_asked_are_cut_and_said():
    assert parse_reading("4399,48", digits=5, decimals=1) == ParsedReading(Decimal("4399.4"), "8")


def test_a_zero_before_a_dot_is_no_thousand():
    assert parse_reading("0.399", digits=5, decimals=0) == ParsedReading(Decimal(0), "399")


@given(value=st.integers(0, 99_999), zeros=st.integers(0, 3), mark=st.sampled_from(["", ".", " ", "\u00a0", "'"]))
def test_a_counter_written_in_groups_or_not_is_the_same_counter(value, zeros, mark):
    typed = f"{value:,}".replace(",", mark)
    assert parse_reading(typed, digits=5, decimals=0).value_m3 == value
    assert parse_reading("0" * zeros + str(value), digits=5, decimals=0).value_m3 == value


@given(value=st.decimals(0, 99_999, places=3), mark=st.sampled_from(",."))
def test_a_counter_with_its_decimals_is_read_exactly_or_asked_about(value, mark):
    typed = f"{value:f}".replace(".", mark)
    read = parse_reading(typed, digits=6, decimals=3)
    assert read.value_m3 == value and read.dropped == ""
    assert (read.other_m3 is not None) == (1 <= value < 1000)
    assert parse_reading(typed, digits=6, decimals=0).value_m3 in (int(value), int(value * 1000))


@given(typed=st.text(max_size=80), digits=st.integers(3, 9), decimals=st.integers(0, 3))
def test_whatever_is_typed_the_answer_is_a_counter_or_a_sentence(typed, digits, decimals):
    try:
        value = parse_reading(typed, digits=digits, decimals=decimals).value_m3
    except Refused as refusal:
        value, sentence = Decimal(0), str(refusal)
    else:
        sentence = "read"
    assert sentence
    assert 0 <= value < 10**digits
    assert value == value.quantize(Decimal(1).scaleb(-decimals))
