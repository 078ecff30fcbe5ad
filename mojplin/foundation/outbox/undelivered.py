"""What stands in the outbox undelivered, and what a person does about it: send it again, or give it up for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from mojplin.foundation.outbox.models import Message
from mojplin.foundation.outbox.tasks import wake_worker

State = Message.State


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What of a topic is not delivered: how many wait, since when, and how many were given up."""

    name: str
    waiting: int
    oldest_at: datetime | None
    dead: int


def undelivered_topics() -> list[Topic]:
    """Return the topics with messages that wait or were given up, by name; one statement over an index."""
    rows = Message.objects.filter(delivered_at=None, state__in=[State.WAITING, State.DEAD])
    counted = rows.values("topic", "state").annotate(count=Count("pk"), oldest=Min("created_at"))
    by_topic: dict[str, dict[str, tuple[int, datetime]]] = {}
    for row in counted.order_by("topic", "state"):
        by_topic.setdefault(row["topic"], {})[row["state"]] = (row["count"], row["oldest"])
    return [_topic(name, states) for name, states in by_topic.items()]


def _topic(name: str, states: dict[str, tuple[int, datetime]]) -> Topic:
    waiting, oldest_at = states.get(State.WAITING, (0, None))
    dead, _oldest = states.get(State.DEAD, (0, None))
    return Topic(name=name, waiting=waiting, oldest_at=oldest_at, dead=dead)


def oldest_waiting(topics: Iterable[Topic], *names: str) -> datetime | None:
    """Return since when the oldest message of these topics waits; without names, of all topics."""
    ages = [topic.oldest_at for topic in topics if topic.oldest_at and (topic.name in names or not names)]
    return min(ages, default=None)


def undelivered(topic: str, state: Message.State) -> "QuerySet[Message]":
    """Return what of a topic waits, or was given up, the longest waiting first."""
    return Message.objects.filter(delivered_at=None, topic=topic, state=state).order_by("created_at", "pk")


def send_again(*, topic: str, now: datetime, public_id: str = "") -> int:
    """Let a message, or all of the topic, be tried now; return how many. Call in a transaction.

    What waits for its next attempt is tried at once, what was given up waits again. What has expired stays given up.
    """
    found = Message.objects.filter(delivered_at=None, topic=topic)
    if public_id:
        found = found.filter(public_id=public_id)
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
    hurried = found.filter(unclaimed, state=State.WAITING, next_attempt_at__gt=now).update(next_attempt_at=now)
    of_use = Q(expires_at=None) | Q(expires_at__gt=now)
    revived = found.filter(of_use, state=State.DEAD).update(
        state=State.WAITING, next_attempt_at=now, retried_at=now, claimed_until=None
    )
    if hurried + revived:
        wake_worker()
    return hurried + revived


def drop(*, public_id: str) -> bool:
    """Give up for good what was given up; return whether this call did it."""
    return bool(Message.objects.filter(public_id=public_id, state=State.DEAD).update(state=State.DROPPED))
