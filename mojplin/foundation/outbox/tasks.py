"""The task that drains the outbox; the one module that knows which task library runs it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, get_date_max

from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.prepared import insert

DEAD_AFTER = timedelta(minutes=10)
"""A task that has run this long has lost its worker: a drain stops itself after a minute."""
KEEP_FINISHED = timedelta(hours=1)


def wake_worker() -> None:
    """Ask the worker to look into the outbox when the caller's transaction has committed."""
    # As `drain_outbox.enqueue()` writes it, without its examination of the call: every form that is sent comes here.
    insert(
        [
            DBTaskResult(
                args_kwargs={"args": [], "kwargs": {}},
                task_path=drain_outbox.module_path,
                queue_name=drain_outbox.queue_name,
                backend_name=drain_outbox.backend,
                run_after=get_date_max(),
            )
        ]
    )


@task()
def drain_outbox() -> None:
    """Deliver what is due, then stand in the queue again for what must wait."""
    # What asked for a drain before now has its message committed too, so this drain sees it: one is enough for all.
    _queued().delete()
    next_attempt_at = drain()
    if next_attempt_at:
        drain_outbox.using(run_after=max(next_attempt_at, timezone.now())).enqueue()


def tick(now: datetime) -> None:
    """Repair what a crash left: free tasks of dead workers, queue a drain for messages nobody drains, prune."""
    tasks = DBTaskResult.objects.all()
    tasks.running().filter(started_at__lt=now - DEAD_AFTER).delete()
    tasks.finished().filter(finished_at__lt=now - KEEP_FINISHED).delete()
    due = Message.objects.filter(state=Message.State.WAITING, next_attempt_at__lte=now)
    if due.exists() and not _queued().exists():
        wake_worker()


def _queued() -> "QuerySet[DBTaskResult[Any, Any]]":
    return DBTaskResult.objects.filter(status="READY", task_path=drain_outbox.module_path)
