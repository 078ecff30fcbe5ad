"""What homes like one another use; counted by the portal itself from what was billed."""

from django.db import models
from django.db.models import F, Q


class HomesAlike(models.Model):
    """A year of the homes that have the same gas and the same weather: quartiles of what each was billed, in m3."""

    town = models.CharField(max_length=40)
    """One of `climate_normals`."""
    product = models.CharField(max_length=7)
    year_from = models.DateField()
    year_to = models.DateField()
    homes = models.PositiveIntegerField()
    lower_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    middle_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    upper_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="homes_alike_once", fields=["town", "product"]),
            models.CheckConstraint(
                name="homes_alike_in_order", condition=Q(lower_m3__lte=F("middle_m3"), middle_m3__lte=F("upper_m3"))
            ),
        ]
