"""`take_in` of many documents beside plain COPY of the same rows and beside COPY with INSERT .. ON CONFLICT."""

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from mojplin.interfaces.erp.contract import FILES, MANIFEST

DOCUMENT_COLUMNS = next(file for file in FILES if file.name == "documents.csv").columns


def write_export(folder: Path, *, payers: int, documents: int, sequence: int) -> None:
    """Write an export with payers, their supply points and documents; the other files are empty, as are later columns."""
    folder.mkdir(parents=True)
    rows: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
        "payers.csv": lambda: (
            (str(20_000_000 + i), f"Plačnik {i}", "person", TAX_NUMBER, f"Ulica {i % 200}", "1241", "Kamnik", "", "")
            for i in range(payers)
        ),
        "supply_points.csv": lambda: (
            (f"1{i:07}", "metered", "propane", f"Ulica {i % 200}", "1241", "Kamnik", str(30_000_000 + i), f"Prejemnik {i}",
             "Ljubljana")
            for i in range(payers)
        ),
        "payer_periods.csv": lambda: ((f"1{i:07}", str(20_000_000 + i), "2020-01-01", "") for i in range(payers)),
        "documents.csv": lambda: (_document(d, payers) for d in range(documents)),
    }  # fmt: skip
    listed = {}
    for file in FILES:
        path = folder / file.name
        made = rows.get(file.name, lambda: iter(()))()
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([column.name for column in file.columns])
            count = 0
            for row in made:
                writer.writerow(row + ("",) * (len(file.columns) - len(row)))
                count += 1
        listed[file.name] = {"rows": count, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    manifest = {
        "format": 1, "sequence": sequence, "made_at": "2026-11-23T02:00:00+01:00", "encoding": "utf-8", "files": listed,
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


TAX_NUMBER = "50223054"


def _document(d: int, payers: int) -> tuple[str, ...]:
    month = d // payers % 12 + 1
    return (
        f"D-{d}", "invoice", str(20_000_000 + d % payers), f"1{d % payers:07}", f"ZD-{d}", f"2025-{month:02}-12",
        f"2025-{month:02}-28", "", "", "100.00", "22.00", "122.00", "SI56020170014356205", "SI99", "GASB",
        f"Račun D-{d}", "",
    )  # fmt: skip


def rows_per_second_of_take_in(folder: Path, documents: int) -> float:
    started = time.perf_counter()
    call_command("take_in", str(folder), verbosity=0)
    return documents / (time.perf_counter() - started)


def rows_per_second_of_copy(documents: int) -> float:
    """COPY the rows that stand in the documents' table into an equal table with the same indexes and constraints."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TABLE bench_document (LIKE billing_document INCLUDING ALL)")
        with cursor.copy("COPY billing_document TO STDOUT") as out:
            blocks = [bytes(block) for block in out]
        started = time.perf_counter()
        with cursor.copy("COPY bench_document FROM STDIN") as into:
            for block in blocks:
                into.write(block)
        seconds = time.perf_counter() - started
        cursor.execute("RESET statement_timeout")
    return documents / seconds


def rows_per_second_of_upsert(documents: int) -> float:
    """COPY the same rows to a staging table and upsert all of them into the filled table."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT string_agg(column_name || '=excluded.' || column_name, ',') FROM information_schema.columns "
            "WHERE table_name = 'billing_document' AND column_name NOT IN ('id', 'number')"
        )
        assignments = cursor.fetchone()[0]
        with cursor.copy("COPY billing_document TO STDOUT") as out:
            blocks = [bytes(block) for block in out]
        started = time.perf_counter()
        cursor.execute("CREATE TEMP TABLE bench_staging AS SELECT * FROM billing_document LIMIT 0")
        with cursor.copy("COPY bench_staging FROM STDIN") as into:
            for block in blocks:
                into.write(block)
        cursor.execute(
            f"INSERT INTO bench_document SELECT * FROM bench_staging ON CONFLICT (number) DO UPDATE SET {assignments}"
        )
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bench_document, bench_staging")
        cursor.execute("RESET statement_timeout")
    return documents / seconds
