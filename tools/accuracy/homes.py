"""Real homes from a folder of CSV files, found by their header line, in the folder and the folders in it.

    bills          home,station,first_day,last_day,days,therm      what was billed for those days, both included
    fills          home,station,first_day,last_day,days,gal        what filled the tank up on the last day
    temperatures   date,<station>,<station>...                     daily means in degrees Celsius
    days           date,<home>,<home>...,temp_c                    kWh of each day, with its mean temperature

`therm` can be `kwh` or `m3`, `gal` can be `l`; a home's column `kwh` is named by its file. Dates are ISO dates. Where a
home of `days` has no use at all for three weeks and more its counter is taken to be out of order: the longest time without
that is looked at.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.climate_normals import TownNormals
from mojplin.domain.metering.heating_model import Interval
from mojplin.foundation.months import last_day, month_of
from tools.climate_normals import normals_of

KWH_OF = {"therm": Decimal("29.3071"), "kwh": Decimal(1), "m3": Decimal("25.9845")}
FILLS = ("gal", "l")
LEAST_KWH_YEAR, MOST_KWH_YEAR = Decimal(15_000), Decimal(30_000)
NOTHING_KWH, OUT_OF_ORDER_DAYS = 0.1, 21
NORMAL_YEARS, LEAST_NORMAL_YEARS = 10, 5


@dataclass(frozen=True)
class Home:
    """A home with the uses between its readings, oldest first, in kWh (fills: in their own unit)."""

    name: str
    readings: Sequence[Interval]
    temperatures: Mapping[date, float]
    days: Mapping[date, float]
    """Use of each day; empty where only bills are known."""
    is_tank: bool = False

    @cached_property
    def climate(self) -> Climate:
        """The weather as it was; the few days not known are normal ones of the place."""
        return Climate(self.name, self.temperatures, normals=normals_of(self.temperatures))

    def foreseen(self, on: date) -> Climate:
        """Return the weather as it was known at the end of a day: later ones are normal ones of the ten years before."""
        known = {day: mean_c for day, mean_c in self.temperatures.items() if day <= on}
        return Climate(self.name, known, normals=self._normals(on))

    def knows_normals(self, on: date) -> bool:
        """Return whether the temperatures before that day reach back far enough to say what is normal."""
        return min(self.temperatures) <= years_before(on, LEAST_NORMAL_YEARS)

    def _normals(self, on: date) -> TownNormals:
        first = years_before(on, NORMAL_YEARS)
        return normals_of({day: mean_c for day, mean_c in self.temperatures.items() if first < day <= on})


def years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=min(on.day, 28))


def homes_in(folder: Path) -> list[Home]:
    """Return the homes of all files whose header is one of the four, by name.

    :raises SystemExit: there is none.
    """
    stations: dict[str, dict[date, float]] = {}
    tables = []
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        header = list(rows[0]) if rows else []
        if header[:4] == ["home", "station", "first_day", "last_day"] or header[-1:] == ["temp_c"]:
            tables.append((path, header, rows))
        elif header[:1] == ["date"]:
            stations |= _stations(header[1:], rows)
    homes = [home for path, header, rows in tables for home in _homes(path, header, rows, stations)]
    if not homes:
        raise SystemExit(f"There are no homes in {folder}: see the shapes of the files in docs/accuracy.md.")
    return sorted(homes, key=lambda home: home.name)


def as_gas_homes(homes: Sequence[Home]) -> list[Home]:
    """Return the homes as ones with gas from a tank: cubic metres of propane, 15 to 30 MWh a year.

    That is what homes in Slovenia use. They keep their order: the smallest is scaled to 15 MWh, the largest to 30, the
    others to even steps between.
    """
    by_size = sorted(homes, key=_kwh_year)
    step = (MOST_KWH_YEAR - LEAST_KWH_YEAR) / max(len(homes) - 1, 1)
    return [
        _in_propane(home, (LEAST_KWH_YEAR + step * rank) / _kwh_year(home) / KWH_OF["m3"])
        for rank, home in enumerate(by_size)
    ]


def _kwh_year(home: Home) -> Decimal:
    days = sum((each.until - each.after).days for each in home.readings)
    return sum((each.used for each in home.readings), Decimal(0)) * 365 / days


def _in_propane(home: Home, times: Decimal) -> Home:
    return replace(home, readings=[each._replace(used=each.used * times) for each in home.readings], days={})


def _stations(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> dict[str, dict[date, float]]:
    return {name: {date.fromisoformat(row["date"]): float(row[name]) for row in rows if row[name]} for name in names}


def _homes(
    path: Path, header: Sequence[str], rows: Sequence[Mapping[str, str]], stations: Mapping[str, dict[date, float]]
) -> Iterator[Home]:
    if header[-1] == "temp_c":
        temperatures = _stations(["temp_c"], rows)["temp_c"]
        for column, days in _stations(header[1:-1], rows).items():
            name = path.stem.partition("_")[0].upper() + "1" if column == "kwh" else column
            days = _in_order(days)
            yield Home(name, month_bills(days), temperatures, days)
        return
    unit = header[-1]
    for name, bills in groupby(rows, key=lambda row: row["home"]):
        bills = list(bills)
        yield Home(name, _bills(bills, unit), stations[bills[0]["station"]], {}, is_tank=unit in FILLS)


def _bills(rows: Sequence[Mapping[str, str]], unit: str) -> list[Interval]:
    return [
        Interval(
            date.fromisoformat(row["first_day"]) - timedelta(days=1),
            date.fromisoformat(row["last_day"]),
            Decimal(row[unit]) * KWH_OF.get(unit, Decimal(1)),
        )
        for row in rows
    ]


def month_bills(days: Mapping[date, float]) -> list[Interval]:
    """Return the uses of the whole calendar months in the days."""
    months: dict[date, list[float]] = defaultdict(list)
    for day, used in days.items():
        months[month_of(day)].append(used)
    found = []
    for month, uses in sorted(months.items()):
        end = last_day(month)
        if len(uses) == end.day:
            used = Decimal(sum(uses)).quantize(Decimal("0.001"))
            found.append(Interval(month - timedelta(days=1), end, used))
    return found


def _in_order(days: Mapping[date, float]) -> dict[date, float]:
    """Return the longest time in which the counter worked."""
    best: list[date] = []
    now: list[date] = []
    for is_nothing, run in groupby(sorted(days), key=lambda day: days[day] < NOTHING_KWH):
        run = list(run)
        if is_nothing and len(run) >= OUT_OF_ORDER_DAYS:
            now = []
        else:
            now += run
        best = max(best, now, key=len)
    return {day: days[day] for day in best}
