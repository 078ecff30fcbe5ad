"""Delivering what stands in the outbox: each message at least once, by whoever is registered for its topic.

A room registers its deliverer in its `AppConfig.ready`. A deliverer returns when the receiver has taken the message,
raises `Undeliverable` when it never will, `NotBefore` when it is not the time for it, and anything else when it is
worth trying again.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from mojplin.foundation.outbox.models import Message

LEASE = timedelta(minutes=5)
"""How long a claim holds; longer than any deliverer takes. After a crash the message is free again when it ends."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)

Deliverer = Callable[[Message], None]
log = structlog.get_logger(__name__)
_deliverers: dict[str, Deliverer] = {}


class Undeliverable(Exception):
    """The receiver refused the message for good: trying again would not help."""


class NotBefore(Exception):
    """Nothing is wrong, but the message must not leave before `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


def deliverer(topic: str) -> Callable[[Deliverer], Deliverer]:
    """Register the decorated function for a topic; one that ends with "." takes every topic that begins so."""

    def register(deliver: Deliverer) -> Deliverer:
        _deliverers[topic] = deliver
        return deliver

    return register


def deliverer_of(topic: str) -> Deliverer:
    """Return who delivers the topic: its own deliverer, else the one of its first word.

    :raises LookupError: nobody is registered, as during an upgrade; the message waits.
    """
    found = _deliverers.get(topic) or _deliverers.get(topic.partition(".")[0] + ".")
    if found is None:
        raise LookupError(f"nobody delivers {topic}")
    return found


def drain(
    clock: Callable[[], datetime] = timezone.now, *, at_most: timedelta = timedelta(minutes=1)
) -> datetime | None:
    """Deliver what is due, first what expires, and return when the next attempt is due (None: nothing waits).

    :param clock: tells the time; asked again for every message.
    :param at_most: stop after this long, so that a long queue does not look like a dead worker.
    """
    end = time.monotonic() + at_most.total_seconds()
    while time.monotonic() < end:
        message = _claim_next(clock())
        if message is None:
            break
        _deliver(message, clock)
    waiting = Message.objects.filter(state=Message.State.WAITING).order_by("next_attempt_at")
    return waiting.values_list("next_attempt_at", flat=True).first()


def _due(now: datetime) -> "QuerySet[Message]":
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return Message.objects.filter(unclaimed, state=Message.State.WAITING, next_attempt_at__lte=now)


def _next_due(now: datetime) -> Message | None:
    """Return what is due first: before all else what somebody waits for, such as a sign-in mail, then the oldest."""
    due = _due(now)
    urgent = due.filter(expires_at__isnull=False).order_by("expires_at", "pk").first()
    return urgent or due.order_by("next_attempt_at", "pk").first()


def _claim_next(now: datetime) -> Message | None:
    """Claim one message by a conditional UPDATE, so that of several workers one wins."""
    while True:
        message = _next_due(now)
        if message is None:
            return None
        message.claimed_until = now + LEASE
        message.attempts += 1
        won = _due(now).filter(pk=message.pk, attempts=message.attempts - 1)
        if won.update(claimed_until=message.claimed_until, attempts=message.attempts):
            return message


def _deliver(message: Message, clock: Callable[[], datetime]) -> None:
    if message.expires_at and message.expires_at <= clock():
        return _bury(message, "expired")
    try:
        deliverer_of(message.topic)(message)
    except Undeliverable as refusal:
        _bury(message, str(refusal))
    except NotBefore as wait:
        _settle(message, next_attempt_at=wait.at)
    except Exception as fault:
        _put_off(message, fault, clock())
    else:
        _settle(message, state=Message.State.DELIVERED, delivered_at=clock(), last_error="")


def settle_with_work(message: Message, now: datetime) -> bool:
    """Settle the message in the caller's transaction, so that what it does there is done once.

    Return False where another worker has done it since the claim ended: then nothing may be done.
    """
    held = Message.objects.filter(pk=message.pk, state=Message.State.WAITING, attempts=message.attempts)
    settled = {"state": Message.State.DELIVERED, "delivered_at": now, "last_error": "", "claimed_until": None}
    return bool(held.update(**settled))


def _put_off(message: Message, fault: Exception, now: datetime) -> None:
    # The text of a fault may name an address; the log gets its kind alone, the row the whole.
    log.warning("message_put_off", message=message.public_id, topic=message.topic, fault=type(fault).__name__)
    next_attempt_at = now + pause_after(message.attempts)
    if next_attempt_at - (message.retried_at or message.created_at) > GIVE_UP_AFTER:
        return _bury(message, f"given up: {fault!r}")
    _settle(message, next_attempt_at=next_attempt_at, last_error=repr(fault)[:500])


def pause_after(attempts: int) -> timedelta:
    """Return the pause after so many attempts: doubling from 10 s to 1 h, with up to a quarter more by chance."""
    pause = min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)
    return pause * random.uniform(1, 1.25)  # noqa: S311  # spreads retries, guards nothing


def _bury(message: Message, reason: str) -> None:
    log.error("message_dead", message=message.public_id, topic=message.topic)
    _settle(message, state=Message.State.DEAD, last_error=reason[:500])


def _settle(message: Message, **outcome: object) -> None:
    """Write the outcome and give the claim back, unless the lease ended and another worker has it now."""
    held = Message.objects.filter(pk=message.pk, state=Message.State.WAITING, attempts=message.attempts)
    held.update(claimed_until=None, **outcome)
