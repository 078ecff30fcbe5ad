"""How much gas a place takes in a year, for what a price means there."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from mojplin.domain.contracts.price_list import dated_energy
from mojplin.domain.linking.access import Place
from mojplin.domain.metering.billed import BilledRow, billed_by_month
from mojplin.domain.metering.climate import normal_climate
from mojplin.domain.metering.fair_comparison import Days, normalised
from mojplin.domain.metering.gas_units import gas_units
from mojplin.domain.metering.tank import fillings
from mojplin.domain.metering.usage import PlaceUsage, usage_at
from mojplin.foundation.months import last_day, month_of, months_between, next_month, year_before

STALE_MONTHS = 6
A_YEAR = timedelta(days=365)
READINGS_NEEDED = 6
"""A home read fewer times is not known well enough to say what normal weather would have made of its year."""
KNOWN_SHARE = 0.9
"""So much of the year's weather must be known: a day not known counts as a normal one and would change nothing."""


class YearOfUse(NamedTuple):
    """The m3 or litres of twelve months; `used` as in normal weather where that is known, else as it was."""

    used: Decimal
    is_normal: bool


def used_in_a_year(place: Place, unit: str, on: date) -> YearOfUse | None:
    """Return the use of the last twelve months; None when fewer are known, or the last is long ago.

    :param unit: "m3": the twelve months that end with the last billed one; "l": what was delivered within a year.
    """
    year = _delivered(place, on) if unit == "l" else _billed(place, on)
    return year if year and year.used > 0 else None


def _billed(place: Place, on: date) -> YearOfUse | None:
    usage = usage_at(
        supply_point_id=place.supply_point_id,
        payer_id=place.payer_id,
        units=gas_units("m3", place.product, dated_energy(place.product, "m3")),
        post_code=place.post_code,
        has_meter=True,
        today=on,
    )
    found = _twelve_months(usage.billed, on)
    return _in_normal_weather(usage, *found) if found else None


def _twelve_months(billed: Sequence[BilledRow], on: date) -> tuple[Decimal, Days] | None:
    by_month = billed_by_month(billed)
    known = [month for month in by_month if month <= on]
    if not known or len(months_between(max(known), month_of(on))) > STALE_MONTHS:
        return None
    year = months_between(next_month(year_before(max(known))), max(known))
    if any(month not in by_month for month in year):
        return None
    days = Days(year[0] - timedelta(days=1), last_day(year[-1]))
    return sum((by_month[month].used for month in year), Decimal(0)), days


def _in_normal_weather(usage: PlaceUsage, used: Decimal, days: Days) -> YearOfUse:
    known_days = usage.climate.known_days(*days)
    if usage.model.readings < READINGS_NEEDED or known_days < KNOWN_SHARE * (days.until - days.after).days:
        return YearOfUse(used, is_normal=False)
    return YearOfUse(normalised(usage.model, normal_climate(usage.climate.town), used, days), is_normal=True)


def _delivered(place: Place, on: date) -> YearOfUse | None:
    filled = fillings(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    known = [each for each in filled if each.on <= on]
    a_year_ago = on - A_YEAR
    if not known or known[0].on > a_year_ago:
        return None
    litres = sum((each.litres for each in known if each.on > a_year_ago), Decimal(0))
    return YearOfUse(litres, is_normal=False)
