"""Actual temperatures; they come from files and services of the network."""

from django.db import models


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
