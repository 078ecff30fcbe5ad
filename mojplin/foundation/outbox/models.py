"""The outbox: one row for each mail or message to the ERP, written in the transaction of what caused it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from mojplin.foundation.prepared import insert
from mojplin.foundation.public_ids import new_public_id


class Message(models.Model):
    """Something to deliver: `topic` names the deliverer ("mail", or an ERP topic such as "reading.submitted")."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"
        """Given up: refused for good, or too old to be of use. Kept for a person to see."""
        DROPPED = "dropped"
        """Given up, and a person said that it need not be delivered any more."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    """The id by which a receiver drops doubles."""
    topic = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    """After this it is dropped undelivered (a sign-in mail must never come late)."""
    attempts = models.PositiveIntegerField(default=0)
    retried_at = models.DateTimeField(null=True)
    """When a person last had it sent again after it was given up; its three days begin anew then."""
    claimed_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "foundation"
        indexes = [
            models.Index(name="message_due", fields=["next_attempt_at"], condition=Q(state="waiting")),
            models.Index(name="message_newest", fields=["-created_at"]),
            models.Index(
                name="message_undelivered", fields=["topic", "state", "created_at"], condition=Q(delivered_at=None)
            ),
            models.Index(KeyTransform("to", "payload"), name="mail_to", condition=Q(topic="mail")),
        ]

    @classmethod
    def post(
        cls, topic: str, *, expires_at: datetime | None = None, wakes_worker: bool = True, **payload: Any
    ) -> "Message":
        """Write a message into the caller's transaction and wake the worker when it commits.

        :param wakes_worker: False when another message of the same transaction follows and wakes it.
        :param payload: JSON values only; numbers that must stay exact as text.
        """
        now = timezone.now()
        message = cls(topic=topic, payload=payload, created_at=now, next_attempt_at=now, expires_at=expires_at)
        insert([message])
        if wakes_worker:
            cls._wake_worker()
        return message

    @classmethod
    def post_all(cls, topic: str, payloads: Sequence[dict[str, Any]]) -> None:
        """Write a message for each payload, as `post` does, in two statements for a thousand of them."""
        now = timezone.now()
        messages = [Message(topic=topic, payload=each, created_at=now, next_attempt_at=now) for each in payloads]
        Message.objects.bulk_create(messages)
        if payloads:
            cls._wake_worker()

    @staticmethod
    def _wake_worker() -> None:
        from mojplin.foundation.outbox.tasks import wake_worker

        wake_worker()
