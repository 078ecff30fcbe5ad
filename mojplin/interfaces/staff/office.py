"""What staff look at in the morning: were the exports taken in, what was set aside, does anything wait to be sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.sign_in_health import often_denied, sign_in_health
from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.foundation.outbox.models import Message
from mojplin.interfaces.staff.doors import Role, page, staff_only

SHOWN_RUNS = 20
SHOWN_ROWS = 500


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
        "runs": newest_runs(),
        "topics": topics_undelivered(now),
        "sign_in": sign_in_health(now),
        "often_denied": often_denied(now),
    }
    return page(request, "staff/office.html", context, active="office")


@staff_only(Role.READER)
@require_safe
def export(request: HttpRequest, run: int) -> HttpResponse:
    found = FeedRun.objects.filter(pk=run).first()
    if found is None:
        raise Http404
    rows = SetAsideRow.objects.filter(run=found).order_by("is_warning", "file", "line", "pk")
    columns = ("file", "line", "column", "value", "reason", "is_warning")
    context = {
        "run": found,
        "seconds": seconds(found),
        "files": sorted(found.counts.items()),
        "rows": list(rows.values(*columns)[:SHOWN_ROWS]),
        "all_rows": rows.count(),
    }
    return page(request, "staff/export.html", context, active="office")


def newest_runs() -> list[dict[str, Any]]:
    set_aside = Count("set_aside", filter=Q(set_aside__is_warning=False))
    warnings = Count("set_aside", filter=Q(set_aside__is_warning=True))
    runs = FeedRun.objects.annotate(aside=set_aside, warnings=warnings).order_by("-started_at", "-pk")[:SHOWN_RUNS]
    return [
        {"run": run, "seconds": seconds(run), "aside": run.aside, "warnings": run.warnings} | totals(run.counts)
        for run in runs
    ]


def totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the rows of all files together."""
    return {name: sum(int(file.get(name, 0)) for file in counts.values()) for name in ("rows", "added", "changed")}


def seconds(run: FeedRun) -> int | None:
    return round((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None


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
