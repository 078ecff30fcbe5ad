"""Enquiries of customers to the supplier's office."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class Enquiry(models.Model):
    """What a customer wrote; `number` is what both sides call it."""

    class Topic(models.TextChoices):
        BILLING = "billing", _("Invoice or payment")
        READING = "reading", _("Meter reading or estimated billing")
        CONTRACT = "contract", _("Contract")
        ORDER = "order", _("Gas or cylinder order")
        FAULT = "fault", _("Fault or service")
        PORTAL = "portal", _("Using the portal")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        SENT = "sent", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=20, unique=True)
    topic = models.CharField(max_length=8, choices=Topic)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="enquiries", null=True, blank=True)
    message = models.TextField(max_length=5000)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
