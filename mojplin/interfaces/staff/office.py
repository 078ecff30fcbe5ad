"""What staff look at in the morning: were the exports taken in, what was set aside, does anything wait to be sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.sign_in_health import often_denied, sign_in_health
from mojplin.foundation.outbox.models import Message
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.exports import newest_runs

SHOWN_RUNS = 10


@dataclass(frozen=True, kw_only=True)
class TopicHealth:
    """What of a topic is not delivered: how many wait and for how long, how many were given up."""

    topic: str
    waiting: int
    oldest_minutes: int | None
    dead: int


@staff_only(Role.READER)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "runs": newest_runs(SHOWN_RUNS),
        "topics": topics_undelivered(now),
        "sign_in": sign_in_health(now),
        "often_denied": often_denied(now),
    }
    return page(request, "staff/office.html", context, active="office")


def topics_undelivered(now: datetime) -> list[TopicHealth]:
    """Return the topics with messages that wait or were given up; an empty list is a healthy outbox."""
    waiting, dead = Q(state=Message.State.WAITING), Q(state=Message.State.DEAD)
    rows = Message.objects.filter(waiting | dead).values("topic").order_by("topic")
    rows = rows.annotate(
        waiting=Count("pk", filter=waiting), oldest=Min("created_at", filter=waiting), dead=Count("pk", filter=dead)
    )
    return [
        TopicHealth(
            topic=row["topic"],
            waiting=row["waiting"],
            oldest_minutes=int((now - row["oldest"]).total_seconds() // 60) if row["oldest"] else None,
            dead=row["dead"],
        )
        for row in rows
    ]
