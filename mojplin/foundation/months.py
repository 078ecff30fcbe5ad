"""Calendar months, each named by its first day, and quantities shared over them."""

from collections.abc import Sequence
from datetime import date, timedelta


def month_of(day: date) -> date:
    return date(day.year, day.month, 1)


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def last_day(day: date) -> date:
    """Return the last day of the month of `day`."""
    return next_month(day) - timedelta(days=1)


def year_before(month: date) -> date:
    return month.replace(year=month.year - 1)


def months_between(first: date, last: date) -> Sequence[date]:
    """Return the months from that of `first` to that of `last`, both included; none where `last` is earlier."""
    found: list[date] = []
    month = month_of(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found


def days_by_month(first_on: date, last_on: date) -> dict[date, int]:
    """Return how many days of the period, both ends included, lie in each month."""
    return {
        month: (min(last_on, last_day(month)) - max(first_on, month)).days + 1
        for month in months_between(first_on, last_on)
    }


def shared_by_days(total: int, first_on: date, last_on: date) -> dict[date, int]:
    """Share whole units (cents, litres of gas) over the months of a period by their days; may be below zero.

    The largest remainders are rounded up, so that the parts add up to the total exactly.
    """
    if first_on.month == last_on.month and first_on.year == last_on.year:
        return {month_of(first_on): total}
    days = days_by_month(first_on, last_on)
    count = sum(days.values())
    parts = {month: divmod(total * number, count) for month, number in days.items()}
    left = total - sum(whole for whole, _rest in parts.values())
    rounded_up = sorted(parts, key=lambda month: (-parts[month][1], month))[:left]
    return {month: whole + (month in rounded_up) for month, (whole, _rest) in parts.items()}
