"""How much gas a place takes in a year, for what a price means there."""

from datetime import date, timedelta
from decimal import Decimal

from mojplin.domain.linking.access import Place
from mojplin.domain.metering.billed import billed_by_month, billed_rows
from mojplin.domain.metering.tank import fillings
from mojplin.foundation.months import month_of, months_between, next_month, year_before

STALE_MONTHS = 6
A_YEAR = timedelta(days=365)


def used_in_a_year(place: Place, unit: str, on: date) -> Decimal | None:
    """Return the m3 or litres of the last twelve months; None when fewer are known, or the last is long ago.

    :param unit: "m3": the twelve months that end with the last billed one; "l": what was delivered within a year.
    """
    used = _delivered(place, on) if unit == "l" else _billed(place, on)
    return used if used is not None and used > 0 else None


def _billed(place: Place, on: date) -> Decimal | None:
    since = date(on.year - 2, on.month, 1)
    rows = billed_rows(supply_point_id=place.supply_point_id, payer_id=place.payer_id, since=since)
    by_month = billed_by_month(rows)
    known = [month for month in by_month if month <= on]
    if not known or len(months_between(max(known), month_of(on))) > STALE_MONTHS:
        return None
    year = months_between(next_month(year_before(max(known))), max(known))
    if any(month not in by_month for month in year):
        return None
    return sum((by_month[month].used for month in year), Decimal(0))


def _delivered(place: Place, on: date) -> Decimal | None:
    filled = fillings(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    a_year_ago = on - A_YEAR
    known = [each for each in filled if each.on <= on]
    if not known or known[0].on > a_year_ago:
        return None
    return sum((each.litres for each in known if each.on > a_year_ago), Decimal(0))
