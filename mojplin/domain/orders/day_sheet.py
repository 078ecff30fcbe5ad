"""The deliveries of a day on paper: one line for each place, in the order of post codes. What is planned, not more."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.foundation import formats
from mojplin.foundation.formats import Language
from mojplin.foundation.pdf import pdf_of

TEMPLATE = Path(__file__).with_name("day_sheet.typ")
MOST = 500
POST_CODE = re.compile(r"\b(\d{4})\s+(\D.*)$")


@dataclass(frozen=True, slots=True)
class Stop:
    """One delivery: `order` is of a refill or of cylinders, with what its line names loaded."""

    order: GasOrder | CylinderOrder
    post_code: str
    town: str
    street: str
    days: tuple[date, date]
    """From when until when it is planned."""

    @property
    def payer_number(self) -> str:
        """Return whose it is at the supplier; cylinders are of an account alone."""
        return self.order.payer.number if isinstance(self.order, GasOrder) else ""

    @property
    def name(self) -> str:
        return self.order.payer.name if isinstance(self.order, GasOrder) else self.order.name


def stops_on(day: date) -> list[Stop]:
    """Return what is planned for a day, or for days around it, by post code, town and street; in four statements."""
    around = Q(planned_until__gte=day) | Q(planned_until=None, planned_from=day)
    steps = OrderStep.objects.filter(around, state=OrderStep.State.PLANNED, planned_from__lte=day)
    planned = {each.order_number: each for each in steps.order_by("planned_from", "pk")[:MOST]}
    waiting = {"number__in": planned, "state": GasOrder.State.PLANNED}
    refills = GasOrder.objects.filter(**waiting).select_related("supply_point", "payer", "ordered_by")
    cylinders = CylinderOrder.objects.filter(**waiting).select_related("ordered_by").prefetch_related("lines")
    stops = [_stop(each, planned[each.number], *_place(each)) for orders in (refills, cylinders) for each in orders]
    return sorted(stops, key=lambda stop: (stop.post_code, stop.town, stop.street, stop.order.number))


def _stop(order: GasOrder | CylinderOrder, step: OrderStep, post_code: str, town: str, street: str) -> Stop:
    first = step.planned_from or date.max
    return Stop(order, post_code, town, street, (first, step.planned_until or first))


def _place(order: GasOrder | CylinderOrder) -> tuple[str, str, str]:
    if isinstance(order, GasOrder):
        point = order.supply_point
        return point.post_code, point.town, point.street
    found = POST_CODE.search(order.address)
    if found is None:
        return "", "", order.address
    return found[1], found[2].strip(), order.address[: found.start()].rstrip(" ,\n")


def day_sheet(stops: list[Stop], *, day: date, supplier: str, language: Language) -> bytes:
    """Return the day's deliveries as PDF on A4, across.

    :param supplier: whose sheet it is.
    """
    with translation.override(language):
        data = {
            "lang": language,
            "supplier": supplier,
            "title": _("Deliveries on %(day)s") % {"day": formats.day(day, language)},
            "day": {"year": day.year, "month": day.month, "day": day.day},
            "head": [
                "", _("Post and town"), _("Address"), _("Name"), _("What"), _("Gauge"), _("Phone"), _("Access"), "✓",
            ],
            "rows": [_line(number, stop, language) for number, stop in enumerate(stops, start=1)],
            "nothing": _("Nothing is planned for this day."),
            "page": _("Page"),
        }  # fmt: skip
    return pdf_of(TEMPLATE, data)


def _line(number: int, stop: Stop, language: Language) -> list[str]:
    order = stop.order
    if isinstance(order, GasOrder):
        capacity_l = order.supply_point.tank_capacity_l
        what = formats.litres(order.litres, language) if order.litres else _("fill up")
        gauge = formats.percent(order.gauge_percent, language, 0)
        gauge += f" / {formats.litres(capacity_l, language)}" if capacity_l else ""
    else:
        what, gauge = ", ".join(f"{line.quantity} × {line.name}" for line in order.lines.all()), ""
    first, last = stop.days
    access = " · ".join(
        part for part in (order.note, formats.day_range(first, last, language) if last != first else "") if part
    )
    place = f"{stop.post_code} {stop.town}".strip()
    return [f"{number}", place, stop.street, stop.name, what, gauge, order.phone, access, ""]
