"""docs/accuracy.md: what was measured beside its limits, and where the homes come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEAD = """# How well the heating model does on real homes

Written by `make accuracy DATA=folder` on {on}: do not edit. {homes} homes; none of the model's constants was fitted to them
here, they are those of `home_shapes.py`, `heating_model.py`, `forecast.py` and `unusual_use.py`. Real dwellings are few: read every
percentage as give or take two or three, and run it again on readings of your own.

| | what | measured | limit | |
|---|---|--:|--:|---|
"""

TAIL = """
## How it is measured

Only earlier readings are used to expect a later one. An error is the sum of the errors over the sum of the uses.

* **A1, A2** Homes whose days are known are read in 60 ways: at each month end, give or take six days, so many of the readings left out at
  random; the first and the last day always. Then the uses between the readings are shared over calendar months and compared with the
  months as they were. The straight line shares them by days.
* **A3** Each reading is expected from those before it, in the weather as it was.
* **A4** The last twelve readings from the twelve before them; the other figure is the same month of the year before, by its days.
* **A5 to A7** The homes as homes with gas from a tank: cubic metres of propane, a counter of five digits, 15 to 30 MWh a year (they keep
  their order by size). Slips: every wrong value of every kind, each once; those are counted that are off by more than half of the use.
* **A8** From every reading on with at least three known and twelve to come. The weather to come counts as the mean of the ten years before.
* **A9** The day on which as much will be used as filled the tank up next time, in the weather as it was; fills less than 120 days apart.
* **A10** Homes as in A5. A hint that goes on counts once. The leak of 1 m³ a day begins with each reading in turn.
* **A11** Time of the process, so that other work on the machine does not count.

## Where it differs from what was measured at first

* The range of a forecast takes the doubt about the weather to grow with the root of what is still to come, not with the share of it: in
  the ten seasons of the 18 towns the last months of a season lie twice as far beside their mean as a share of 9 % says.
* A home whose counter stood still (BE3) is looked at after that. Where the first and the last reading are six days off as well, A1 and A2 are
  3.6, 6.4 and 9.4 %: A1 would then be a little above its limit, because the months at both ends are winter and the fewest are left.
* In A5 to A7 every slip is counted once for a reading, though two kinds may lead to it. In A10 a leak is seen the sooner the
  smaller the home: with all homes at 30 MWh in 84 of 100 cases.
* A4 is measured on the last twelve readings of each home with 24, A10 watches the newest six readings only.
* The median error of a year foretold (A8: {year_off:.0f} %) is no better than "as much as last year": the weather decides. The range is what is
  worth showing.

## Where the homes come from

The files stay outside the repository. Any folder of the same shapes will do: `make accuracy DATA=folder`.

| homes | what | origin | licence |
|---|---|---|---|
"""

ORIGINS = {
    "MA": (
        "10 homes in Massachusetts, bills of natural gas 2018 to 2023",
        "codeforboston/home-energy-analysis-tool",
        "MIT",
    ),
    "OIL": ("5 homes in Massachusetts, fills of oil tanks", "codeforboston/home-energy-analysis-tool", "MIT"),
    "UK": ("a home in the United Kingdom, days 2020 to 2022", "samples of opendsm 1.2.7", "Apache-2.0"),
    "BE": ("3 homes in Belgium, days of 2016", "opengridcc/opengrid", "Apache-2.0"),
}
"""By how the name of a home begins; the temperatures come with them."""


@dataclass(frozen=True)
class Line:
    """A line of the table: figures, the limits they must keep, and whether they do."""

    number: str
    what: str
    measured: str
    limit: str
    holds: bool


def markdown(lines: Sequence[Line], names: Sequence[str], shapes: str, year_off: float, on: date) -> str:
    rows = [
        f"| {each.number} | {each.what} | {each.measured} | {each.limit} | {'holds' if each.holds else '**does not hold**'} |"
        for each in lines
    ]
    homes = [
        f"| {', '.join(name for name in names if name.startswith(prefix))} | {' | '.join(origin)} |"
        for prefix, origin in ORIGINS.items()
        if any(name.startswith(prefix) for name in names)
    ]
    others = [name for name in names if not name.startswith(tuple(ORIGINS))]
    if others:
        homes.append(f"| {', '.join(others)} | own files | | |")
    head = HEAD.format(on=on, homes=len(names))
    return (
        head
        + "\n".join(rows)
        + "\n"
        + TAIL.format(year_off=year_off)
        + "\n".join(homes)
        + "\n\n```\n"
        + shapes
        + "\n```\n"
    )
