"""Payments as the ERP has them. The feed writes."""

from django.db import models
from django.db.models import Q

from mojplin.domain.supply.models import Payer


class UnallocatedPayment(models.Model):
    """A payment the ERP has not yet set against a document: open in the payer's favour, in euros."""

    number = models.CharField(max_length=30, unique=True)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="unallocated_payments")
    open_eur = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.CheckConstraint(name="unallocated_not_negative", condition=Q(open_eur__gte=0))]
