"""Pictures of meters, each beside the version of a reading it shows."""

from django.conf import settings
from django.db import models

from mojplin.domain.metering.models.submitted import SubmittedReading


class ReadingPhoto(models.Model):
    """The picture of the meter beside a version of a reading: a JPEG as `foundation/uploads.py` drew it anew."""

    reading = models.OneToOneField(SubmittedReading, models.CASCADE, related_name="photo")
    path = models.CharField(max_length=120, unique=True)
    """In the document storage, outside the web root."""
    size_bytes = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
