"""When a tank is to be filled: from the day on which the least order fits, until the gas left is needed to wait for it.

How it is called:

    window = refill_window(model, Level(on, litres), tank, climate=climate, today=today)
    window.from_on, window.until_on       # "order between 12. 1. and 9. 2."; None: not within thirteen months

Everything is litres of liquid gas: the model of a metered home is made with its uses in litres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.forecast import ROUGH_BELOW_READINGS, forecast
from mojplin.domain.metering.heating_model import Model
from mojplin.domain.metering.tank import Filling
from mojplin.domain.supply.tanks import FULL_PERCENT

RESERVE_SHARE = 0.20
"""Below this a tank can fail to give gas fast enough in the cold; it is never planned for."""
LOOKED_AHEAD_DAYS = 400


class Level(NamedTuple):
    """The liquid in a tank at the end of a day."""

    on: date
    litres: float


class Tank(NamedTuple):
    """How much a tank holds, the least that is delivered, and how many days a delivery takes after it is ordered."""

    capacity_l: int
    least_order_l: int
    delivery_days: int


@dataclass(frozen=True, slots=True)
class RefillWindow:
    """Order from `from_on` (before: the least order does not fit) and until `until_on` (later: gas may run short)."""

    from_on: date | None
    until_on: date | None
    is_rough: bool

    def is_late(self, today: date) -> bool:
        return self.until_on is not None and self.until_on <= today


def tank_level(fillings: Sequence[Filling], capacity_l: int) -> Level | None:
    """Return the newest level that is known, with what was filled in since; None where no gauge was noted."""
    level: Level | None = None
    for each in fillings:
        noted = _noted(each, capacity_l)
        if noted is not None:
            level = Level(each.on, noted)
        elif level:
            level = level._replace(litres=level.litres + float(each.litres))
    return level


def _noted(filling: Filling, capacity_l: int) -> float | None:
    """Return what was in the tank after a filling by the gauge: the one after, else the one before and the litres."""
    if filling.after_percent is not None:
        return float(filling.after_percent) * capacity_l / 100
    if filling.before_percent is not None:
        return float(filling.before_percent) * capacity_l / 100 + float(filling.litres)
    return None


def refill_window(model: Model, level: Level, tank: Tank, *, climate: Climate, today: date) -> RefillWindow:
    """Return when to order.

    The last day is early on purpose: that of a use higher than nine out of ten, less the days a delivery takes.
    """
    fits_at = tank.capacity_l * FULL_PERCENT / 100 - tank.least_order_l
    reserve = tank.capacity_l * RESERVE_SHARE
    fits_on = model.day_reached(level.on, level.litres - fits_at, within_days=LOOKED_AHEAD_DAYS, climate=climate)
    low_on = _earliest(model, level, level.litres - reserve, climate)
    until = None if low_on is None else max(today, low_on - timedelta(days=tank.delivery_days))
    start = None if fits_on is None else max(today, fits_on)
    if start and until and start > until:
        start = until
    return RefillWindow(start, until, model.readings < ROUGH_BELOW_READINGS)


def _earliest(model: Model, level: Level, spare_l: float, climate: Climate) -> date | None:
    """Return the first day on which the spare litres may be gone, at a use higher than nine out of ten."""
    if spare_l <= 0:
        return level.on
    low, high = 1, LOOKED_AHEAD_DAYS + 1
    while low < high:
        middle = (low + high) // 2
        ahead = forecast(model, climate=climate, after=level.on, until=level.on + timedelta(days=middle))
        low, high = (low, middle) if ahead.high >= spare_l else (middle + 1, high)
    return level.on + timedelta(days=low) if low <= LOOKED_AHEAD_DAYS else None
