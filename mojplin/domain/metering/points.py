"""A place at which a reading is sent, as this room needs to know it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mojplin.domain.metering.window import WindowDays

EnergyOn = Callable[[Any, Any], "QuerySet[Any, Any]"]
"""Asks for the kWh of one m3 of a product on a day, to be part of another statement."""


@dataclass(frozen=True, slots=True)
class PointToRead:
    """A supply point and whose readings they are; `Place.to_read` makes it."""

    supply_point_id: int
    number: str
    payer_id: int
    name: str
    """What its user calls it."""
    window_days: WindowDays
    weather_town: str
    """One of `climate_normals.TOWNS`."""
    product: str
    energy_on: EnergyOn
    """The price list's, which is another room's."""
