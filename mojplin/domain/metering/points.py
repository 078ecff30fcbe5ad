"""A place at which a reading is sent, as this room needs to know it."""

from dataclasses import dataclass

from mojplin.domain.metering.window import WindowDays


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
