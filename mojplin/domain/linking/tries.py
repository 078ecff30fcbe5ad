"""How linking goes: the tries of the last days by what became of them, and the payers closed by them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from mojplin.domain.linking import limits
from mojplin.domain.linking.models import ClosedPayer, LinkAttempt

DAYS = (1, 7, 30)


@dataclass(frozen=True)
class Tries:
    """Tries with one outcome: in the last day, the last 7 and the last 30 days."""

    outcome: LinkAttempt.Outcome
    day: int
    week: int
    month: int


@dataclass(frozen=True)
class Linking:
    tries: list[Tries]
    closed: dict[str, int]
    """Payers whom numbers alone no longer link, by the reason."""
    failures_this_hour: int
    is_under_attack: bool


def linking_of_late(now: datetime) -> Linking:
    """Return how linking goes; three statements."""
    since = [now - timedelta(days=days) for days in DAYS]
    day, week, month = (Count("pk", filter=Q(tried_at__gt=each)) for each in since)
    rows = (
        LinkAttempt.objects.filter(tried_at__gt=since[-1]).values("outcome").annotate(day=day, week=week, month=month)
    )
    counted = {row["outcome"]: (row["day"], row["week"], row["month"]) for row in rows.order_by()}
    closed = ClosedPayer.objects.filter(reopened_at=None).values_list("reason").annotate(count=Count("pk")).order_by()
    failures = limits.failures_of_portal(now)
    return Linking(
        tries=[Tries(each, *counted.get(each.value, (0, 0, 0))) for each in LinkAttempt.Outcome],
        closed={reason: count for reason, count in closed},
        failures_this_hour=failures,
        is_under_attack=failures >= limits.FAILURES_OF_PORTAL_IN_HOUR,
    )
