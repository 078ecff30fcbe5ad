"""How far the supplier is with orders: the feed brings it, here it moves them."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep

MOVES_FROM = {
    OrderStep.State.PLANNED: (GasOrder.State.RECEIVED,),
    OrderStep.State.CANCELLED: (GasOrder.State.RECEIVED, GasOrder.State.PLANNED),
    OrderStep.State.DELIVERED: (GasOrder.State.RECEIVED, GasOrder.State.PLANNED, GasOrder.State.CANCELLED),
}
"""What was delivered was delivered, whatever else had been said; a cancelled order is planned by nobody."""


@transaction.atomic
def take_steps(*, now: datetime) -> int:
    """Move every order to where the supplier's step says it is; return how many moved."""
    return _moved(GasOrder, now) + _moved(CylinderOrder, now)


def _moved(model: type[GasOrder] | type[CylinderOrder], now: datetime) -> int:
    step = OrderStep.objects.filter(order_number=OuterRef("number")).values("state")
    told = model.objects.annotate(step=Subquery(step)).exclude(step=None).exclude(step=F("state"))
    moved = 0
    for order, state in told.order_by("pk").values_list("pk", "step"):
        here = model.objects.filter(pk=order, state__in=MOVES_FROM[OrderStep.State(state)])
        moved += here.update(state=state, stepped_at=now)
    return moved
