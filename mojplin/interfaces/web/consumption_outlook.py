"""Consumption, what is to come: the season with its cost, when to fill the tank, and use that stands out."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import floor, log10
from typing import Any

from django.conf import settings

from mojplin.domain.contracts.gas_price import gas_price
from mojplin.domain.metering.forecast import Forecast, Season, forecast, season_of
from mojplin.domain.metering.refill import Tank, refill_window, tank_level
from mojplin.domain.metering.unusual_use import LOOKED_AT, remembered_unusual_use
from mojplin.domain.orders.pricing import surcharge_on
from mojplin.foundation.months import month_of
from mojplin.interfaces.web.consumption_page import NAMES, ConsumptionPage

DAY = timedelta(days=1)
STEPS_IN_RANGE = 5
"""A figure with a range is rounded so that half of the range is about so many steps."""
LEAST_UNUSUAL_M3 = 3
"""Less than this more is not worth a word."""
NEWS_FOR = timedelta(days=62)
"""What stood out two readings ago is no news: nobody knows how it went on."""


@dataclass(frozen=True)
class Rounded:
    """A figure with its range, all three rounded to the same step."""

    value: Decimal
    low: Decimal
    high: Decimal


def rounded(value: Decimal, low: Decimal, high: Decimal) -> Rounded:
    """Return the figures as honest as their range: nobody believes 687 m3 out of 600 to 780."""
    half = float(high - low) / 2
    step = Decimal(10) ** max(0, floor(log10(half / STEPS_IN_RANGE))) if half > 0 else Decimal(1)
    return Rounded(*(step * round(each / step) for each in (value, low, high)))


def season(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return what this season will take and cost, from what was measured of it and the normal weather to come."""
    usage, now = shown.usage, season_of(shown.today)
    if not usage.model.readings or usage.ends_on:
        return None
    known = _measured(shown, now)
    if known is None:
        return None
    used, until = known
    ahead = forecast(usage.model, climate=usage.climate, after=until, until=now.last_on)
    base = rounded(*_with(used, ahead))
    price = gas_price(
        supply_point_id=shown.place.supply_point_id,
        payer_id=shown.place.payer_id,
        product=shown.place.product,
        unit=usage.units.base,
        today=shown.today,
    )
    return {
        "season": now,
        "use": base,
        "unit": NAMES[usage.units.base],
        "used": used,
        "until": until if until >= now.first_on else None,
        "since": max(now.first_on, usage.intervals[0].after + DAY),
        "cost": rounded(*(each * price.eur for each in _with(used, ahead))) if price else None,
        "price": price,
        "is_rough": ahead.is_rough,
        "town": usage.climate.town,
    }


def _measured(shown: ConsumptionPage, now: Season) -> tuple[Decimal, date] | None:
    """Return what was measured of the season and until when; None where days inside it are not known."""
    usage = shown.usage
    until = max(usage.intervals[-1].until, now.first_on - DAY)
    months = [each for each in usage.months.values() if each.month >= month_of(now.first_on)]
    since = max(now.first_on - DAY, usage.intervals[0].after)
    if sum(each.days for each in months) != (until - since).days:
        return None
    return sum((each.used for each in months), Decimal(0)), until


def _with(used: Decimal, ahead: Forecast) -> tuple[Decimal, Decimal, Decimal]:
    return used + Decimal(ahead.use), used + Decimal(ahead.low), used + Decimal(ahead.high)


def refill(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return when to order for a tank, or that its gauge is needed for it."""
    usage, capacity_l = shown.usage, shown.usage.capacity_l
    if not shown.is_tank or not capacity_l or usage.ends_on or not usage.levels:
        return None
    level = tank_level(usage.levels, capacity_l)
    if level is None or not usage.model.readings:
        return {"window": None}
    surcharge = surcharge_on(shown.today)
    worth_it_l = max(settings.ORDER_LEAST_L, surcharge.below_l if surcharge else 0)
    tank = Tank(capacity_l, worth_it_l, settings.ORDER_DELIVERY_DAYS)
    window = refill_window(usage.model, level, tank, climate=usage.climate, today=shown.today)
    left_l = max(0.0, level.litres - usage.model.expected(level.on, max(shown.today, level.on)).use)
    return {
        "window": window,
        "is_late": window.is_late(shown.today),
        "fits_today": window.from_on is None or window.from_on <= shown.today,
        "left_percent": round(100 * left_l / capacity_l),
        "level": level,
        "delivery_days": tank.delivery_days,
        "least_l": tank.least_order_l,
    }


def unusual(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return that more is used than the home was used to; readings only, a tank's gauge is too coarse for it."""
    usage = shown.usage
    if shown.is_tank or usage.ends_on:
        return None
    found = remembered_unusual_use(tuple(usage.intervals[-LOOKED_AT:]), usage.climate)
    if found is None or found.used - found.expected < LEAST_UNUSUAL_M3 or shown.today - found.until > NEWS_FOR:
        return None
    return {
        "since": found.after + DAY,
        "used_m3": round(found.used),
        "more_m3": round(found.used - found.expected),
    }
