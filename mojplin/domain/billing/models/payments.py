"""Payments as the ERP has them, and what they closed. The feed writes."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from mojplin.domain.billing.models.documents import Document
from mojplin.domain.supply.models import Payer


class Payment(models.Model):
    """A payment that was received, in euros."""

    number = models.CharField(max_length=30, unique=True)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="payments", db_index=False)
    received_on = models.DateField()
    amount_eur = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        indexes = [models.Index(name="payment_newest_of_payer", fields=["payer", "-received_on", "-id"])]
        constraints = [models.CheckConstraint(name="payment_not_negative", condition=Q(amount_eur__gte=0))]


class Settlement(models.Model):
    """What of a document a payment closed, in euros; 0 when the ERP has taken it back."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="settlements", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="settlements")
    amount_eur = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="settlement_once", fields=["payment", "document"]),
            models.CheckConstraint(name="settlement_not_negative", condition=Q(amount_eur__gte=0)),
        ]


def last_payment_on() -> Subquery:
    """Return the day on which the last payment for a document came: `Document.paid_on`."""
    closing = Settlement.objects.filter(document=OuterRef("pk"), amount_eur__gt=0)
    return Subquery(closing.order_by("-payment__received_on").values("payment__received_on")[:1])


class UnallocatedPayment(models.Model):
    """A payment the ERP has not yet set against a document: open in the payer's favour, in euros."""

    number = models.CharField(max_length=30, unique=True)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="unallocated_payments")
    open_eur = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.CheckConstraint(name="unallocated_not_negative", condition=Q(open_eur__gte=0))]
