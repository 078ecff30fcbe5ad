"""Contracts, offers to renew them, and the standard price list. Prices are euros with VAT for one unit."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class PriceBasis(models.TextChoices):
    """What the price of the gas follows; empty where only a tank is rented."""

    FIXED = "fixed", _("Fixed to the last day")
    PRICE_LIST = "price_list", _("By the standard price list")


class Contract(models.Model):
    """A supply contract; `ends_on` is its last day (None: no end)."""

    number = models.CharField(max_length=30, unique=True)
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="contracts")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    price_eur = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=2, blank=True)
    price_basis = models.CharField(max_length=10, choices=PriceBasis, blank=True)
    rental_eur_month = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="contract_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")))
        ]

    def days_left(self, today: date) -> int | None:
        """Return the days from `today` to the last day, or None for a contract without end."""
        return None if self.ends_on is None else (self.ends_on - today).days


class ContractFile(models.Model):
    """A document of a contract; `path` in the document storage is empty until its PDF has come."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract")
        ANNEX = "annex", _("Annex")
        CONDITIONS = "conditions", _("Conditions")
        OTHER = "other", _("Document")

    file_name = models.CharField(max_length=100, unique=True)
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    dated_on = models.DateField()
    path = models.CharField(max_length=100, blank=True)


class OfferQuerySet(models.QuerySet["Offer"]):
    def good_on(self, day: date) -> Self:
        """Return the offers that can be taken on that day."""
        return self.filter(valid_from__lte=day, valid_until__gte=day, withdrawn_on=None)


class Offer(models.Model):
    """An offer to renew a contract for `months` at a price, good from `valid_from` to `valid_until` (last day)."""

    number = models.CharField(max_length=30, unique=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="offers")
    months = models.PositiveSmallIntegerField()
    price_eur = models.DecimalField(max_digits=10, decimal_places=4)
    price_basis = models.CharField(max_length=10, choices=PriceBasis, default=PriceBasis.FIXED)
    valid_from = models.DateField()
    valid_until = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    """Set when a later export no longer holds the offer."""

    objects = OfferQuerySet.as_manager()


class RenewalAnswer(models.Model):
    """What the supplier answered to a renewal, the ERP or the office; `reason` is for the customer to read."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted by the supplier")
        REFUSED = "refused", _("Refused by the supplier")

    renewal_number = models.CharField(max_length=22, unique=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    answered_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    """Who of the office; None: the ERP."""


class Price(models.Model):
    """A line of the standard price list with the energy of one unit (lower heat value)."""

    product = models.CharField(max_length=7, choices=SupplyPoint.Product)
    unit = models.CharField(max_length=2)
    valid_from = models.DateField()
    price_eur = models.DecimalField(max_digits=10, decimal_places=4)
    levies_eur = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    """The levies in it, without VAT."""
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2, default=22)
    kwh_per_unit = models.DecimalField(max_digits=10, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(name="price_once", fields=["product", "unit", "valid_from"])]
