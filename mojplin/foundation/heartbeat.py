"""The worker's sign of life: every ten seconds, in the database, so that every host sees it."""

from datetime import datetime

from django.db import models

from mojplin.foundation.housekeeping import watch

WORKER = "worker"


class Heartbeat(models.Model):
    """When somebody who works by the clock last did; one row for all workers together."""

    name = models.CharField(max_length=20, unique=True)
    beat_at = models.DateTimeField()

    class Meta:
        app_label = "foundation"


@watch
def beat(now: datetime) -> None:
    if not Heartbeat.objects.filter(name=WORKER).update(beat_at=now):
        Heartbeat.objects.bulk_create([Heartbeat(name=WORKER, beat_at=now)], ignore_conflicts=True)


def last_beat() -> datetime | None:
    """Return when a worker was last alive; None: never."""
    return Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()
