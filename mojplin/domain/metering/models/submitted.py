"""What customers send; operations write. Cubic metres."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Meter, Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class SubmittedReadingQuerySet(models.QuerySet["SubmittedReading"]):
    def newest_first(self) -> Self:
        return self.order_by("-month", "-version")

    def that_hold(self) -> Self:
        """Return what goes into billing: one version at most for a payer, meter and month."""
        return self.filter(holds=True)

    def that_are_measured(self) -> Self:
        """Return what may tell the use: all versions noted while readings were closed, too, to be told apart.

        The first reading of a meter that was exchanged is none as long as it stands under the old one.
        """
        return self.filter(Q(holds=True) | Q(is_informative=True), exchange=None)


class SubmittedReading(models.Model):
    """The counter a customer read for a month. A correction in the same month is the next version, a row of its own.

    Taking it back is a version, too: the row says again what was taken back.
    """

    class Way(models.TextChoices):
        PORTAL = "portal", _("in the portal")
        REMINDER = "reminder", _("from the reminder")
        TABLE = "table", _("in the table of all supply points")
        FILE = "file", _("from an Excel file")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="submitted_readings", db_index=False)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="submitted_readings", db_index=False)
    """Who pays there at the time: a later payer does not see it."""
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="submitted_readings")
    month = models.DateField()
    """The first day of the month it is for."""
    version = models.PositiveSmallIntegerField()
    """Counted from 1 for a meter and month."""
    value_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    read_on = models.DateField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    is_odd = models.BooleanField(default=False)
    """The customer confirmed a value the portal had asked about."""
    way = models.CharField(max_length=8, choices=Way, default=Way.PORTAL)
    holds = models.BooleanField(default=True)
    """False: a later version holds, it was taken back, the office refused it, or it is only informative."""
    is_withdrawn = models.BooleanField(default=False)
    """This version takes the reading back."""
    is_informative = models.BooleanField(default=False)
    """Sent while readings were closed: kept and shown, but not billed. `month` is the next to be read."""
    handed_over_at = models.DateTimeField(null=True, blank=True)
    """When the ERP got it."""

    objects = SubmittedReadingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="submitted_received", fields=["month", "submitted_at"], condition=Q(holds=True)),
            models.Index(name="submitted_marked", fields=["submitted_at"], condition=Q(is_odd=True, holds=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="submitted_version_once", fields=["supply_point", "meter", "month", "version"]
            ),
            models.UniqueConstraint(
                name="submitted_holds_once",
                fields=["supply_point", "payer", "meter", "month"],
                condition=Q(holds=True),
            ),
            models.CheckConstraint(
                name="submitted_holds_to_be_billed",
                condition=Q(holds=False) | Q(is_withdrawn=False, is_informative=False),
            ),
            models.CheckConstraint(name="submitted_not_negative", condition=Q(value_m3__gte=0)),
            models.CheckConstraint(name="submitted_version_from_one", condition=Q(version__gte=1)),
        ]


class ReportedExchange(models.Model):
    """A meter was exchanged, as the customer says, together with the first reading of the new one.

    The reading stands under the old meter until the ERP knows the new one.
    """

    reading = models.OneToOneField(SubmittedReading, models.PROTECT, related_name="exchange")
    old_final_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    new_number = models.CharField(max_length=30)
    new_initial_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    exchanged_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exchange_not_negative", condition=Q(old_final_m3__gte=0, new_initial_m3__gte=0)
            ),
        ]


class ReadingJudgement(models.Model):
    """What the office says of a reading that was marked; `reason` is for the customer to read, of a refusal."""

    reading = models.OneToOneField(SubmittedReading, models.PROTECT, related_name="judgement")
    is_accepted = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="judgement_refused_with_reason", condition=Q(is_accepted=True, reason="") | ~Q(reason="")
            )
        ]
