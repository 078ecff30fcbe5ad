"""Messages about orders, of tank refills and of cylinders: planned, delivered, cancelled by the supplier."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.notifications.kinds import NOWHERE, Found, Kind, Letter, own_link, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation import formats

TOPIC = Topic(
    code="order_step",
    label=_("Where your order is"),
    hint=_("When the delivery is planned or its days change, when it was delivered, when it is cancelled."),
)
IS_NEWS_FOR = timedelta(days=60)
"""After the supplier's last step; a plan can change until it is carried out."""


def find(now: datetime) -> list[Found]:
    """Return whoever ordered what the supplier has taken a step with; other days of a plan are another step."""
    return [*_steps(GasOrder, own_link(user="ordered_by"), now), *_steps(CylinderOrder, NOWHERE, now)]


def _steps(model: type[GasOrder] | type[CylinderOrder], link: Subquery | Value, now: datetime) -> list[Found]:
    step = OrderStep.objects.filter(order_number=OuterRef("number"))
    first, last = (Cast(name, CharField()) for name in ("planned_from", "planned_until"))
    days = step.filter(state=OrderStep.State.PLANNED).values(
        days=Concat(Coalesce(first, Value("")), Value("/"), Coalesce(last, Value("")), output_field=CharField())
    )
    orders = model.objects.filter(stepped_at__gte=now - IS_NEWS_FOR)
    moved = orders.annotate(step=Subquery(step.values("state"))).filter(step=F("state"))
    day = Coalesce(Subquery(days), Value(""))
    thing = Concat("number", Value(":"), "state", Value(":"), day, output_field=CharField())
    return to_tell(moved.annotate(thing=thing, about=F("number"), place_link=link), TOPIC, user="ordered_by")


def letter(user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the mail about one order, if it is still where the notice says."""
    number, state, _days = notices[0].thing.split(":")
    step = OrderStep.objects.filter(order_number=number, state=state).first()
    order = GasOrder.objects.filter(number=number).first() or CylinderOrder.objects.filter(number=number).first()
    if step is None or order is None or order.state != state:
        return None

    def written(day: date | None) -> str:
        return formats.day_in_sentence(day, language) if day else ""

    page = "web:order_sent" if isinstance(order, GasOrder) else "web:cylinder_order"
    context = {
        "number": number,
        "state": state,
        "planned_from": written(step.planned_from),
        "planned_until": written(step.planned_until),
        "delivered_on": written(step.delivered_on),
        "litres": None if step.litres is None else formats.litres(step.litres, language),
        "reason": step.reason,
        "action_url": address_in(user.language, page, order.public_id),
    }
    return Letter("notifications/mail/order_step", context)


register_kind(
    Kind(topic=TOPIC, find=find, letter=letter, page="web:orders", at=(SupplyPoint.Kind.BULK,), one_by_one=True)
)
