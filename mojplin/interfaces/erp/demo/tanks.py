"""Fillings of the tanks of customers who buy liquid gas: ordered when the gauge is low, delivered days later."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

from mojplin.interfaces.erp.demo.readings import Use
from mojplin.interfaces.erp.demo.records import Delivery
from mojplin.interfaces.erp.demo.sites import Site, tenancy_on

FULL_PERCENT = 85
"""A tank is never filled further."""
SMALL_ORDER_LITRES = 400


def deliveries_to(site: Site, use: Use) -> list[Delivery]:
    """Return the fillings of a bulk customer's tank in order, not yet numbered."""
    return list(_fillings(site, use))


def _fillings(site: Site, use: Use) -> Iterator[Delivery]:
    random = Random(f"{site.key} tank")
    capacity = site.point.tank_capacity_l or 2700
    level = 0.6 * capacity
    ordered_at = random.uniform(0.24, 0.36)
    waiting = -1
    for offset, vapour_litres in enumerate(use.litres):
        level = max(0.0, level - vapour_litres / 1000 * float(site.product.litres_per_m3))
        if waiting < 0 and level < ordered_at * capacity:
            waiting = random.randint(2, 6)
        elif waiting == 0:
            litres = round(random.uniform(0.80, 0.85) * capacity - level)
            if random.random() < 0.12:
                litres = min(litres, SMALL_ORDER_LITRES)
            yield _delivery(site, use, offset, litres, level / capacity, random)
            level += litres
            ordered_at = random.uniform(0.24, 0.36)
        waiting = max(-1, waiting - 1)


def _delivery(site: Site, use: Use, offset: int, litres: int, level: float, random: Random) -> Delivery:
    day = use.first + timedelta(days=offset)
    after = level + litres / (site.point.tank_capacity_l or 2700)
    is_noted = random.random() < 0.85
    return Delivery(
        supply_point_number=site.point.supply_point_number,
        payer_number=tenancy_on(site, day).payer.payer_number,
        delivered_on=day,
        litres=Decimal(litres).quantize(Decimal("0.001")),
        level_before_percent=Decimal(round(100 * level)) if is_noted else None,
        level_after_percent=Decimal(min(FULL_PERCENT, round(100 * after))) if is_noted else None,
    )
