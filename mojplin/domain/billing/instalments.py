"""Paying an open balance in instalments: what the supplier's rules allow is proposed, nothing else can be asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

LAST_DAY_OF_EVERY_MONTH = 28
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the supplier agrees to; `most` 0: no instalments."""

    most: int
    least_eur: Decimal
    """The smallest balance that is shared out."""
    least_each_eur: Decimal
    first_after_days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Equal parts a month apart; cents that do not go round are in the first one."""

    parts: tuple[tuple[date, Decimal], ...]

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def each_eur(self) -> Decimal:
        """What each but the first comes to."""
        return self.parts[-1][1]

    @property
    def total_eur(self) -> Decimal:
        return sum((amount for _day, amount in self.parts), Decimal(0))


def plans_for(owed_eur: Decimal, *, rules: Rules, today: date) -> list[Plan]:
    """Return the plans from which one may be chosen, fewest instalments first; none where nothing can be shared out."""
    if owed_eur < rules.least_eur or owed_eur <= 0:
        return []
    first_on = today + timedelta(days=rules.first_after_days)
    plans = (_plan(owed_eur, count, first_on) for count in range(2, rules.most + 1))
    return [plan for plan in plans if plan.each_eur >= max(rules.least_each_eur, CENT)]


def _plan(owed_eur: Decimal, count: int, first_on: date) -> Plan:
    each = (owed_eur / count).quantize(CENT, ROUND_DOWN)
    amounts = [owed_eur - each * (count - 1), *[each] * (count - 1)]
    return Plan(tuple((_months_after(first_on, number), amount) for number, amount in enumerate(amounts)))


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month; never later than the 28th, which every month has."""
    if not months:
        return day
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, LAST_DAY_OF_EVERY_MONTH))
