"""docs/feed.md, made from the contract, so that the document says what the program does.

python -m mojplin.interfaces.erp.feed.document writes it anew; a test fails while it is stale.
"""

import csv
import io
from pathlib import Path

from mojplin.interfaces.erp.contract import FILES, MANIFEST_FIELDS, Column, File, Kind
from mojplin.interfaces.erp.outgoing import MESSAGES, Outgoing

PLACE = Path(__file__).resolve().parents[4] / "docs" / "feed.md"

HEAD = """\
# The feed: what the supplier's ERP exports

This page is made from `mojplin/interfaces/erp/contract.py` and, for what the portal sends back, `outgoing.py` beside
it, by `python -m mojplin.interfaces.erp.feed.document`.
Do not edit it by hand; a test takes its example in and fails when the page is stale.

The ERP writes one folder for each export, for example `feed/2026-11-23/`, and `manage.py take_in FOLDER` takes it in:

```
feed/2026-11-23/
  payers.csv, supply_points.csv, ...   every file of this page, complete, each time
  xml/*.xml                            documents as e-SLOG 2.0 or UBL 2.1 (optional)
  pdf/<document number>.pdf            documents as PDF (optional)
  contracts/<file name>.pdf            contracts and their annexes as PDF, named in contract_files.csv (optional)
  manifest.json                        written last: the export is complete
```

## How files are written

- CSV by RFC 4180: commas between values, `"` around a value that holds a comma, a header line with the names below.
  The order of columns is free. A column that is not in this contract is ignored with a warning; a missing one refuses
  the export.
- Encoding UTF-8 (with or without BOM), or cp1250 when the manifest says so.
- Decimal point, no thousands separator: `1234.50`. Dates as `2026-11-23`. Euros with two places, cubic metres with
  three.
- An empty value means "none"; where the tables below say "required", a value must stand.
- No control characters, line breaks or text-direction marks in a value, no blanks around it.
- Every file holds everything each time, not only what changed. What is unchanged costs next to nothing.

## The manifest

`manifest.json` is written last. A folder without it, or with a file that does not match it, is not taken in.

| field | meaning |
|---|---|
"""

MANIFEST_EXAMPLE = """
```json
{
 "format": 1,
 "sequence": 20261123,
 "made_at": "2026-11-23T03:00:00+01:00",
 "encoding": "utf-8",
 "files": {
  "payers.csv": {"sha256": "d76c5acf06f91b6d47d39ab978948d86e189821a27e512c90717affb89b7a228", "rows": 420},
  "xml/26-OGR-104417.xml": {"sha256": "b7919112dea3a6f4407b445519621fa854b8b781bcc9ebfc34b0c0f9a3ab7e35"}
 }
}
```

## What happens to an export

- **Taken in** (exit code 0): everything by one transaction; a reader sees the old data or the new, never a mix. Taking
  the same export in twice changes nothing.
- **Taken in, some rows set aside** (2): a row that breaks this contract, stands twice, or names a row that does not
  exist is left out, with file, line, column, value and reason, on the staff page. Everything else is taken in; what
  the portal knew of that row before stays.
- **Held** (3): a file has far fewer rows than last time, or many payers would end. Nothing changes until a person has
  looked at the difference and takes it in or rejects it, on the staff page or by `take_in FOLDER --even-if-smaller`.
- **Refused** (1): a file is missing, not what the manifest says, not readable, or lacks a column; or a later export
  has been taken in. Nothing changes.
- Nothing is ever deleted. A document that is not among the open items is paid, an offer that is no longer exported is
  withdrawn, a place is closed by `closed_on`, a payer's time at a place by `ends_on`.

## XML and PDF

An XML file is tied to its document by the number inside it (BT-1), a PDF by its file name. An XML file that has no row
in `documents.csv` makes the document and its lines itself: type 380, 381 or 383, amounts in EUR, payer by the buyer
identifier (BT-46, the payer number) or by the tax number, supply point by the metering point (BT-128, `AVE`) or the
place of delivery (BT-71), external document number by a note (`GEN`) "Številka zunanjega dokumenta: ...".
Two formats are read, each file by its own: e-SLOG 2.0, and UBL 2.1 invoices and credit notes after EN 16931, where the
numbers above stand in the elements of the same terms (BT), the note in `cbc:Note`. A PDF inside a UBL file is taken as
the document's PDF when the export brings no other.
A file in `contracts/` is tied to the row of `contract_files.csv` with its name; a row without its file waits for it.
A DOCTYPE is refused. A file that breaks its format is stored and flagged (e-SLOG: its schema; UBL: what EN 16931
demands of every document); sums that do not add up are a warning.
Files once tied stay; they need not be in every export.

## Files
"""

BACK = """
## What the portal sends back

Every message is one JSON file in the folder of `MOJPLIN_ERP_OUTGOING_DIR`, named by its id. The ERP reads `*.json`
(such a file is always whole) and deletes what it has taken in. After a crash a file may come again: the same `id` is
the same message.

```json
{
  "id": "9yq1Zt0cVw3mJr5uKx7b2A",
  "topic": "erp.link.created",
  "created_at": "2026-11-24T09:12:03.482000+00:00",
  "payload": {"payer": "20400001", "supply_points": ["1043-0001"], "linked_on": "2026-11-24", "line": "..."}
}
```
"""


def written() -> str:
    """Return the page."""
    manifest = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in MANIFEST_FIELDS.items())
    return HEAD + manifest + MANIFEST_EXAMPLE + "".join(map(_file, FILES)) + BACK + "".join(map(_message, MESSAGES))


def _file(file: File) -> str:
    lines = [
        f"\n### {file.name}\n",
        f"{file.meaning} A row is known by {' and '.join(f'`{name}`' for name in file.key)}.\n",
        "| column | value | required | meaning |",
        "|---|---|---|---|",
    ]
    for column in file.columns:
        required = "yes" if column.required else ""
        lines.append(f"| `{column.name}` | {_kind(column)} | {required} | {column.meaning} |")
    return "\n".join(lines) + f"\n\n```csv\n{_example(file)}```\n"


def _message(message: Outgoing) -> str:
    lines = [f"\n### {message.topic}\n", f"{message.when}\n", "| field of `payload` | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in message.fields.items()]
    return "\n".join(lines) + "\n"


def _kind(column: Column) -> str:
    match column.kind:
        case Kind.TEXT:
            return f"text, up to {column.size}"
        case Kind.CODE:
            return " / ".join(f"`{code}`" for code in column.codes)
        case Kind.DATE:
            return "date"
        case Kind.INTEGER:
            return f"whole number, {column.minimum} to {column.maximum}"
        case Kind.DECIMAL:
            sign = "may be below zero" if column.minimum is None else f"{column.minimum} or more"
            return f"number, {column.size - column.places} digits and {column.places} places, {sign}"


def _example(file: File) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in file.columns)
    writer.writerow(column.example for column in file.columns)
    return text.getvalue()


if __name__ == "__main__":
    PLACE.write_text(written(), encoding="utf-8")
