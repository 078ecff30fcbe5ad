"""Readings: those the ERP billed (the feed writes) and those customers send (operations write). Cubic metres."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Meter, Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class BilledReading(models.Model):
    """One billed period of one meter; `period_to` is the last day of it, values are the counter itself."""

    class Basis(models.TextChoices):
        CUSTOMER_REPORTED = "customer_reported", _("Customer reading")
        TECHNICIAN = "technician", _("Technician reading")
        REMOTE = "remote", _("Remote reading")
        FLAT_RATE = "flat_rate", _("Estimated (flat-rate) billing")
        SETTLEMENT = "settlement", _("Settlement")
        EXCHANGE = "exchange", _("Meter exchange")

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


class SubmittedReadingQuerySet(models.QuerySet["SubmittedReading"]):
    def newest_first(self) -> Self:
        return self.order_by("-month", "-version")


class SubmittedReading(models.Model):
    """The counter a customer read for a month. A correction in the same month is the next version, a row of its own."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="submitted_readings", db_index=False)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="submitted_readings", db_index=False)
    """Who pays there at the time: a later payer does not see it."""
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="submitted_readings")
    month = models.DateField()
    """The first day of the month it is for."""
    version = models.PositiveSmallIntegerField()
    """Counted from 1; the highest holds."""
    value_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    read_on = models.DateField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    is_odd = models.BooleanField(default=False)
    """The customer confirmed a value the portal had asked about."""

    objects = SubmittedReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="submitted_version_once", fields=["supply_point", "meter", "month", "version"]
            ),
            models.CheckConstraint(name="submitted_not_negative", condition=Q(value_m3__gte=0)),
            models.CheckConstraint(name="submitted_version_from_one", condition=Q(version__gte=1)),
        ]


class DayTemperature(models.Model):
    """The actual mean temperature of a day in a town of `climate_normals`, in degrees Celsius."""

    town = models.CharField(max_length=40)
    on = models.DateField()
    mean_c = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta:
        constraints = [models.UniqueConstraint(name="day_temperature_once", fields=["town", "on"])]


class TownWeather(models.Model):
    """What is known of a town's temperatures as a whole."""

    town = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField(default=0)
    """Grows with every change of a day; 0 before the first."""
    asked_at = models.DateTimeField(null=True, blank=True)
    """When the source was last asked for newer days."""
