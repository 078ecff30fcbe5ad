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
    stepped_at = models.DateTimeField(null=True, blank=True)
    """When a step of the supplier last moved it; None: none has, a cancelled one was cancelled by whoever ordered."""

    class Meta:
        indexes = [models.Index(name="order_waiting", fields=["ordered_at"], condition=Q(state="received"))]
        constraints = [
            models.CheckConstraint(name="order_gauge_is_percent", condition=Q(gauge_percent__lte=100)),
            models.CheckConstraint(name="order_litres_positive", condition=Q(litres=None) | Q(litres__gt=0)),
        ]


class CylinderOrder(models.Model):
    """Cylinders somebody ordered to an address; whoever has an account may, with or without a supply point."""

    class Part(models.TextChoices):
        ANY = "any", _("Any time of the day")
        MORNING = "morning", _("In the morning")
        AFTERNOON = "afternoon", _("In the afternoon")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=20, unique=True)
    """What both sides call it: J-2026-000123."""
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    name = models.CharField(max_length=140)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=30)
    note = models.CharField(max_length=500, blank=True)
    wished_from = models.DateField(null=True, blank=True)
    wished_until = models.DateField(null=True, blank=True)
    part_of_day = models.CharField(max_length=9, choices=Part, default=Part.ANY)
    total_eur = models.DecimalField(max_digits=10, decimal_places=2)
    """With VAT, as it was shown."""
    state = models.CharField(max_length=9, choices=GasOrder.State, default=GasOrder.State.RECEIVED)
    stepped_at = models.DateTimeField(null=True, blank=True)
    """As of `GasOrder`."""

    class Meta:
        indexes = [models.Index(name="cylinders_waiting", fields=["ordered_at"], condition=Q(state="received"))]


class CylinderLine(models.Model):
    """So many cylinders of one kind, at the price with VAT of one that was shown."""

    order = models.ForeignKey(CylinderOrder, models.CASCADE, related_name="lines")
    article_number = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    quantity = models.PositiveSmallIntegerField()
    price_eur = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = [models.CheckConstraint(name="cylinders_some", condition=Q(quantity__gt=0))]


class HandOver(models.Model):
    """A customer was sent on to a web form of the supplier.

    With a one-time token the data wait here, encrypted, until the form fetches them or the time is over.
    """

    class Form(models.TextChoices):
        CYLINDER = "cylinder", _("Cylinder order")
        GAS_PURCHASE = "gas_purchase", _("Gas purchase")

    class Way(models.TextChoices):
        POST = "post", _("with the form")
        TOKEN = "token", _("with a one-time token")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    form = models.CharField(max_length=12, choices=Form)
    way = models.CharField(max_length=5, choices=Way, default=Way.POST)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()
    data_encrypted = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
