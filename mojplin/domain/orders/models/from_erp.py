"""What the supplier sells besides gas by contract, and how far it is with orders. The feed writes."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleQuerySet(models.QuerySet["Article"]):
    def priced_on(self, day: date) -> Self:
        """Return the lines of the price list that hold on that day, one of each article, by name."""
        newer = Article.objects.filter(
            number=models.OuterRef("number"), valid_from__lte=day, valid_from__gt=models.OuterRef("valid_from")
        )
        return self.filter(~models.Exists(newer), valid_from__lte=day).order_by("name", "number")


class Article(models.Model):
    """A dated line of the price list of cylinders and services; the price is euros with VAT."""

    class Kind(models.TextChoices):
        CYLINDER = "cylinder", _("Cylinder")
        SMALL_ORDER = "small_order", _("Surcharge for a small order")

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=11, choices=Kind)
    name = models.CharField(max_length=100)
    valid_from = models.DateField()
    price_eur = models.DecimalField(max_digits=8, decimal_places=2)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    below_l = models.PositiveIntegerField(null=True, blank=True)
    """Of the surcharge: it is charged for fewer litres than this."""

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="article_once", fields=["number", "valid_from"])]


class OrderStep(models.Model):
    """How far the supplier is with an order; `reason` is for the customer to read.

    Where the ERP does not answer, the office writes it; what the ERP says later takes its place.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    order_number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=9, choices=State)
    planned_from = models.DateField(null=True, blank=True)
    planned_until = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    litres = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    gauge_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    """Who of the office; None: the ERP."""
