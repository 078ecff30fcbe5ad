"""`take_in` of many documents beside plain COPY of the same rows and beside COPY with INSERT .. ON CONFLICT.

The four are measured one after the other in a new database for each round, so that a slow minute of the machine meets
all of them.
"""

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
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


def rates_of_one_round(folders: tuple[Path, Path], documents: int) -> dict[str, float]:
    """Return documents a second into the empty database in use: first `take_in`, unchanged, plain COPY, upsert.

    COPY writes the very rows `take_in` wrote (payers, supply points, periods, documents) into the very tables, emptied
    before, with their indexes, constraints and references, in one transaction too. `copy_bare` is COPY of the documents
    alone into a table without references: less than any intake has to do.
    """
    steps = (
        ("takein_first", lambda: call_command("take_in", str(folders[0]), verbosity=0)),
        ("takein_repeat", lambda: call_command("take_in", str(folders[1]), verbosity=0)),
    )
    rates = {name: documents / _seconds(step) for name, step in steps}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        written = {table: _rows_of(table) for table in WRITTEN}
        cursor.execute(f"TRUNCATE {', '.join(WRITTEN)} CASCADE")
        cursor.execute(f"CREATE TABLE bench_document (LIKE {DOCUMENTS} INCLUDING ALL)")
    rates["copy"] = documents / _seconds(lambda: _copy_all(written))
    rates["copy_bare"] = documents / _seconds(lambda: _copy(written[DOCUMENTS], "bench_document"))
    rates["upsert"] = documents / _seconds(lambda: _upsert(written[DOCUMENTS]))
    return rates


DOCUMENTS = Document._meta.db_table
WRITTEN = [model._meta.db_table for model in (Payer, SupplyPoint, PayerPeriod, Document)]
"""Tables the export fills, in an order in which references are there."""


def _seconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _rows_of(table: str) -> list[bytes]:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as out:
        return [bytes(block) for block in out]


def _copy(blocks: list[bytes], table: str) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as into:
        for block in blocks:
            into.write(block)


def _copy_all(written: dict[str, list[bytes]]) -> None:
    with transaction.atomic():
        for table, blocks in written.items():
            _copy(blocks, table)


def _upsert(blocks: list[bytes]) -> None:
    """COPY the documents to a staging table and write all of them over the filled one."""
    columns = [field.column for field in Document._meta.concrete_fields if field.column not in ("id", "number")]
    assignments = ", ".join(f"{column} = excluded.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_staging AS SELECT * FROM {DOCUMENTS} LIMIT 0")
        _copy(blocks, "bench_staging")
        cursor.execute(
            f"INSERT INTO {DOCUMENTS} SELECT * FROM bench_staging ON CONFLICT (number) DO UPDATE SET {assignments}"
        )
