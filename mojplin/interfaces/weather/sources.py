"""Services of the network that know daily temperatures, each in its own shape.

A source is asked for one town and a range of days; it answers with the days it knows. It fails with `SourceFailed`.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from mojplin.domain.metering.temperatures import DayMean
from mojplin.interfaces.weather.csv_file import celsius

SECONDS_TO_WAIT = 20
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024

COORDINATES = {
    "Celje": (46.236, 15.268), "Domžale": (46.138, 14.594), "Ilirska Bistrica": (45.567, 14.245),
    "Kočevje": (45.643, 14.863), "Koper": (45.548, 13.730), "Kranj": (46.239, 14.356),
    "Kredarica": (46.379, 13.849), "Ljubljana": (46.056, 14.506), "Maribor": (46.557, 15.646),
    "Murska Sobota": (46.662, 16.166), "Nova Gorica": (45.956, 13.648), "Novo mesto": (45.803, 15.170),
    "Postojna": (45.774, 14.213), "Ptuj": (46.420, 15.870), "Rateče": (46.497, 13.717),
    "Tolmin": (46.183, 13.732), "Trbovlje": (46.155, 15.053), "Velenje": (46.359, 15.111),
}  # fmt: skip

ARSO_DAILY, ARSO_MEAN = "dailyData0", "35"
"""The archive's group of daily climate values, and in it the mean temperature of the air at 2 m."""
ARSO_EPOCH = datetime(1800, 1, 1)  # noqa: DTZ001  # the archive counts minutes from it, in a calendar without zones
_ARSO_ANSWER = re.compile(r"AcademaPUJS\.set\(\s*(\{.*\})\s*\)", re.DOTALL)
_BARE_NAME = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")


class SourceFailed(Exception):
    """The source did not answer, or with something else than temperatures."""


class Source(Protocol):
    def days(self, town: str, first: date, last: date) -> list[DayMean]:
        """Return the days from `first` to `last` that the source knows of the town.

        :raises SourceFailed: it could not be asked or understood.
        """


@dataclass(frozen=True)
class OpenMeteo:
    """The archive of Open-Meteo, or a server of the same kind; `key` where the server wants one."""

    url: str
    key: str = ""

    def days(self, town: str, first: date, last: date) -> list[DayMean]:
        latitude, longitude = COORDINATES[town]
        asked = {
            "latitude": latitude, "longitude": longitude, "start_date": first, "end_date": last,
            "daily": "temperature_2m_mean", "timezone": "Europe/Ljubljana",
        }  # fmt: skip
        answer = fetched(self.url, asked | ({"apikey": self.key} if self.key else {}))
        try:
            daily = json.loads(answer)["daily"]
            pairs = list(zip(daily["time"], daily["temperature_2m_mean"], strict=True))
        except (ValueError, KeyError, TypeError) as fault:
            raise SourceFailed(f"not an answer of Open-Meteo: {fault!r}") from fault
        return list(_known(town, pairs))


@dataclass(frozen=True)
class Arso:
    """The archive of the Slovenian Environment Agency; `stations` are its numbers of stations, by town.

    Whoever publishes these figures names the source: "Vir: ARSO".
    """

    url: str
    stations: dict[str, str]

    def days(self, town: str, first: date, last: date) -> list[DayMean]:
        station = self.stations.get(town)
        if station is None:
            return []
        asked = {
            "lang": "si", "vars": ARSO_MEAN, "group": ARSO_DAILY, "type": "daily", "id": station, "d1": first,
            "d2": last,
        }  # fmt: skip
        points = _arso_points(fetched(self.url, asked)).get(f"_{station}", {})
        try:
            return list(_known(town, [(_arso_day(key), values.get("p0")) for key, values in points.items()]))
        except (ValueError, AttributeError) as fault:
            raise SourceFailed(f"not an answer of ARSO: {fault!r}") from fault


def fetched(url: str, asked: dict[str, Any]) -> str:
    """Return the text of an answer.

    :raises SourceFailed: no answer, or one that is too long.
    """
    address = f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS_TO_WAIT) as answer:  # noqa: S310  # http(s) by its setting
            body: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as fault:
        raise SourceFailed(f"no answer: {fault}") from fault
    if len(body) > LARGEST_ANSWER_BYTES:
        raise SourceFailed("the answer is too long")
    return body.decode("utf-8", errors="replace")


def _known(town: str, pairs: list[tuple[str, Any]]) -> Iterator[DayMean]:
    for day, value in pairs:
        mean_c = celsius(str(value)) if value is not None else None
        if mean_c is not None:
            yield DayMean(town, date.fromisoformat(day), mean_c)


def _arso_points(answer: str) -> dict[str, Any]:
    """Return the `points` of an answer: an object of JavaScript, its names without quotes, inside XML."""
    found = _ARSO_ANSWER.search(answer)
    if found is None:
        raise SourceFailed("not an answer of ARSO")
    try:
        points = json.loads(_BARE_NAME.sub(r'\1"\2":', found[1])).get("points", {})
    except ValueError as fault:
        raise SourceFailed(f"not an answer of ARSO: {fault}") from fault
    return points if isinstance(points, dict) else {}


def _arso_day(key: str) -> str:
    return (ARSO_EPOCH + timedelta(minutes=int(key.removeprefix("_")))).date().isoformat()
