"""The record of each run, one run at a time, and the limits beyond which an export waits for a person."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.interfaces.erp.contract import FILES
from mojplin.interfaces.erp.feed.findings import FeedRefused, Findings
from mojplin.interfaces.erp.feed.staging import is_postgresql

ADVISORY_LOCK = 7_264_193
ABORTED = _("The run was cut off before its end; nothing was changed.")


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
    FeedRun.objects.filter(state=FeedRun.State.RUNNING).update(
        state=FeedRun.State.REFUSED, reason=ABORTED, finished_at=now
    )
    return FeedRun.objects.create(folder=str(folder)[-255:], started_at=now, state=FeedRun.State.RUNNING)


def finish(run: FeedRun, state: FeedRun.State, findings: Findings, *, now: datetime, reason: str = "") -> None:
    """Close the record with everything found."""
    run.state, run.reason, run.finished_at = state, reason, now
    run.save()
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
    return FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN).order_by("-started_at", "-pk").first()


def check_sequence(sequence: int) -> None:
    """:raises FeedRefused: a later export has been taken in."""
    last = last_taken_in()
    if last and last.sequence is not None and sequence < last.sequence:
        raise FeedRefused(f"Export {sequence} is older than {last.sequence}, which has been taken in.")


def reasons_to_hold(rows: dict[str, int], today: date) -> list[str]:
    """Return why a person should look before this export is taken in: rows gone, payers ended. Call when staged."""
    reasons = []
    last = last_taken_in()
    for file in FILES:
        before = int(last.counts.get(file.name, {}).get("rows", 0)) if last else 0
        limit = file.may_shrink_percent
        limit = settings.FEED_MAX_SHRINK_PERCENT if limit is None else limit
        if rows[file.name] < before and (before - rows[file.name]) * 100 > limit * before:
            reasons.append(f"{file.name} has {rows[file.name]} rows, last time it had {before}.")
    current, ended = _ended_payers(today)
    if ended * 100 > settings.FEED_MAX_ENDED_PAYERS_PERCENT * current:
        reasons.append(f"{ended} of {current} payers would end.")
    return reasons


def _ended_payers(today: date) -> tuple[int, int]:
    """Return how many payers pay for a supply point now, and how many of them no longer would."""
    still = "(ends_on IS NULL OR ends_on > %s)"
    paying = (
        "SELECT DISTINCT p.number FROM supply_payerperiod x JOIN supply_payer p ON p.id = x.payer_id"
        f" WHERE {still.replace('ends_on', 'x.ends_on')}"
    )
    named = f"SELECT payer_number FROM feed_payer_periods WHERE {still}"
    all_named = "SELECT payer_number FROM feed_payer_periods"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({paying}) a", [today])
        current = cursor.fetchone()[0]
        query = f"SELECT COUNT(*) FROM ({paying}) a WHERE number NOT IN ({named}) AND number IN ({all_named})"
        cursor.execute(query, [today, today])
        return current, cursor.fetchone()[0]
