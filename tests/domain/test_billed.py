"""The billed ledger: what bills say, exactly."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.billed import BilledRow, billed_by_month

DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))
LITRES = st.integers(-5_000_000, 50_000_000).map(lambda litres: Decimal(litres) / 1000)
PERIODS = st.tuples(DAYS, st.integers(0, 800), LITRES, st.sampled_from(["remote", "flat_rate", "settlement"]))


def row(first_on, last_on, consumption_m3, basis="customer_reported", value_from_m3=0, value_to_m3=0):
    return BilledRow(
        first_on, last_on, Decimal(value_from_m3), Decimal(value_to_m3), Decimal(consumption_m3), basis, 1, ""
    )


@given(st.lists(PERIODS, max_size=12))
def test_the_months_add_up_to_the_bills_exactly(drawn):
    rows = [row(first, first + timedelta(days=length), used, basis) for first, length, used, basis in drawn]
    months = billed_by_month(rows)
    assert sum(each.used for each in months.values()) == sum(each.consumption_m3 for each in rows)
    assert all(month.day == 1 for month in months)


def test_a_flat_rate_month_is_marked_and_a_settlement_is_added_to_its_month():
    january, february, march = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)), (
        date(2026, 3, 1), date(2026, 3, 31)
    )  # fmt: skip
    months = billed_by_month(
        [row(*january, 100, "flat_rate"), row(*february, 80, "flat_rate"), row(*february, -95, "settlement"),
         row(*march, 60)]
    )  # fmt: skip
    assert [(each.used, each.is_flat_rate) for each in months.values()] == [(100, True), (-15, True), (60, False)]


def test_a_counter_turned_over_only_where_the_supplier_billed_it_so():
    days = (date(2026, 1, 1), date(2026, 1, 31))
    assert row(*days, 60, value_from_m3=99_970, value_to_m3=30).is_turned_over(5)
    assert not row(*days, 60, value_from_m3=99_970, value_to_m3=30).is_turned_over(6)
    assert not row(*days, 0, value_from_m3=99_970, value_to_m3=30).is_turned_over(5)
    assert not row(*days, 60, value_from_m3=30, value_to_m3=90).is_turned_over(5)
