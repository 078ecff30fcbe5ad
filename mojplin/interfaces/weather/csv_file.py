"""A file of daily mean temperatures: the first column is the day, the others are towns.

    date,Ljubljana,Novo mesto
    2026-11-23,3.4,4.1
    2026-11-24,2.9,

UTF-8, commas, decimal points, ISO days, degrees Celsius; an empty cell says that the day is not known. Towns are those
of `climate_normals`, in any case and with or without their marks ("Novo_Mesto", "Domzale").
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from mojplin.domain.metering.temperatures import COLDEST_C, WARMEST_C, DayMean
from mojplin.domain.metering.towns import known_town


class WrongFile(Exception):
    """The file is not like that; each of `faults` names a line, a column and what is wrong there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def days_of(lines: Iterable[str]) -> list[DayMean]:
    """Return what the file says.

    :raises WrongFile: anything in it is wrong; nothing of such a file is to be taken in.
    """
    reader = csv.reader(lines)
    header = next(reader, [])
    towns = [known_town(name) for name in header[1:]]
    faults = [f"line 1: no such town: {name}" for name, town in zip(header[1:], towns, strict=True) if town is None]
    if [name.strip().casefold() for name in header[:1]] != ["date"] or not towns:
        faults.append("line 1: the first column must be `date`, the others towns")
    if faults:
        raise WrongFile(faults)
    found: list[DayMean] = []
    for cells in reader:
        for each in _row(cells, [town or "" for town in towns], reader.line_num):
            (found if isinstance(each, DayMean) else faults).append(each)  # type: ignore[arg-type]
    if faults:
        raise WrongFile(faults)
    return found


def _row(cells: list[str], towns: list[str], line: int) -> Iterator[DayMean | str]:
    """Yield the days of one line, and as text what is wrong in it."""
    if not any(cells):
        return
    try:
        on = date.fromisoformat(cells[0].strip())
    except ValueError:
        yield f"line {line}: not a day: {cells[0]}"
        return
    if len(cells) != len(towns) + 1:
        yield f"line {line}: {len(cells)} cells, wanted {len(towns) + 1}"
        return
    for town, cell in zip(towns, cells[1:], strict=True):
        if cell.strip():
            mean_c = celsius(cell)
            yield DayMean(town, on, mean_c) if mean_c is not None else f"line {line}, {town}: not a temperature: {cell}"


def celsius(text: str) -> Decimal | None:
    """Return the temperature, or None when it is none that a day in Slovenia can have."""
    try:
        mean_c = Decimal(text.strip())
    except InvalidOperation:
        return None
    return mean_c if mean_c.is_finite() and COLDEST_C <= mean_c <= WARMEST_C else None
