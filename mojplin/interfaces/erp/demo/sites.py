"""A place of the demo supplier with all it takes to play its years, and what can happen to its customer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mojplin.interfaces.erp.demo.cast import CastPoint
from mojplin.interfaces.erp.demo.homes import Home
from mojplin.interfaces.erp.demo.products import RENTAL_NET_EUR_MONTH, WITH_VAT, Product, cents
from mojplin.interfaces.erp.demo.records import Payer, SupplyPoint

RENTAL_EUR_MONTH = cents(RENTAL_NET_EUR_MONTH * WITH_VAT)


class Case(StrEnum):
    """What happens to a customer out of the ordinary."""

    EXCHANGE = "exchange"
    FLAT_RATE = "flat_rate"
    PAYER_CHANGE = "payer_change"
    OTHER_PAYER = "other_payer"
    OVERDUE = "overdue"
    OVERPAID = "overpaid"
    PARTLY_PAID = "partly_paid"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    LONG_NAME = "long_name"
    CLOSED = "closed"
    EXPIRING = "expiring"
    REMOTE = "remote"


class Stay(StrEnum):
    """When somebody is in: only then hot water and cooking, and full heating."""

    ALWAYS = "always"
    WEEKENDS = "weekends"
    GUESTS = "guests"


@dataclass(frozen=True, kw_only=True)
class Tenancy:
    """A payer's time at a place; `ends_on` is the first day no longer his."""

    payer: Payer
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """A supply point with what the exporter needs to play its years; `key` seeds everything random about it."""

    key: str
    point: SupplyPoint
    product: Product
    home: Home
    tenancies: tuple[Tenancy, ...]
    cases: frozenset[Case]
    stay: Stay = Stay.ALWAYS
    has_rental: bool = True
    reports: float = 1.0
    """Probability that the customer sends a reading in a month."""
    counter_start_m3: int = 0
    cast: CastPoint | None = None

    @property
    def since(self) -> date:
        return self.tenancies[0].starts_on


def tenancy_on(site: Site, day: date) -> Tenancy:
    """Return who pays for the place on a day; before the first payer's time, the first."""
    return next(each for each in reversed(site.tenancies) if each.starts_on <= day or each is site.tenancies[0])
