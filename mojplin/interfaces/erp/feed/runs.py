"""The record of each run, and one run at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.interfaces.erp.feed.findings import FeedRefused, Findings
from mojplin.interfaces.erp.feed.staging import is_postgresql

ADVISORY_LOCK = 7_264_193
ABORTED = _("The run was cut off before its end; nothing was changed.")
ABORTED_TOO_OFTEN = _("Taking it in was cut off three times; nothing was changed.")
MOST_ATTEMPTS = 3
State = FeedRun.State


@contextmanager
def alone() -> Iterator[None]:
    """Let one run work at a time; the lock goes with the process, however that ends.

    :raises FeedRefused: another run is at work.
    """
    busy = FeedRefused(_("Another run is at work; nothing was changed."))
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            if not cursor.fetchone()[0]:
                raise busy
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        return
    with Path(f"{connection.settings_dict['NAME']}.take_in.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise busy from None
        yield


def begin(folder: Path, now: datetime) -> FeedRun:
    """Start the record of a run; one that a crash left running is closed. Call with the lock held."""
    close_what_was_cut_off(now)
    return FeedRun.objects.create(folder=str(folder)[-255:], started_at=now, state=State.RUNNING)


def begin_accepted(now: datetime) -> FeedRun | None:
    """Start anew the record of the oldest export that a person accepted, if there is one. Call with the lock held."""
    close_what_was_cut_off(now)
    run = FeedRun.objects.filter(state=State.ACCEPTED).order_by("started_at", "pk").first()
    if run is None:
        return None
    run.state, run.started_at, run.finished_at, run.reason = State.RUNNING, now, None, ""
    run.attempts += 1
    run.save()
    return run


def close_what_was_cut_off(now: datetime) -> None:
    """Close the records that a crash left running; what a person accepted is to be begun again, but not for ever."""
    left = FeedRun.objects.filter(state=State.RUNNING)
    left.filter(decided_at=None).update(state=State.REFUSED, reason=ABORTED, finished_at=now)
    left.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.REFUSED, reason=ABORTED_TOO_OFTEN, finished_at=now)
    left.update(state=State.ACCEPTED)


def finish(run: FeedRun, state: FeedRun.State, findings: Findings, *, now: datetime, reason: str = "") -> None:
    """Close the record with everything found."""
    run.state, run.reason, run.finished_at = state, reason, now
    run.save()
    if run.attempts:  # what was found when it was held is found again
        SetAsideRow.objects.filter(run=run).delete()
    SetAsideRow.objects.bulk_create(
        [
            SetAsideRow(
                run=run,
                file=each.file[:120],
                line=each.line,
                column=each.column[:60],
                value=each.value,
                reason=each.reason[:300],
                is_warning=each.is_warning,
            )
            for each in findings.kept
        ],
        batch_size=500,
    )


def last_taken_in() -> FeedRun | None:
    return FeedRun.objects.filter(state=State.TAKEN_IN).order_by("-started_at", "-pk").first()


def check_sequence(sequence: int) -> None:
    """:raises FeedRefused: a later export has been taken in."""
    last = last_taken_in()
    if last and last.sequence is not None and sequence < last.sequence:
        raise FeedRefused(f"Export {sequence} is older than {last.sequence}, which has been taken in.")
