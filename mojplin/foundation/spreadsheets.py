"""Tables out (CSV, XLSX) and in (XLSX): no cell of ours is a formula, and no file of others can fill the memory.

The two libraries are imported where they are used: 34 MB that a web worker does without until somebody wants Excel.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from mojplin.foundation.errors import Refused

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Some spreadsheets take the full-width signs for the plain ones."""
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE_BYTES = 5 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 10 * 1024 * 1024
"""Four times what 5,000 filled rows are; what is read holds up every other page of its worker, 5 MB for a second."""

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column that goes out: its header names the unit (`Use (m³)`).

    :param places: decimal places of its numbers; None for text, days and whole numbers.
    """

    header: str
    places: int | None = None
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


class NotASpreadsheet(Refused):
    field = "file"
    message = _("This is not an Excel file (.xlsx) that we can read. Fill in the template and send it as it is.")


class SpreadsheetTooLarge(Refused):
    field = "file"
    message = _("The file is too large: at most %(rows)s rows and 5 MB.")


def csv_of(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, decimal_comma: bool) -> Iterator[str]:
    """Yield the lines of a CSV file that Excel and programs read: UTF-8 with a mark, separated by semicolons.

    :param decimal_comma: as Slovene spreadsheets want numbers; otherwise a point.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    for row in ([column.header for column in columns], *rows):
        writer.writerow([_csv_text(cell, decimal_comma=decimal_comma) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _csv_text(cell: Cell, *, decimal_comma: bool) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}".replace(".", "," if decimal_comma else ".")
        case str():
            return harmless(cell)
    return str(cell)


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def xlsx_of(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: header in bold and frozen, numbers as numbers, days as days, texts as texts."""
    return workbook_of([Sheet(title, columns, rows)])


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of these sheets, each as `xlsx_of` writes it; their titles must differ."""
    import xlsxwriter  # type: ignore[import-untyped]

    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d. m. yyyy"})
        for each in sheets:
            _write_sheet(book, each, bold=bold, day=day)
    return file.getvalue()


def _write_sheet(book: Any, written: Sheet, *, bold: Any, day: Any) -> None:
    sheet = book.add_worksheet(written.title[:31])
    formats = [
        book.add_format({"num_format": "0" + ("." + "0" * places if (places := column.places) else "")})
        for column in written.columns
    ]
    for index, column in enumerate(written.columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.header, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(written.rows, start=1):
        for index, cell in enumerate(row):
            _write_cell(sheet, number, index, cell, day=day, number=formats[index])


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, *, day: Any, number: Any) -> None:
    match cell:
        case None:
            return
        case datetime():
            sheet.write_string(row, column, cell.strftime("%Y-%m-%d %H:%M"))
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  # a day
        case Decimal() | int():
            sheet.write_number(row, column, cell, number)
        case _:
            sheet.write_string(row, column, cell)


def rows_of_xlsx(file: IO[bytes], *, most_rows: int, most_columns: int) -> list[list[Any]]:
    """Return the rows of the first sheet, header included, as Python values; formulas give their stored values.

    :raises NotASpreadsheet: no workbook, or one that is damaged.
    :raises SpreadsheetTooLarge: more bytes, packed or unpacked, or more rows than a filled template can have.
    """
    import openpyxl

    too_large = SpreadsheetTooLarge(rows=most_rows)
    if file.seek(0, io.SEEK_END) > LARGEST_FILE_BYTES:
        raise too_large
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED_BYTES:
                raise too_large
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        found: list[list[Any]] = []
        for row in book.worksheets[0].iter_rows(max_col=most_columns, values_only=True):
            if len(found) > most_rows:
                raise too_large
            found.append(list(row))
    except Refused:
        raise
    except Exception as fault:  # openpyxl raises whatever its parsers raise; all of it means one thing to the person
        raise NotASpreadsheet from fault
    return found
