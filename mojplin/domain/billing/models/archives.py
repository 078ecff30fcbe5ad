"""Several documents in one file, made for a person who asked for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mojplin.foundation.public_ids import new_public_id


class DocumentArchive(models.Model):
    """A ZIP of documents: asked for, made by the worker, deleted when its time is over."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        EXPIRED = "expired"
        FAILED = "failed"
        """Given up after many tries."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="document_archives")
    language = models.CharField(max_length=2)
    document_ids = models.JSONField()
    """Keys of the documents, newest first."""
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    documents_done = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_archive_at_a_time", fields=["asked_by"], condition=Q(state="waiting"))
        ]
