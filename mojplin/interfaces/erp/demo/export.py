"""The demo supplier's books as an export folder: CSV files, invoice XML, PDFs, and the manifest written last."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from mojplin.interfaces.erp.contract import (
    CONTRACT_FOLDER,
    FILES,
    FORMAT_VERSION,
    MANIFEST,
    PDF_FOLDER,
    XML_FOLDER,
    Column,
    File,
)
from mojplin.interfaces.erp.demo.agreements import pdfs_of_contracts
from mojplin.interfaces.erp.demo.books import Books
from mojplin.interfaces.erp.demo.cast import CAST, FIRM
from mojplin.interfaces.erp.demo.eslog import document_xml
from mojplin.interfaces.erp.demo.months import LATEST_ISSUE_DAY, Month
from mojplin.interfaces.erp.demo.paper import pdf
from mojplin.interfaces.erp.demo.records import Document

XML_MONTHS = 2
"""The months, the present one included, whose documents travel with XML, whosever they are."""
CAST_XML_MONTHS = {payer.payer_number: 12 if payer is FIRM else 100 for payer in CAST}
"""The same for the cast: all of the households', a year of the firm's, which has many."""
CAST_PDF_MONTHS = {payer.payer_number: 1 if payer is FIRM else 24 for payer in CAST}
"""Only documents of the cast have a PDF."""
MADE_AT = time(3, 0, tzinfo=ZoneInfo("Europe/Ljubljana"))


@dataclass
class Export:
    """A folder being written: remembers what the manifest must say of each file."""

    folder: Path
    files: dict[str, dict[str, str | int]] = field(default_factory=dict)

    def write(self, name: str, content: bytes, **facts: int) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files[name] = {"sha256": hashlib.sha256(content).hexdigest(), **facts}

    def close(self, until: date) -> None:
        """Write the manifest: from now on the folder is complete."""
        manifest = {
            "format": FORMAT_VERSION,
            "sequence": int(f"{until:%Y%m%d}"),
            "made_at": datetime.combine(until, MADE_AT).isoformat(),
            "encoding": "utf-8",
            "files": self.files,
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


def write_export(
    books: Books, folder: Path, *, progress: Callable[[list[Document]], Iterable[Document]] = iter
) -> Export:
    """Write the books to an empty folder. The same books give the same bytes.

    :param progress: wraps the documents while their XML and PDF are made, for a progress bar.
    """
    export = Export(folder)
    for file in FILES:
        rows = getattr(books, file.name.removesuffix(".csv"))
        export.write(file.name, _csv(file, rows), rows=len(rows))
    for document in progress(_recent(books, CAST_XML_MONTHS, others=XML_MONTHS)):
        export.write(f"{XML_FOLDER}/{document.document_number}.xml", document_xml(document))
    for document in progress(_recent(books, CAST_PDF_MONTHS, others=0)):
        export.write(f"{PDF_FOLDER}/{document.document_number}.pdf", pdf(document))
    for file_name, content in pdfs_of_contracts(books):
        export.write(f"{CONTRACT_FOLDER}/{file_name}", content)
    export.close(books.until)
    return export


def _csv(file: File, rows: Iterable[object]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in file.columns)
    for row in rows:
        writer.writerow([_written(column, getattr(row, column.name)) for column in file.columns])
    return text.getvalue().encode("utf-8")


def _written(column: Column, value: str | int | date | Decimal | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.{column.places}f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _recent(books: Books, months_of: Mapping[str, int], *, others: int) -> list[Document]:
    """Return the documents of as many months as are said for their payer, counted back from the newest invoices'.

    In the first days of a month the newest monthly invoices are those of the month before.
    """
    newest = Month.of(books.until - timedelta(days=LATEST_ISSUE_DAY))
    since = {payer: newest.after(1 - months).first for payer, months in months_of.items()}
    since_for_others = newest.after(1 - others).first if others else date.max
    return [each for each in books.documents if each.issued_on >= since.get(each.payer_number, since_for_others)]
