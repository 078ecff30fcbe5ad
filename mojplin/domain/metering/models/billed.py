"""What the ERP billed, period by period; the feed writes. Cubic metres."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Meter, Payer, SupplyPoint


class BilledReading(models.Model):
    """One billed period of one meter; `period_to` is the last day of it, values are the counter itself."""

    class Basis(models.TextChoices):
        CUSTOMER_REPORTED = "customer_reported", _("Customer reading")
        TECHNICIAN = "technician", _("Technician reading")
        REMOTE = "remote", _("Remote reading")
        FLAT_RATE = "flat_rate", _("Estimated (flat-rate) billing")
        SETTLEMENT = "settlement", _("Settlement")
        EXCHANGE = "exchange", _("Meter exchange")

    class NotUsed(models.TextChoices):
        """Why a reading that a customer had sent was not billed."""

        LATE = "late", _("it came too late for this bill")
        IMPLAUSIBLE = "implausible", _("it did not fit the readings before and after it")
        METER_EXCHANGED = "meter_exchanged", _("the meter was replaced in this period")
        READ_BY_SUPPLIER = "read_by_supplier", _("the meter was read by us")
        OTHER = "other", _("the office checked it and decided so")

    number = models.CharField(max_length=30, unique=True)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="billed_readings", db_index=False)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="billed_readings")
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="billed_readings")
    document_number = models.CharField(max_length=35, blank=True)
    period_from = models.DateField()
    period_to = models.DateField()
    value_from_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    value_to_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    consumption_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    basis = models.CharField(max_length=17, choices=Basis)
    customer_reading = models.CharField(max_length=22, blank=True)
    """Public id of the submitted reading this row answers; empty: none was sent, or the ERP does not say."""
    not_used_because = models.CharField(max_length=16, choices=NotUsed, blank=True)

    class Meta:
        indexes = [
            models.Index(name="billed_reading_of_point", fields=["supply_point", "payer", "-period_to"]),
            models.Index(name="billed_reading_of_document", fields=["document_number"]),
        ]
        constraints = [
            models.CheckConstraint(name="billed_period_in_order", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(
                name="billed_consumption_not_negative", condition=Q(consumption_m3__gte=0) | Q(basis="settlement")
            ),
        ]
