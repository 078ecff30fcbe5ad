"""Is the portal well? The same checks for machines that watch it and for people of the office."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection

from mojplin.domain.accounts.sign_in_health import LATE_AFTER, SIGN_IN_MAIL
from mojplin.domain.notifications.bills import FRESH_FOR
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation.heartbeat import last_beat
from mojplin.foundation.outbox.undelivered import Topic, oldest_waiting, undelivered_topics

WORKER_SILENT_AFTER = timedelta(minutes=1)
OUTBOX_LATE_AFTER = timedelta(minutes=30)
DATABASE_SLOW_AFTER_MS = 1_000
LEAST_FREE_PERCENT = 5

Name = Literal["database", "worker", "sign_in_mail", "outbox", "disk", "export"]
Unit = Literal["ms", "s", "percent"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must hold: what was measured, and the limit beyond which it fails (below which, for `percent`).

    `value` None: nothing waits, or nothing is known, which is bad for `worker`, `export` and `disk`.
    """

    name: Name
    is_ok: bool
    value: int | None
    limit: int
    unit: Unit


def checks(now: datetime) -> list[Check]:
    """Return all checks. A database that does not answer is one of them, and then the only one besides the disk."""
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        took_ms = round((time.monotonic() - began) * 1000)
        topics = undelivered_topics()
        return [_at_most("database", took_ms, DATABASE_SLOW_AFTER_MS, "ms"), *checks_of(topics, now)]
    except DatabaseError:
        down = Check(name="database", is_ok=False, value=None, limit=DATABASE_SLOW_AFTER_MS, unit="ms")
        return [down, _disk()]


def checks_of(topics: Sequence[Topic], now: datetime) -> list[Check]:
    """Return the checks of a database that has answered just now, with what it said of the outbox; two statements."""
    runs = FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN).order_by("-started_at", "-pk")
    return [
        _fresh("worker", last_beat(), WORKER_SILENT_AFTER, now),
        _waits("sign_in_mail", oldest_waiting(topics, SIGN_IN_MAIL), LATE_AFTER, now),
        _waits("outbox", oldest_waiting(topics), OUTBOX_LATE_AFTER, now),
        _disk(),
        _fresh("export", runs.values_list("made_at", flat=True).first(), FRESH_FOR, now),
    ]


def is_well(found: Sequence[Check]) -> bool:
    return all(check.is_ok for check in found)


def _at_most(name: Name, value: int, limit: int, unit: Unit) -> Check:
    return Check(name=name, is_ok=value <= limit, value=value, limit=limit, unit=unit)


def _waits(name: Name, since: datetime | None, limit: timedelta, now: datetime) -> Check:
    """Check that nothing waits longer than that; nothing waiting is best."""
    seconds = round((now - since).total_seconds()) if since else None
    is_ok = seconds is None or seconds <= limit.total_seconds()
    return Check(name=name, is_ok=is_ok, value=seconds, limit=round(limit.total_seconds()), unit="s")


def _fresh(name: Name, last_at: datetime | None, limit: timedelta, now: datetime) -> Check:
    """Check that it was not longer ago than that; never is worst."""
    # An export may be dated a little ahead of us: another clock made it.
    seconds = max(0, round((now - last_at).total_seconds())) if last_at else None
    is_ok = seconds is not None and seconds <= limit.total_seconds()
    return Check(name=name, is_ok=is_ok, value=seconds, limit=round(limit.total_seconds()), unit="s")


def _disk() -> Check:
    try:
        usage = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return Check(name="disk", is_ok=False, value=None, limit=LEAST_FREE_PERCENT, unit="percent")
    free = usage.free * 100 // usage.total
    return Check(name="disk", is_ok=free >= LEAST_FREE_PERCENT, value=free, limit=LEAST_FREE_PERCENT, unit="percent")
