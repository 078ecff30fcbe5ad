"""What the worker does by the clock: it forgets what no longer serves, and looks whether all is well.

A room registers its own chores in its `AppConfig.ready`: `@hourly` to forget, `@watch` (every ten seconds) to look.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

from mojplin.foundation.idempotency import FormKey
from mojplin.foundation.limits import Counter
from mojplin.foundation.outbox.models import Message

KEEP_DELIVERED = timedelta(days=7)
KEEP_DROPPED = timedelta(days=90)
"""Since it was posted; what a person gave up for good can be looked into as long."""
KEEP_FORM_KEYS = timedelta(days=7)
"""A form sent again within this time is answered as the first time."""
KEEP_COUNTERS = timedelta(days=8)
"""Longer than the longest window that ends; one that never does begins with the epoch and stays."""
EPOCH = datetime.fromtimestamp(0, tz=UTC)

Chore = Callable[[datetime], None]
log = structlog.get_logger(__name__)
_hourly: list[Chore] = []
_watches: list[Chore] = []


def hourly(chore: Chore) -> Chore:
    """Register a function that the worker calls every hour with the time it is."""
    _hourly.append(chore)
    return chore


def watch(chore: Chore) -> Chore:
    """Register a function that the worker calls every ten seconds; it must be quick."""
    _watches.append(chore)
    return chore


def do_hourly_chores(now: datetime) -> None:
    _do_all(_hourly, now)


def do_watches(now: datetime) -> None:
    _do_all(_watches, now)


def _do_all(chores: list[Chore], now: datetime) -> None:
    """Do each chore; one that is broken is logged and does not keep the others from being done."""
    for chore in chores:
        try:
            chore(now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("chore_failed", chore=f"{chore.__module__}.{chore.__qualname__}")


@hourly
def forget_old(now: datetime) -> None:
    """Delete delivered messages, keys of forms and counters whose time is over; dead messages stay for a person."""
    old = now - KEEP_DELIVERED
    Message.objects.filter(state=Message.State.DELIVERED, created_at__lt=old, delivered_at__lt=old).delete()
    Message.objects.filter(state=Message.State.DROPPED, created_at__lt=now - KEEP_DROPPED).delete()
    FormKey.objects.filter(claimed_at__lt=now - KEEP_FORM_KEYS).delete()
    Counter.objects.filter(window_start__gt=EPOCH, window_start__lt=now - KEEP_COUNTERS).delete()
