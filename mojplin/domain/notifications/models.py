"""What was sent to whom. Only this room writes it."""

from django.conf import settings
from django.db import models

from mojplin.domain.billing.models import Document
from mojplin.domain.linking.models import Link


class SentNotice(models.Model):
    """That a user was told of a document: written in the transaction that posts the mail, so there is one mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="told_once", fields=["user", "document", "topic"])]


class SentReminder(models.Model):
    """That a user was reminded of a place's reading of a month: at its beginning, or `is_last`, before its end."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    is_last = models.BooleanField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="reminded_once", fields=["link", "month", "is_last"])]
