"""What customers read from the gauges of their tanks."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class GaugeReadingQuerySet(models.QuerySet["GaugeReading"]):
    def newest_first(self) -> Self:
        return self.order_by("-read_on", "-version")


class GaugeReading(models.Model):
    """How full a tank was on a day, in percent. A correction on the same day is the next version, a row of its own."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="gauge_readings", db_index=False)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="gauge_readings", db_index=False)
    """Who pays there at the time: a later payer does not see it."""
    read_on = models.DateField()
    version = models.PositiveSmallIntegerField()
    """Counted from 1 for each day; the highest holds."""
    percent = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    is_odd = models.BooleanField(default=False)
    """The customer confirmed a value the portal had asked about."""

    objects = GaugeReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="gauge_version_once", fields=["supply_point", "read_on", "version"]),
            models.CheckConstraint(name="gauge_is_percent", condition=Q(percent__lte=100)),
            models.CheckConstraint(name="gauge_version_from_one", condition=Q(version__gte=1)),
        ]
