"""What a refill costs before it is ordered: gas, levies, VAT, the surcharge for little, and what waiting would save."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mojplin.domain.orders.models import Article
from mojplin.domain.supply.tanks import FULL_PERCENT

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class LitrePrice:
    """Euros of one litre; `price_eur` with VAT, `levies_eur` (in it) without; 0: a fixed price does not say them."""

    price_eur: Decimal
    levies_eur: Decimal
    vat_percent: Decimal
    is_fixed: bool
    """By the contract; else by the price list of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge:
    """What is charged besides for fewer litres than `below_l`, in euros with VAT."""

    below_l: int
    price_eur: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Euros; `gas_eur`, `surcharge_eur` and `total_eur` with VAT, `levies_eur` and `net_eur` without."""

    litres: int
    gas_eur: Decimal
    levies_eur: Decimal
    surcharge_eur: Decimal
    net_eur: Decimal
    vat_eur: Decimal
    total_eur: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """How the surcharge falls away: by ordering `order_l`, now or once the gauge shows `at_percent` (None: now)."""

    eur: Decimal
    order_l: int
    at_percent: int | None
    days: int | None
    """Until then at the use of the last year; None: unknown, or now."""


def litres_that_fit(tank_capacity_l: int, gauge_percent: int) -> int:
    """Return how much fits into a tank under its safe limit, in whole tens of litres."""
    return max(0, tank_capacity_l * (FULL_PERCENT - gauge_percent) // 1000 * 10)


def cost_of(litres: int, price: LitrePrice, surcharge: Surcharge | None) -> Cost:
    gas = _cents(litres * price.price_eur)
    besides = surcharge.price_eur if surcharge and litres < surcharge.below_l else Decimal(0)
    total = gas + besides
    net = _cents(total / (1 + price.vat_percent / 100))
    return Cost(
        litres=litres,
        gas_eur=gas,
        levies_eur=_cents(litres * price.levies_eur),
        surcharge_eur=besides,
        net_eur=net,
        vat_eur=total - net,
        total_eur=total,
    )


def surcharge_on(day: date) -> Surcharge | None:
    """Return the surcharge of the price list that holds on a day."""
    found = Article.objects.priced_on(day).filter(kind=Article.Kind.SMALL_ORDER).exclude(below_l=None).first()
    return Surcharge(below_l=found.below_l or 0, price_eur=found.price_eur) if found else None


def saving_of(
    litres: int,
    surcharge: Surcharge | None,
    *,
    tank_capacity_l: int | None,
    gauge_percent: int,
    used_l_year: Decimal | None,
) -> Saving | None:
    """Return how to be spared the surcharge; None where there is none, or the tank never takes so much."""
    if surcharge is None or litres >= surcharge.below_l or tank_capacity_l is None:
        return None
    if litres_that_fit(tank_capacity_l, gauge_percent) >= surcharge.below_l:
        return Saving(eur=surcharge.price_eur, order_l=surcharge.below_l, at_percent=None, days=None)
    levels = range(gauge_percent - 1, -1, -1)
    at = next((each for each in levels if litres_that_fit(tank_capacity_l, each) >= surcharge.below_l), None)
    if at is None:
        return None
    days = None
    if used_l_year:
        days = int(Decimal(tank_capacity_l * (gauge_percent - at)) / 100 * 365 / used_l_year) + 1
    return Saving(eur=surcharge.price_eur, order_l=surcharge.below_l, at_percent=at, days=days)


def _cents(eur: Decimal) -> Decimal:
    return eur.quantize(CENT, ROUND_HALF_UP)
