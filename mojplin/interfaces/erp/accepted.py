"""Exports that were held and that a person accepted: the worker has them taken in, by a process of its own.

A run may take longer than a message of the outbox may, and sign-in mails must not wait for it.
"""

import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from mojplin.domain.supply.models import FeedRun
from mojplin.foundation.housekeeping import watch
from mojplin.foundation.limits import hit

COMMAND = [sys.executable, "-m", "django", "take_in_accepted"]
AGAIN_AFTER = timedelta(minutes=1)
_at_work: list[subprocess.Popen[bytes]] = []
"""The process this worker started, if it has not ended."""


@watch
def take_in_what_was_accepted(now: datetime) -> None:
    """Start taking in what waits for it, also what a crash cut off; of several workers one does."""
    _at_work[:] = [each for each in _at_work if each.poll() is None]
    if _at_work:
        return
    cut_off = Q(state=FeedRun.State.RUNNING, decided_at__isnull=False)
    run = FeedRun.objects.filter(Q(state=FeedRun.State.ACCEPTED) | cut_off).order_by("started_at", "pk").first()
    if run and hit(f"take in:{run.pk}:{run.attempts}", window=AGAIN_AFTER, now=now) == 1:
        _at_work.append(subprocess.Popen(COMMAND, cwd=settings.PACKAGE.parent))  # noqa: S603  # our own command
