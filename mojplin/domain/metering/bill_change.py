"""Why one bill is higher or lower than another: price, days, weather, own behaviour, estimates, and what is no gas.

How it is called:

    change = bill_change(before=Bill(...), now=Bill(...), model=usage.model)
    change.parts              # euros by reason, in the order to be told; they add up to change.total_eur to the cent

A pure function of two bills and the model of the home. Each reason, with prices P, billed quantities Q, measured
uses U and E = Q - U, 0 for the earlier bill and 1 for the later one:

    price       (P1 - P0) * Q1
    estimate    P0 * (E1 - E0)              billed beside what was measured, in one bill or the other
    days        P0 * U0 * more days
    weather     P0 * U0 * colder days       days and weather: as the home's model answers to them
    behaviour   P0 * U1 - P0 * U0 * (1 + days + weather)
    other       what does not go by the quantity: rental, fees
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from mojplin.domain.metering.fair_comparison import Days, weather_change
from mojplin.domain.metering.heating_model import Model

CENT = Decimal("0.01")


class Reason(StrEnum):
    """In the order in which a page tells them."""

    PRICE = "price"
    DAYS = "days"
    WEATHER = "weather"
    BEHAVIOUR = "behaviour"
    ESTIMATE = "estimate"
    OTHER = "other"


class Bill(NamedTuple):
    """A bill for gas through a meter; euros with VAT.

    `gas_eur` is what of `amount_eur` goes by the quantity. `measured` is what the metered ledger says of its days, None
    where not all of them are measured yet: then the billed quantity is taken for it.
    """

    days: Days
    amount_eur: Decimal
    gas_eur: Decimal
    quantity: Decimal
    measured: Decimal | None

    @property
    def price_eur(self) -> Decimal:
        return self.gas_eur / self.quantity

    @property
    def used(self) -> Decimal:
        return self.quantity if self.measured is None else self.measured


@dataclass(frozen=True, slots=True)
class BillChange:
    """`parts` holds every reason, in cents, below zero where it made the bill lower."""

    before: Bill
    now: Bill
    parts: Mapping[Reason, Decimal]

    @property
    def total_eur(self) -> Decimal:
        return self.now.amount_eur - self.before.amount_eur


def bill_change(*, before: Bill, now: Bill, model: Model) -> BillChange | None:
    """Return why `now` differs from `before`, or None where one of them billed no gas at all."""
    if before.quantity <= 0 or now.quantity <= 0:
        return None
    weather = weather_change(model, before=before.days, now=now.days)
    of_days, of_weather = (before.used * Decimal(each) for each in weather)
    price = before.price_eur
    exact = {
        Reason.PRICE: (now.price_eur - price) * now.quantity,
        Reason.DAYS: price * of_days,
        Reason.WEATHER: price * of_weather,
        Reason.BEHAVIOUR: price * (now.used - before.used - of_days - of_weather),
        Reason.ESTIMATE: price * ((now.quantity - now.used) - (before.quantity - before.used)),
        Reason.OTHER: (now.amount_eur - now.gas_eur) - (before.amount_eur - before.gas_eur),
    }
    return BillChange(before, now, _to_the_cent(exact, now.amount_eur - before.amount_eur))


def _to_the_cent(exact: Mapping[Reason, Decimal], total_eur: Decimal) -> dict[Reason, Decimal]:
    """Return the parts in cents; what rounding leaves over goes to the largest, where it shows least."""
    parts = {reason: each.quantize(CENT, ROUND_HALF_UP) for reason, each in exact.items()}
    largest = max(parts, key=lambda reason: abs(parts[reason]))
    parts[largest] += total_eur - sum(parts.values())
    return parts
