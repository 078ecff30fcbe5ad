"""Calendar months: no day counts twice, sums are exact."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mojplin.foundation.months import days_by_month, last_day, months_between, shared_by_days

DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))
LENGTHS = st.integers(0, 800)


@given(DAYS, LENGTHS)
def test_every_day_counts_in_one_month_only(first, length):
    last = first + timedelta(days=length)
    days = days_by_month(first, last)
    assert sum(days.values()) == length + 1
    for month, count in days.items():
        inside = sum((first + timedelta(days=n)).replace(day=1) == month for n in range(length + 1))
        assert count == inside


@given(DAYS, LENGTHS, st.integers(-5_000_000, 50_000_000))
def test_shares_add_up_exactly_and_each_is_within_a_unit_of_its_days(first, length, total):
    last = first + timedelta(days=length)
    parts = shared_by_days(total, first, last)
    assert sum(parts.values()) == total
    for month, days in days_by_month(first, last).items():
        assert abs(parts[month] * (length + 1) - total * days) < length + 1


def test_months_know_their_last_day():
    assert [last_day(date(2028, month, 3)).day for month in (1, 2, 4, 12)] == [31, 29, 30, 31]
    assert months_between(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert months_between(date(2026, 11, 1), date(2026, 10, 31)) == []
