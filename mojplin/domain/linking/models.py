"""Links of users to supply points. A link is (user, payer, supply point): it shows that payer's own things there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mojplin.domain.supply.models import Payer, SupplyPoint


class Link(models.Model):
    """A user may see what `payer` has at `supply_point`, until `ended_at`; `name` is the user's own (Dom, Babica)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="links")
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="links")
    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    probation_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="link_of_user", fields=["user", "position", "id"], condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                name="link_once", fields=["user", "payer", "supply_point"], condition=Q(ended_at=None)
            )
        ]


class LinkAttempt(models.Model):
    """One try to link; what was typed is kept as keyed hashes only."""

    class Outcome(models.TextChoices):
        LINKED = "linked"
        REFUSED = "refused"
        NEAR_MISS = "near_miss"
        PAUSED = "paused"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(db_index=True)
    ip = models.GenericIPAddressField(null=True)
    tax_number_hash = models.CharField(max_length=64)
    payer_number_hash = models.CharField(max_length=64)
    document_number_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=9, choices=Outcome)
