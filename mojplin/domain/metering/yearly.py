"""What was billed at many places over the last twelve months, for what a price means in a year."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from mojplin.domain.metering.known import a_year_before
from mojplin.domain.metering.models import BilledReading

PlaceKey = tuple[int, int]
"""Supply point and payer, by their row ids."""


def billed_in_a_year(places: Collection[PlaceKey], today: date) -> dict[PlaceKey, Decimal]:
    """Return the cubic metres billed for periods that ended in the last twelve months, in one statement."""
    points, payers = {point for point, _payer in places}, {payer for _point, payer in places}
    rows = BilledReading.objects.filter(
        supply_point_id__in=points, payer_id__in=payers, period_to__gt=a_year_before(today), period_to__lte=today
    )
    sums = rows.values_list("supply_point_id", "payer_id").annotate(used=Sum("consumption_m3")).order_by()
    return {(point, payer): used for point, payer, used in sums}
