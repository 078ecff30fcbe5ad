"""Instalments add up to what is owed, keep the supplier's rules, and fall a month apart."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.billing.bank_account import BicOfAnotherCountry, IbanIsWrong, IbanOutOfReach, bic_of, iban_of
from mojplin.domain.billing.instalments import Rules, plans_for
from mojplin.foundation.errors import Refused

RULES = Rules(most=6, least_eur=Decimal(100), least_each_eur=Decimal(30), first_after_days=14)
TODAY = date(2026, 11, 26)


@given(
    st.decimals("-1000", "999999999.99", places=2),
    st.integers(0, 36),
    st.decimals("1", "1000", places=2),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_every_plan_adds_up_to_the_cent_and_keeps_the_rules(owed_eur, most, least_each_eur, today):
    rules = Rules(most=most, least_eur=Decimal(100), least_each_eur=least_each_eur, first_after_days=14)
    plans = plans_for(owed_eur, rules=rules, today=today)
    assert not plans or owed_eur >= 100
    assert [plan.count for plan in plans] == list(range(2, 2 + len(plans)))
    for plan in plans:
        amounts = [amount for _day, amount in plan.parts]
        assert sum(amounts) == plan.total_eur == owed_eur
        assert min(amounts) >= least_each_eur and plan.count <= most
        assert Decimal(0) <= amounts[0] - amounts[-1] < Decimal("0.01") * plan.count
        days = [day for day, _amount in plan.parts]
        assert all((b.year - a.year) * 12 + b.month - a.month == 1 for a, b in pairwise(days))
        assert days[0].toordinal() == today.toordinal() + 14


def test_on_both_sides_of_the_smallest_balance_and_of_the_smallest_instalment():
    assert plans_for(Decimal("99.99"), rules=RULES, today=TODAY) == []
    assert [plan.count for plan in plans_for(Decimal("100.00"), rules=RULES, today=TODAY)] == [2, 3]
    assert [plan.count for plan in plans_for(Decimal("119.99"), rules=RULES, today=TODAY)] == [2, 3]
    assert [plan.count for plan in plans_for(Decimal("120.00"), rules=RULES, today=TODAY)] == [2, 3, 4]


def test_a_plan_that_begins_on_the_last_of_a_month_goes_on_by_the_28th():
    (plan, *_more) = plans_for(Decimal("300.00"), rules=RULES, today=date(2026, 12, 17))
    assert [day for day, _amount in plan.parts] == [date(2026, 12, 31), date(2027, 1, 28)]


@pytest.mark.parametrize(
    ("typed", "iban"),
    [
        ("SI56 0201 7001 4356 205", "SI56020170014356205"),
        ("si56020170014356205", "SI56020170014356205"),
        ("SI56-1910-0000-0123-438", "SI56191000000123438"),
        ("AT61 1904 3002 3457 3201", "AT611904300234573201"),
        ("SI56 ０２０１ 7001 4356 205", "SI56020170014356205"),
    ],
)
def test_an_iban_is_read_as_people_write_it(typed, iban):
    assert iban_of(typed) == iban


@pytest.mark.parametrize(
    "typed", ["", "SI56", "SI56020170014356208", "0201 7001 4356 205", "ＳＩ56 0201 7001 4356 205"]
)
def test_a_wrong_iban_is_refused(typed):
    with pytest.raises(IbanIsWrong):
        iban_of(typed)


def test_an_account_out_of_reach_and_a_bank_of_another_country_are_refused():
    with pytest.raises(IbanOutOfReach):
        iban_of("BR1500000000000010932840814P2")
    with pytest.raises(BicOfAnotherCountry):
        bic_of("COBADEFF", "SI56020170014356205")
    assert bic_of("", "SI56020170014356205") == ""
    assert bic_of("ljba si2x", "SI56020170014356205") == "LJBASI2X"


@given(st.text(max_size=60))
def test_no_text_breaks_the_checks(text):
    for check in (iban_of, lambda typed: bic_of(typed, "SI56020170014356205")):
        with suppress(Refused):
            assert check(text).isascii()
