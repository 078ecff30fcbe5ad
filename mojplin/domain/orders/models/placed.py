"""What customers order, and hand-overs to the supplier's web form. Customers write; the supplier's steps move them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class GasOrder(models.Model):
    """A tank refill a customer ordered: `litres` (None: fill up), sent to the ERP through the outbox."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        PLANNED = "planned", _("Planned")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=20, unique=True)
    """What both sides call it: N-2026-000123."""
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="gas_orders")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="gas_orders")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    litres = models.PositiveIntegerField(null=True, blank=True)
    gauge_percent = models.PositiveSmallIntegerField()
    wished_from = models.DateField(null=True, blank=True)
    """Days on which the delivery is welcome; None: as soon as possible."""
    wished_until = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=30)
    note = models.CharField(max_length=500, blank=True)
    shown_eur = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    """What the page said it would cost with VAT; None: no price was known."""
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVED)

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_gauge_is_percent", condition=Q(gauge_percent__lte=100)),
            models.CheckConstraint(name="order_litres_positive", condition=Q(litres=None) | Q(litres__gt=0)),
        ]


class HandOver(models.Model):
    """A customer was sent on to the supplier's web form; the data that went along are in the outbox only."""

    class Form(models.TextChoices):
        CYLINDER = "cylinder", _("Cylinder order")
        GAS_PURCHASE = "gas_purchase", _("Gas purchase")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    form = models.CharField(max_length=12, choices=Form)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()
