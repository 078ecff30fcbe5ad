"""What customers do about an offer: they renew the contract, and may withdraw from that. Customers write."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.contracts.models.from_erp import Contract, PriceBasis
from mojplin.foundation.public_ids import new_public_id


class RenewalQuerySet(models.QuerySet["Renewal"]):
    def holding(self) -> "RenewalQuerySet":
        """Return those that hold or may come to hold: sent or accepted."""
        return self.filter(state__in=(Renewal.State.SENT, Renewal.State.ACCEPTED))


class Renewal(models.Model):
    """A renewal as it was agreed: the terms are copied here, whatever becomes of the offer afterwards.

    `shown` is the evidence: what stood on the page of agreement, word for word, in the language it was read in.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Sent to the supplier")
        ACCEPTED = "accepted", _("Accepted by the supplier")
        REFUSED = "refused", _("Refused by the supplier")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=22, unique=True)
    """What both sides call it: PO-2026-000012."""
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="renewals")
    offer_number = models.CharField(max_length=30)
    months = models.PositiveSmallIntegerField()
    price_eur = models.DecimalField(max_digits=10, decimal_places=4)
    price_basis = models.CharField(max_length=10, choices=PriceBasis)
    starts_on = models.DateField()
    ends_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    shown = models.JSONField()
    shown_sha256 = models.CharField(max_length=64)
    annex_path = models.CharField(max_length=100)
    annex_sha256 = models.CharField(max_length=64)
    withdraw_until = models.DateField()
    """The last day on which one may withdraw without a reason."""
    state = models.CharField(max_length=9, choices=State, default=State.SENT)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    """When the supplier's answer came with the feed."""

    objects = RenewalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="renewal_waiting", fields=["agreed_at"], condition=Q(state="sent"))]
        constraints = [
            models.UniqueConstraint(
                name="one_renewal_holds", fields=["contract"], condition=Q(state__in=("sent", "accepted"))
            ),
            models.CheckConstraint(name="renewal_in_order", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="renewal_withdrawn_when", condition=Q(state="withdrawn") ^ Q(withdrawn_at__isnull=True)
            ),
        ]

    @property
    def holds(self) -> bool:
        """Whether it holds, or may come to hold."""
        return self.state in (self.State.SENT, self.State.ACCEPTED)

    @property
    def annex_name(self) -> str:
        """What its annex is called as a file."""
        return f"{self.contract.number.replace('/', '-')}-{self.number}.pdf"

    @property
    def unit(self) -> str:
        return self.contract.unit
