"""Numbers, money and dates read as people in Slovenia, or in Britain, write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.foundation import formats
from mojplin.foundation.formats import HARD_SPACE, MINUS

NOVEMBER_30 = date(2026, 11, 30)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
languages = st.sampled_from(["sl", "en"])


def plain(text: str) -> str:
    """Return the text with ordinary spaces and minus, easier to read in a test."""
    return text.replace(HARD_SPACE, " ").replace(MINUS, "-")


@pytest.mark.parametrize(
    ("amount", "slovene", "english"),
    [
        ("1284.5", "1.284,50 €", "€1,284.50"),
        ("0", "0,00 €", "€0.00"),
        ("-18.40", "-18,40 €", "-€18.40"),
        ("0.005", "0,01 €", "€0.01"),
        ("-0.004", "0,00 €", "€0.00"),
        ("1234567.89", "1.234.567,89 €", "€1,234,567.89"),
    ],
)
def test_money_has_two_decimals_and_its_sign_in_the_right_place(amount, slovene, english):
    assert plain(formats.euros(Decimal(amount), "sl")) == slovene
    assert plain(formats.euros(Decimal(amount), "en")) == english


def test_money_keeps_its_parts_together_with_a_hard_space_and_a_real_minus():
    assert formats.euros(Decimal("-1284.5"), "sl") == "\u22121.284,50\u00a0€"


def test_an_approximate_amount_has_no_cents():
    assert plain(formats.euros(Decimal("207.60"), "sl", 0)) == "208 €"


@given(amount=amounts, language=languages)
def test_a_written_amount_can_be_read_back_exactly(amount, language):
    written = plain(formats.euros(amount, language)).replace("€", "").strip()
    if language == "sl":
        written = written.replace(".", "").replace(",", ".")
    assert Decimal(written.replace(",", "")) == amount


@given(amount=amounts, language=languages)
def test_nothing_written_can_break_across_lines(amount, language):
    assert " " not in formats.euros(amount, language)
    assert " " not in formats.cubic_metres(abs(amount), language)


@pytest.mark.parametrize(
    ("price", "unit", "slovene", "english"),
    [
        ("1.9140", "", "1,9140 €", "€1.9140"),
        ("0.0986", "", "0,0986 €", "€0.0986"),
        ("7.5", "", "7,50 €", "€7.50"),
        ("2.3400", "m³", "2,34 €/m³", "€2.34/m³"),
    ],
)
def test_a_unit_price_shows_four_decimals_only_where_it_has_them(price, unit, slovene, english):
    assert plain(formats.unit_price(Decimal(price), "sl", unit)) == slovene
    assert plain(formats.unit_price(Decimal(price), "en", unit)) == english


@pytest.mark.parametrize(
    ("value", "slovene"),
    [("4312", "4312 m³"), ("4399.482", "4399,482 m³"), ("4399.000", "4399 m³"), ("43990", "43990 m³")],
)
def test_a_counter_is_written_as_it_stands_on_the_meter(value, slovene):
    assert plain(formats.cubic_metres(Decimal(value), "sl")) == slovene


def test_quantities_are_grouped_by_thousands():
    assert plain(formats.cubic_metres(Decimal(39678), "sl", grouped=True)) == "39.678 m³"
    assert plain(formats.kilowatt_hours(Decimal("12250.6"), "sl")) == "12.251 kWh"
    assert plain(formats.litres(Decimal(1200), "en")) == "1,200 l"
    assert plain(formats.quantity(Decimal("10.5"), "kg", "sl")) == "10,500 kg"


def test_percent_and_differences():
    assert plain(formats.percent(Decimal("3.86"), "sl")) == "3,9 %"
    assert formats.percent(Decimal("3.86"), "en") == "3.9%"
    assert [formats.signed(Decimal(value), "sl") for value in ("4", "-13", "0", "-0.4", "0.4")] == [
        "+4", f"{MINUS}13", "0", "0", "0",
    ]  # fmt: skip


def test_dates_in_tables_and_in_sentences():
    assert plain(formats.day(date(2026, 2, 3), "sl")) == "3. 2. 2026"
    assert plain(formats.day(date(2026, 2, 3), "en")) == "3 Feb 2026"
    assert plain(formats.day_in_sentence(NOVEMBER_30, "sl")) == "30. novembra"
    assert plain(formats.day_in_sentence(NOVEMBER_30, "en", year=True)) == "30 November 2026"


def test_a_deadline_names_its_weekday_in_the_case_of_the_sentence():
    sunday = date(2026, 11, 29)
    assert plain(formats.weekday_day(NOVEMBER_30, "sl")) == "ponedeljka, 30. novembra"
    assert plain(formats.weekday_day(sunday, "sl", "nominative")) == "nedelja, 29. novembra"
    assert plain(formats.weekday_day(sunday, "sl", "accusative")) == "nedeljo, 29. novembra"
    assert plain(formats.weekday_day(sunday, "en")) == "Sunday, 29 November"


def test_periods_name_both_of_their_days():
    assert plain(formats.day_range(date(2026, 10, 1), date(2026, 10, 31), "sl")) == "1. 10. do 31. 10. 2026"
    assert plain(formats.day_range(date(2025, 12, 1), date(2026, 1, 31), "sl")) == "1. 12. 2025 do 31. 1. 2026"
    assert plain(formats.day_range(date(2026, 10, 1), date(2026, 10, 31), "en")) == "1 Oct 2026 to 31 Oct 2026"


def test_months():
    october = date(2026, 10, 1)
    assert formats.month_name(october, "sl") == "oktober 2026"
    assert formats.month_name(october, "en", year=False) == "October"
    assert formats.month_genitive(october, "sl") == "oktobra"
    assert formats.month_short(date(2026, 8, 1), "sl") == "avg"


def test_instants_are_shown_by_the_clock_and_calendar_of_ljubljana():
    just_before_midnight_utc = datetime(2026, 7, 31, 22, 5, tzinfo=UTC)
    assert formats.clock(just_before_midnight_utc, "sl") == "0.05"
    assert formats.clock(just_before_midnight_utc, "en") == "00:05"
    assert plain(formats.day(just_before_midnight_utc, "sl")) == "1. 8. 2026"
    assert formats.clock(time(18, 47), "sl") == "18.47"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("marjeta.novak@example.si", "ma•••••@example.si"),
        ("ab@example.si", "a•••••@example.si"),
        ("a@example.si", "•••••@example.si"),
        ('"x@y"@example.si', '"x•••••@example.si'),
    ],
)
def test_a_masked_address_shows_little_and_never_its_length(address, masked):
    assert formats.masked_email(address) == masked


@given(day=st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), language=languages)
def test_every_day_of_a_century_can_be_written_in_every_way(day, language):
    written = formats.day(day, language), formats.day_in_sentence(day, language), formats.weekday_day(day, language)
    assert all(str(day.day) in text for text in written)
