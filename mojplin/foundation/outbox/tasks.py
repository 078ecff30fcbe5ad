"""The task that drains the outbox; the one module that knows which task library runs it."""

from django_tasks import task


def wake_worker() -> None:
    """Ask the worker to look into the outbox when the caller's transaction has committed."""
    drain_outbox.enqueue()


@task()
def drain_outbox() -> None:
    """Deliver what is due."""
