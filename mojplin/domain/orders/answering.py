"""What the office does with orders where the ERP does not: plans them, or refuses them. Only the ERP delivers."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.accounts.office_answers import AnsweredMeanwhile, log_answer, reason_for_customer
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message

FURTHEST_DAYS = 366
OPEN = (GasOrder.State.RECEIVED, GasOrder.State.PLANNED)
"""What is planned may be planned anew, or still be refused."""


class PlannedInThePast(Refused):
    field = "planned_from"
    message = _("A delivery cannot be planned for a day that is over.")


class PlannedTooFar(Refused):
    field = "planned_from"
    message = _("Plan the delivery within a year.")


class DaysNotInOrder(Refused):
    field = "planned_until"
    message = _("The last day is before the first.")


@transaction.atomic
def plan_order(
    order: GasOrder | CylinderOrder,
    *,
    planned_from: date,
    planned_until: date | None,
    by: User,
    now: datetime,
    ip: str | None = None,
) -> None:
    """Plan the delivery for a day, or for one of the days until `planned_until`; the customer and the ERP are told.

    :raises PlannedInThePast, PlannedTooFar, DaysNotInOrder, AnsweredMeanwhile: nothing is planned.
    """
    today, last = timezone.localdate(now), planned_until or planned_from
    if planned_from < today:
        raise PlannedInThePast
    if last < planned_from:
        raise DaysNotInOrder
    if (last - today).days > FURTHEST_DAYS:
        raise PlannedTooFar
    until = None if last == planned_from else last
    step = OrderStep(state=OrderStep.State.PLANNED, planned_from=planned_from, planned_until=until)
    _answer(order, step, by=by, now=now, ip=ip)


@transaction.atomic
def refuse_order(
    order: GasOrder | CylinderOrder, *, reason: str, by: User, now: datetime, ip: str | None = None
) -> None:
    """Refuse an order that is not delivered; the customer reads the reason, the ERP is told.

    :raises AnswerReasonMissing, AnsweredMeanwhile: nothing is refused.
    """
    step = OrderStep(state=OrderStep.State.CANCELLED, reason=reason_for_customer(reason))
    _answer(order, step, by=by, now=now, ip=ip)


def _answer(order: GasOrder | CylinderOrder, step: OrderStep, *, by: User, now: datetime, ip: str | None) -> None:
    waiting = type(order).objects.filter(pk=order.pk, state__in=OPEN)
    if not waiting.update(state=step.state, stepped_at=now):
        raise AnsweredMeanwhile
    said = {name: getattr(step, name) for name in ("state", "planned_from", "planned_until", "reason")}
    OrderStep.objects.update_or_create(order_number=order.number, defaults=said | {"answered_by": by})
    Message.post(
        "erp.order.answered",
        wakes_worker=False,
        id=order.public_id,
        number=order.number,
        answer="planned" if step.state == OrderStep.State.PLANNED else "refused",
        planned_from=step.planned_from.isoformat() if step.planned_from else None,
        planned_until=step.planned_until.isoformat() if step.planned_until else None,
        reason=step.reason,
        answered_by=by.username,
        answered_at=now.isoformat(),
    )
    payer_number = order.payer.number if isinstance(order, GasOrder) else ""
    log_answer(
        whose=order.ordered_by, about=order.number, reason=step.reason, payer_number=payer_number, by=by, now=now, ip=ip
    )
    there_may_be_news()
