"""What customers do: readings as they come in, enquiries by topic, tries to link and whom they closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.linking.models import ClosedPayer, LinkAttempt
from mojplin.domain.linking.tries import linking_of_late
from mojplin.domain.metering.received import Received, ReceivedDay, received_readings
from mojplin.domain.support.office import figures_by_topic
from mojplin.foundation.chart_scale import axis_top, percent
from mojplin.interfaces.staff.doors import Role, page, staff_only

Outcome = LinkAttempt.Outcome
OUTCOMES = {
    Outcome.LINKED: gettext_lazy("Linked, or a choice of places offered"),
    Outcome.PROVEN: gettext_lazy("Confirmed again"),
    Outcome.CODE_WANTED: gettext_lazy("A code is wanted besides"),
    Outcome.CODE_ASKED: gettext_lazy("A code was sent"),
    Outcome.REFUSED: gettext_lazy("Wrong numbers"),
    Outcome.NEAR_MISS: gettext_lazy("Two numbers right, one wrong"),
    Outcome.WRONG_CODE: gettext_lazy("Wrong code"),
    Outcome.PAUSED: gettext_lazy("Too many tries, not judged"),
}
"""In the order of the page: what went well, then what failed."""
BAR, TICK = Decimal("0.6"), Decimal("0.78")
"""Shares of the width of a day."""


@dataclass(frozen=True)
class DayMark:
    """A day of the chart: its place, its bar and the tick of the window before, as positions of an SVG."""

    day: ReceivedDay
    slot_x: str
    bar_x: str
    bar_y: str
    bar_height: str
    middle: str
    tick_x1: str
    tick_x2: str
    tick_y: str


@dataclass(frozen=True)
class DayChart:
    marks: Sequence[DayMark]
    axis: Sequence[tuple[str, Decimal]]
    slot_width: str
    bar_width: str


@staff_only(Role.READER)
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    received, linking = received_readings(today), linking_of_late(now)
    tries = {each.outcome: each for each in linking.tries}
    context = {
        "received": received,
        "chart": day_chart(received),
        "topics": figures_by_topic(now, today),
        "linking": linking,
        "tries": [(label, tries[outcome]) for outcome, label in OUTCOMES.items()],
        "closed": [(label, linking.closed.get(reason, 0)) for reason, label in ClosedPayer.Reason.choices],
    }
    return page(request, "staff/activity.html", context, active="office")


def day_chart(received: Received) -> DayChart:
    """Return the chart of the days of the window: one bar a day, and a tick where the window before stood."""
    values = [Decimal(each or 0) for day in received.days for each in (day.received, day.before)]
    top, step = axis_top(max([Decimal(0), *values]))
    slot = Decimal(100) / len(received.days)
    lines = range(int(top / step), -1, -1)
    return DayChart(
        marks=[_mark(index, day, slot, top) for index, day in enumerate(received.days)],
        axis=[(percent(100 - 100 * step * number / top), step * number) for number in lines],
        slot_width=percent(slot),
        bar_width=percent(slot * BAR),
    )


def _mark(index: int, day: ReceivedDay, slot: Decimal, top: Decimal) -> DayMark:
    middle = slot * index + slot / 2
    height, height_before = (100 * Decimal(each or 0) / top for each in (day.received, day.before))
    return DayMark(
        day=day,
        slot_x=percent(slot * index),
        bar_x=percent(middle - slot * BAR / 2),
        bar_y=percent(100 - height),
        bar_height=percent(height),
        middle=percent(middle),
        tick_x1=percent(middle - slot * TICK / 2),
        tick_x2=percent(middle + slot * TICK / 2),
        tick_y=percent(100 - height_before),
    )
