"""The invented supplier answers whoever tries the demo: an order is planned, then delivered; a renewal is accepted.

It does so within minutes, as an ERP would by its next exports. What waits from the beginning is the office's to answer.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.contracts.answers import take_answers
from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.orders.pricing import litres_that_fit
from mojplin.domain.orders.steps import take_steps
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation.housekeeping import watch

PLANNED_AFTER, DELIVERED_AFTER, ACCEPTED_AFTER = (timedelta(minutes=each) for each in (2, 5, 2))
TRIED_WITHIN = timedelta(hours=1)
STEPS = {
    OrderStep.State.PLANNED: (GasOrder.State.RECEIVED, PLANNED_AFTER),
    OrderStep.State.DELIVERED: (GasOrder.State.PLANNED, DELIVERED_AFTER),
}
"""From which state to which, and how long after the order."""
UNKNOWN_TANK_L = 2700


@watch
@transaction.atomic
def answer(now: datetime) -> None:
    """Say what is due to be said of the orders and renewals of the last hour."""
    for state, (before, after) in STEPS.items():
        for model in (GasOrder, CylinderOrder):
            due = model.objects.filter(state=before, ordered_at__gt=now - TRIED_WITHIN, ordered_at__lte=now - after)
            for order in due:
                said = {"state": state, "answered_by": None} | _told_of(order, state, now)
                OrderStep.objects.update_or_create(order_number=order.number, defaults=said)
    for number in Renewal.objects.filter(
        state=Renewal.State.SENT, agreed_at__gt=now - TRIED_WITHIN, agreed_at__lte=now - ACCEPTED_AFTER
    ).values_list("number", flat=True):
        said = {"outcome": RenewalAnswer.Outcome.ACCEPTED, "answered_on": timezone.localdate(now)}
        RenewalAnswer.objects.get_or_create(renewal_number=number, defaults=said)
    if take_steps(now=now) + take_answers(now=now):
        there_may_be_news()


def _told_of(order: GasOrder | CylinderOrder, state: OrderStep.State, now: datetime) -> dict[str, object]:
    """Return the days of a step: the delivery is planned for today and tomorrow, and comes today."""
    today = timezone.localdate(now)
    if state == OrderStep.State.PLANNED:
        return {"planned_from": today, "planned_until": today + timedelta(days=1)}
    if isinstance(order, CylinderOrder):
        return {"delivered_on": today}
    capacity_l = order.supply_point.tank_capacity_l or UNKNOWN_TANK_L
    litres = order.litres or litres_that_fit(capacity_l, order.gauge_percent)
    gauge = min(FULL_PERCENT, order.gauge_percent + round(100 * litres / capacity_l))
    return {"delivered_on": today, "litres": litres, "gauge_percent": gauge}
