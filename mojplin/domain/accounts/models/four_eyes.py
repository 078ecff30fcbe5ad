"""What one member of staff proposes and another one decides."""

from abc import abstractmethod

from django.db import models
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models.people import User
from mojplin.foundation.public_ids import new_public_id


class Proposal(models.Model):
    """An act of the office with a reason, waiting for a second person; `four_eyes.decide` settles it.

    A kind of proposal adds what it is about, and the constraint that two different people stand behind it.
    """

    class Decision(models.TextChoices):
        MADE = "made", _("Made")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Lapsed")
        """Nobody decided while it held."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    """The customer it is about."""
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=7, choices=Decision, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    @abstractmethod
    def concerns(self) -> str:
        """What it is about, in words the customer knows: for the access log."""
