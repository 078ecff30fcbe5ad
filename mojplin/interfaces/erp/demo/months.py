"""Months and the days on which the demo supplier bills them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mojplin.foundation.formats import month_name

ISSUE_DAY = 12
LATEST_ISSUE_DAY = 14
DUE_DAY = 30


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.after().first - timedelta(days=1)

    @property
    def name(self) -> str:
        return month_name(self.first, "sl")

    def after(self, months: int = 1) -> "Month":
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def issued_on(self) -> date:
        """Return the day this month is billed: about the twelfth of the next, never at a weekend."""
        day = self.after().first.replace(day=ISSUE_DAY)
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def due_on(issued_on: date) -> date:
    """Return the thirtieth of the month of issue, or its last day."""
    return min(issued_on.replace(day=1) + timedelta(days=DUE_DAY - 1), Month.of(issued_on).last)


def months_between(first: date, until: date) -> Iterator[Month]:
    """Yield the months from that of `first` on whose invoices are issued by `until`."""
    month = Month.of(first)
    while month.issued_on() <= until:
        yield month
        month = month.after()
