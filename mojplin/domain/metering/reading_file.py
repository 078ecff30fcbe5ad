"""The readings of many points in an Excel file: the template that goes out, and what comes back filled in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mojplin.domain.metering.bulk import POINTS_AT_ONCE, Typed, rows_of
from mojplin.domain.metering.drafts import Entry
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.models.draft import LONGEST_TYPED
from mojplin.domain.metering.points import PointToRead
from mojplin.foundation.errors import Refused
from mojplin.foundation.spreadsheets import Cell, Column, rows_of_xlsx, xlsx_of

MOST_ROWS = 5_000
NUMBER, NEW_READING = 0, 6
"""Columns of the template."""
HEADERS: tuple[str | Promise, ...] = (
    _("Supply point"), _("Name of the place"), _("Address"), _("Meter"), _("Last reading (m³)"), _("Read on"),
    _("New reading (m³)"),
)  # fmt: skip
_WIDTHS, _PLACES = (18, 28, 40, 16, 18, 14, 18), (None, None, None, None, 0, None, 0)


class NotTheTemplate(Refused):
    field = "file"
    message = _("This is not our template. Download it, fill in the last column and send it as it is.")


class NothingFilledIn(Refused):
    field = "file"
    message = _("The file holds no new reading. Fill in the last column of the template.")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the file that cannot be used: its line as Excel counts, and one sentence."""

    line: int
    text: str


class UnknownPoint(Refused):
    message = _("%(number)s is not one of the supply points you can read.")


class PointTwice(Refused):
    message = _("%(number)s stands in the file twice; we took the first row.")


class NotAReading(Refused):
    message = _("The new reading of %(number)s is not a number.")


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What a file says: what was typed and in which line, what cannot be used, how many rows were left empty."""

    lines: list[int]
    entries: list[Entry]
    faults: list[Fault]
    empty: int = 0


def template(points: Sequence[PointToRead], addresses: Sequence[str], today: date) -> bytes:
    """Return the workbook to fill in: a row for each point, what is known of it, and an empty last column.

    Three statements for every `POINTS_AT_ONCE` points.
    """
    columns = [
        Column(str(header), places, width) for header, places, width in zip(HEADERS, _PLACES, _WIDTHS, strict=True)
    ]
    return xlsx_of(str(_("Meter readings")), columns, _rows(points, addresses, today))


def _rows(points: Sequence[PointToRead], addresses: Sequence[str], today: date) -> Iterator[list[Cell]]:
    for start in range(0, len(points), POINTS_AT_ONCE):
        part = slice(start, start + POINTS_AT_ONCE)
        for row, address in zip(rows_of(points[part], {}, today), addresses[part], strict=True):
            if row.meter and row.before:
                last_m3, last_on = row.before.last_m3, row.before.last_on
                yield [row.point.number, row.point.name, address, row.meter.number, last_m3, last_on, None]


def read_file(file: IO[bytes], points: Iterable[PointToRead]) -> FilledIn:
    """Return what the filled template says about these points; nothing is kept yet.

    :raises NotASpreadsheet, SpreadsheetTooLarge: see `foundation/spreadsheets.py`.
    :raises NotTheTemplate: it has other columns.
    :raises NothingFilledIn: no new reading and no fault in it.
    """
    rows = rows_of_xlsx(file, most_rows=MOST_ROWS + 1, most_columns=len(HEADERS))
    if not rows or not _is_header(rows[0]):
        raise NotTheTemplate
    by_number = {each.number: each for each in points}
    seen: set[str] = set()
    lines, entries, faults, empty = [], [], [], 0
    for line, row in enumerate(rows[1:], start=2):
        number, typed = _text(_cell(row, NUMBER)), _cell(row, NEW_READING)
        if typed is None or typed == "":
            empty += bool(number)
            continue
        try:
            entries.append(_entry(number, typed, by_number, seen))
            lines.append(line)
        except Refused as refusal:
            faults.append(Fault(line, str(refusal)))
    if not entries and not faults:
        raise NothingFilledIn
    return FilledIn(lines, entries, faults, empty)


def _entry(number: str, typed: Any, by_number: dict[str, PointToRead], seen: set[str]) -> Entry:
    point = by_number.get(number)
    if point is None:
        raise UnknownPoint(number=number[:40] or "–")
    if number in seen:
        raise PointTwice(number=number)
    seen.add(number)
    if isinstance(typed, bool | date | datetime):
        raise NotAReading(number=number)
    text = _text(typed)
    if not text or len(text) > LONGEST_TYPED:
        raise NotAReading(number=number)
    return Entry(point, Typed(text), SubmittedReading.Way.FILE)


def _is_header(row: Sequence[Any]) -> bool:
    """Return whether the columns are those of the template, in either language of the portal."""
    found = [_text(each) for each in row[: len(HEADERS)]]
    for language in ("sl", "en"):
        with translation.override(language):
            if found == [str(header) for header in HEADERS]:
                return True
    return False


def _cell(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def _text(cell: Any) -> str:
    """Return a cell as a person would type it: whole numbers without a point, others with a comma."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        exact = Decimal(str(cell))
        if not exact.is_finite():
            return str(cell)
        return f"{exact:f}".rstrip("0").rstrip(".").replace(".", ",") if exact % 1 else f"{exact:.0f}"
    return "".join(each for each in str(cell) if each.isprintable()).strip()
