"""Why a bill is different: every reason by its own, and all of them together to the cent."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.bill_change import Bill, Reason, bill_change
from mojplin.domain.metering.climate import Climate, normal_climate
from mojplin.domain.metering.fair_comparison import Days
from mojplin.domain.metering.heating_model import fitted

MODEL = fitted([], normal_climate("Ljubljana"))
OCTOBER = Days(date(2025, 9, 30), date(2025, 10, 31))
OCTOBER_NOW = Days(date(2026, 9, 30), date(2026, 10, 31))
EUROS = st.integers(0, 500_000).map(lambda cents: Decimal(cents) / 100)
M3 = st.integers(1, 900_000).map(lambda litres: Decimal(litres) / 1000)
BILLS = st.builds(
    lambda start, length, other, gas, quantity, measured: Bill(
        Days(start, start + timedelta(days=length)), gas + other, gas, quantity, measured
    ),
    st.dates(date(2018, 1, 1), date(2027, 12, 31)), st.integers(1, 400), EUROS, EUROS, M3, st.none() | M3,
)  # fmt: skip


def october(days=OCTOBER, *, price="2", quantity="50", measured=None, other="10"):
    gas = Decimal(price) * Decimal(quantity)
    return Bill(days, gas + Decimal(other), gas, Decimal(quantity), None if measured is None else Decimal(measured))


def reasons(before, now, model=MODEL):
    return {reason: part for reason, part in bill_change(before=before, now=now, model=model).parts.items() if part}


@settings(max_examples=60, deadline=None)
@given(BILLS, BILLS)
def test_the_parts_add_up_to_the_difference_to_the_cent(before, now):
    change = bill_change(before=before, now=now, model=MODEL)
    assert sum(change.parts.values()) == change.total_eur == now.amount_eur - before.amount_eur
    assert all(each == each.quantize(Decimal("0.01")) for each in change.parts.values())


def test_the_same_bill_has_no_reason_to_differ():
    assert reasons(october(), october(OCTOBER_NOW)) == {}


def test_a_higher_price_counts_for_what_is_billed_now():
    assert reasons(october(), october(OCTOBER_NOW, price="2.5")) == {Reason.PRICE: Decimal("25.00")}


def test_more_gas_in_the_same_weather_is_behaviour():
    assert reasons(october(), october(OCTOBER_NOW, quantity="60")) == {Reason.BEHAVIOUR: Decimal("20.00")}


def test_what_is_no_gas_is_named_as_such():
    assert reasons(october(), october(OCTOBER_NOW, other="15.08")) == {Reason.OTHER: Decimal("5.08")}


def test_a_bill_estimated_too_high_is_neither_weather_nor_behaviour():
    estimated = october(OCTOBER_NOW, quantity="80", measured="50")
    assert reasons(october(), estimated) == {Reason.ESTIMATE: Decimal("60.00")}
    assert reasons(estimated, october()) == {Reason.ESTIMATE: Decimal("-60.00")}


def test_a_colder_month_with_the_gas_it_called_for_is_weather_alone():
    cold = Climate("Ljubljana", {date(2026, 10, day): 4.0 for day in range(1, 32)})
    model = fitted([], cold)
    called_for = model.units(*OCTOBER_NOW) / model.units(*OCTOBER)
    found = reasons(october(), october(OCTOBER_NOW, quantity=str(50 * Decimal(called_for))), model)
    assert found[Reason.WEATHER] > 20
    assert sum(abs(each) for reason, each in found.items() if reason is not Reason.WEATHER) <= Decimal("0.01")


def test_twice_as_many_days_are_days_before_they_are_weather():
    found = reasons(october(), october(Days(date(2025, 8, 31), date(2025, 11, 1)), quantity="100"))
    assert found[Reason.DAYS] == Decimal("100.00")


def test_without_gas_there_is_nothing_to_compare():
    assert bill_change(before=october(quantity="0"), now=october(), model=MODEL) is None
