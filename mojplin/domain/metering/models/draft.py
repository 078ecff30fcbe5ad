"""What is typed into the table of all supply points and not sent yet."""

from django.conf import settings
from django.db import models

from mojplin.domain.metering.models.submitted import SubmittedReading
from mojplin.domain.supply.models import Payer, SupplyPoint

LONGEST_TYPED = 64


class ReadingDraft(models.Model):
    """A counter as it was typed, each user's own; it goes when it is sent, emptied, or its month is long over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    supply_point = models.ForeignKey(SupplyPoint, models.CASCADE, related_name="+", db_index=False)
    payer = models.ForeignKey(Payer, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    """The first day of the month it is for."""
    typed = models.CharField(max_length=LONGEST_TYPED)
    is_confirmed = models.BooleanField(default=False)
    """The user says that an odd counter is right."""
    is_good = models.BooleanField()
    """Nothing had to be looked at again when it was kept."""
    way = models.CharField(max_length=8, choices=SubmittedReading.Way)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once", fields=["user", "month", "supply_point", "payer"]),
            models.CheckConstraint(name="draft_is_typed", condition=~models.Q(typed="")),
        ]
