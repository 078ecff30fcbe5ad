"""How much gas a place takes in a year, for what a price means there."""

from datetime import date
from decimal import Decimal

from mojplin.domain.linking.access import Place
from mojplin.domain.metering import consumption
from mojplin.domain.metering.plausibility import a_year_before
from mojplin.domain.supply.models import Delivery

STALE_MONTHS = 6


def used_in_a_year(place: Place, unit: str, on: date) -> Decimal | None:
    """Return the m3 or litres of the last twelve months; None when fewer are known, or the last is long ago.

    :param unit: "m3": the twelve months that end with the last billed one; "l": what was delivered within a year.
    """
    used = _delivered(place, on) if unit == "l" else _billed(place, on)
    return used if used is not None and used > 0 else None


def _billed(place: Place, on: date) -> Decimal | None:
    since = date(on.year - 2, on.month, 1)
    periods = consumption.billed_periods(supply_point_id=place.supply_point_id, payer_id=place.payer_id, since=since)
    by_month = consumption.by_month(periods)
    known = [month for month in by_month if month <= on]
    if not known or len(consumption.months(max(known), on.replace(day=1))) > STALE_MONTHS:
        return None
    last = max(known)
    year = consumption.months(consumption.next_month(consumption.year_before(last)), last)
    if any(month not in by_month for month in year):
        return None
    return sum((by_month[month].used for month in year), Decimal(0))


def _delivered(place: Place, on: date) -> Decimal | None:
    a_year_ago = a_year_before(on)
    deliveries = Delivery.objects.filter(
        supply_point_id=place.supply_point_id, payer_id=place.payer_id, delivered_on__lte=on
    )
    known = list(deliveries.order_by("delivered_on").values_list("delivered_on", "litres"))
    if not known or known[0][0] > a_year_ago:
        return None
    return sum((litres for delivered_on, litres in known if delivered_on > a_year_ago), Decimal(0))
