"""Make the normal figures of `mojplin/domain/metering/climate_normals.py` from daily mean temperatures.

    python -m tools.climate_normals temperatures.csv

The file is `date,<town>,<town>...` with ISO dates and degrees Celsius. The newest ten whole heating seasons (July to
June) are taken, and the figures printed as they stand in the module; its source is to be named there.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import fmean, pstdev

from mojplin.domain.metering.climate import mid_months, on_day
from mojplin.domain.metering.climate_normals import TownNormals
from mojplin.domain.metering.towns import known_town

SEASONS = 10


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    for name, days in temperatures(Path(arguments[0])).items():
        first, last = newest_seasons(days)
        normals = normals_of({on: mean_c for on, mean_c in days.items() if first <= on <= last})
        print(f'    "{known_town(name) or name}": TownNormals(')
        print(f"        mean_c={normals.mean_c},\n        scatter_c={normals.scatter_c},\n    ),")
    return 0


def temperatures(path: Path) -> dict[str, dict[date, float]]:
    """Return the daily means of each column; empty cells are days not known."""
    found: dict[str, dict[date, float]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            on = date.fromisoformat(row.pop("date"))
            for name, mean_c in row.items():
                if mean_c:
                    found[name][on] = float(mean_c)
    return dict(found)


def newest_seasons(days: Mapping[date, float]) -> tuple[date, date]:
    """Return the first and the last day of the newest ten whole seasons."""
    newest = max(days)
    ends_in = newest.year if newest >= date(newest.year, 6, 30) else newest.year - 1
    return date(ends_in - SEASONS, 7, 1), date(ends_in, 6, 30)


def normals_of(days: Mapping[date, float]) -> TownNormals:
    """Return the monthly means, and the scatter of the days about the normal day of their date."""
    means = [fmean(each) for each in by_month(days)]
    knots = mid_months(means)
    off = by_month({on: mean_c - on_day(knots, on) for on, mean_c in days.items()})
    return TownNormals(
        mean_c=tuple(round(each, 1) for each in means), scatter_c=tuple(round(pstdev(each), 1) for each in off)
    )


def by_month(days: Mapping[date, float]) -> Sequence[list[float]]:
    """Return the values of January, of February, and so on."""
    found: list[list[float]] = [[] for _month in range(12)]
    for on, value in days.items():
        found[on.month - 1].append(value)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
