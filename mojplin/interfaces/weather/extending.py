"""The chore that asks the source for the days since the last known one."""

from datetime import date, datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from mojplin.domain.metering.climate_normals import TOWNS
from mojplin.domain.metering.models import DayTemperature, TownWeather
from mojplin.domain.metering.temperatures import take_in_temperatures
from mojplin.foundation.housekeeping import hourly
from mojplin.interfaces.weather.sources import Arso, OpenMeteo, Source, SourceFailed

ASK_AGAIN_AFTER = timedelta(hours=6)
LOOK_BACK_DAYS = 10
"""Sources correct their newest days, so these are asked for once more."""
FIRST_DAYS_BACK = 3 * 366
"""How far back a source is asked at first; older days come by a file."""

log = structlog.get_logger(__name__)


@hourly
def extend_temperatures(now: datetime) -> None:
    """Ask for the days until yesterday of each town that is not known until then."""
    source = chosen_source()
    if source is None:
        return
    yesterday = timezone.localdate(now) - timedelta(days=1)
    known = dict(DayTemperature.objects.values_list("town").annotate(last=Max("on")).order_by())
    for town in TOWNS:
        last = known.get(town) or yesterday - timedelta(days=FIRST_DAYS_BACK)
        if last < yesterday and _claim(town, now):
            _extend(source, town, last - timedelta(days=LOOK_BACK_DAYS), yesterday)


def chosen_source() -> Source | None:
    """Return the source that the settings name; None: none."""
    match settings.WEATHER_SOURCE:
        case "open_meteo":
            return OpenMeteo(settings.WEATHER_URL, settings.WEATHER_API_KEY)
        case "arso":
            return Arso(settings.WEATHER_URL, settings.WEATHER_STATIONS)
    return None


def _claim(town: str, now: datetime) -> bool:
    """Tell whether this worker may ask now: nobody has asked in the last hours."""
    TownWeather.objects.get_or_create(town=town)
    not_lately = Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN_AFTER)
    return TownWeather.objects.filter(not_lately, town=town).update(asked_at=now) == 1


def _extend(source: Source, town: str, first: date, last: date) -> None:
    try:
        days = source.days(town, first, last)
    except SourceFailed as failure:
        log.warning("temperatures_not_fetched", town=town, reason=str(failure))
        return
    taken = take_in_temperatures(days)
    log.info("temperatures_fetched", town=town, new=taken.new, changed=taken.changed)
