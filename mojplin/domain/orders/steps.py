"""How far the supplier is with orders: the feed brings it, here it moves them and who ordered is told."""

from datetime import date
from typing import cast

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from mojplin.domain.accounts.sites import address_in
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.foundation import formats, mail
from mojplin.foundation.formats import Language

MOVES_FROM = {
    OrderStep.State.PLANNED: (GasOrder.State.RECEIVED,),
    OrderStep.State.CANCELLED: (GasOrder.State.RECEIVED, GasOrder.State.PLANNED),
    OrderStep.State.DELIVERED: (GasOrder.State.RECEIVED, GasOrder.State.PLANNED, GasOrder.State.CANCELLED),
}
"""What was delivered was delivered, whatever else had been said; a cancelled order is planned by nobody."""

PAGES = {GasOrder: "web:order_sent", CylinderOrder: "web:cylinder_order"}


@transaction.atomic
def take_steps() -> int:
    """Move every order to where the supplier's step says it is, and tell who ordered; return how many moved."""
    return _moved(GasOrder) + _moved(CylinderOrder)


def _moved(model: type[GasOrder] | type[CylinderOrder]) -> int:
    step = OrderStep.objects.filter(order_number=OuterRef("number")).values("state")
    told = model.objects.annotate(step=Subquery(step)).exclude(step=None).exclude(step=F("state"))
    changed = told.select_related("ordered_by").order_by("pk")
    steps = OrderStep.objects.in_bulk(changed.values_list("number", flat=True), field_name="order_number")
    moved = 0
    for order in changed:
        step_now = steps[order.number]
        from_states = MOVES_FROM[OrderStep.State(step_now.state)]
        if model.objects.filter(pk=order.pk, state__in=from_states).update(state=step_now.state):
            moved += 1
            if order.ordered_by.is_active:
                tell(order, step_now)
    return moved


def tell(order: GasOrder | CylinderOrder, step: OrderStep) -> None:
    """Post the mail that says how far the order is to who ordered, in the transaction that moved it."""
    language = cast(Language, order.ordered_by.language)

    def written(day: date | None) -> str:
        return formats.day_in_sentence(day, language) if day else ""

    context = {
        "number": order.number,
        "state": step.state,
        "planned_from": written(step.planned_from),
        "planned_until": written(step.planned_until),
        "delivered_on": written(step.delivered_on),
        "litres": None if step.litres is None else formats.litres(step.litres, language),
        "reason": step.reason,
        "action_url": address_in(language, PAGES[type(order)], order.public_id),
    }
    to = order.ordered_by.email
    mail.post(to=to, template="orders/mail/order_step", context=context, language=language)
