"""Gas by calendar month: sums are exact and no day counts twice."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.metering.consumption import BilledPeriod, by_month, days_by_month, spread
from tests.cast import PortalTestCase

DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))
LITRES = st.integers(-5_000_000, 50_000_000).map(lambda litres: Decimal(litres) / 1000)
PERIODS = st.tuples(DAYS, st.integers(0, 800), LITRES, st.sampled_from(["remote", "flat_rate", "settlement"]))


def period(first_on, last_on, consumption_m3, basis="customer_reported"):
    return BilledPeriod(first_on, last_on, Decimal(0), Decimal(0), Decimal(consumption_m3), basis)


@given(st.lists(PERIODS, max_size=12))
def test_the_months_add_up_to_the_readings_exactly(drawn):
    periods = [period(first, first + timedelta(days=length), used, basis) for first, length, used, basis in drawn]
    months = by_month(periods)
    assert sum(each.used for each in months.values()) == sum(each.consumption_m3 for each in periods)
    assert all(month.day == 1 for month in months)


@given(DAYS, st.integers(0, 800))
def test_every_day_counts_in_one_month_only(first, length):
    last = first + timedelta(days=length)
    days = days_by_month(first, last)
    assert sum(days.values()) == length + 1
    for month, count in days.items():
        inside = sum((first + timedelta(days=n)).replace(day=1) == month for n in range(length + 1))
        assert count == inside


@given(DAYS, st.integers(0, 800), LITRES)
def test_a_share_is_within_a_litre_of_gas_of_its_days(first, length, total):
    last = first + timedelta(days=length)
    parts = spread(total, first, last)
    for month, days in days_by_month(first, last).items():
        assert abs(parts[month] - total * days / (length + 1)) < Decimal("0.001")


def test_a_period_in_one_month_is_that_months():
    assert spread(Decimal("52.123"), date(2026, 10, 1), date(2026, 10, 31)) == {date(2026, 10, 1): Decimal("52.123")}


def test_a_flat_rate_month_is_marked_and_a_settlement_is_added_to_its_month():
    months = by_month(
        [
            period(date(2026, 1, 1), date(2026, 1, 31), 100, "flat_rate"),
            period(date(2026, 2, 1), date(2026, 2, 28), 80, "flat_rate"),
            period(date(2026, 2, 1), date(2026, 2, 28), -95, "settlement"),
            period(date(2026, 3, 1), date(2026, 3, 31), 60),
        ]
    )
    assert [(each.used, each.is_flat_rate) for each in months.values()] == [(100, True), (-15, True), (60, False)]


class Readings(PortalTestCase):
    def test_two_meters_in_the_month_of_an_exchange_add_up(self):
        self.given_cast()
        new = self.given_meter(self.anas_house, "G4-NEW", installed_on=date(2026, 10, 11))
        rows = [
            self.given_billed(meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="0", value_to_m3=used)
            for meter, used in ((self.anas_meter, "10"), (new, "20.5"))
        ]
        months = by_month(
            period(row.period_from, row.period_to, row.consumption_m3, row.basis) for row in rows
        )  # fmt: skip
        assert months[date(2026, 10, 1)].used == Decimal("30.5")
