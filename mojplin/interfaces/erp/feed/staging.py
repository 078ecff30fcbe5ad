"""Temporary tables that hold the export as it came, on PostgreSQL by COPY, on SQLite by executemany."""

import base64
import os
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _
from psycopg.copy import QueuedLibpqWriter
from stdnum.si import ddv

from mojplin.domain.supply.models import Payer
from mojplin.foundation.protected import encrypted, lookup_hash
from mojplin.interfaces.erp.contract import OPEN_ITEMS, PAYERS, Column, File, Kind
from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.reading import Chunk
from mojplin.interfaces.erp.feed.tables import OPEN_ITEMS_STAGING, TABLE_OF, TABLES, Rule

TAX_COLUMNS = ("tax_number_hash", "tax_number_encrypted", "tax_number_last3")
OWN_TABLES = {
    "feed_open_by_document": "document_number text, open_eur decimal(14, 2)",
    "feed_open_unsure": "document_number text",
    "feed_contract_attached": "file_name text, path text",
    "feed_attached": "document_number text, xml_path text, xml_state text, pdf_path text",
}


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def staging_name(file: File) -> str:
    return OPEN_ITEMS_STAGING if file is OPEN_ITEMS else TABLE_OF[file.name].staging


def staged_columns(file: File) -> list[str]:
    """Return the columns of the staging table: the line, those of the file, and what the portal adds itself."""
    names = [column.name for column in file.columns if column.name != "tax_number"]
    if file is PAYERS:
        names += TAX_COLUMNS
    if file.name in TABLE_OF:
        names += TABLE_OF[file.name].made_once
    return ["line", *names]


def prepare_staging(files: Sequence[File]) -> None:
    """Make the temporary tables anew and set the session to long work."""
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = '60s'")
            cursor.execute("SET work_mem = '256MB'")
            cursor.execute("SET default_statistics_target = 10")
            cursor.execute("SET temp_buffers = '64MB'") if not _temporary_tables_used(cursor) else None
        drop_staging(files)
        for file in files:
            types = {column.name: _type(column) for column in file.columns}
            columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in staged_columns(file)[1:])
            cursor.execute(f"CREATE TEMPORARY TABLE {staging_name(file)} (line bigint, {columns})")
        for name, columns in OWN_TABLES.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")


def drop_staging(files: Sequence[File]) -> None:
    with connection.cursor() as cursor:
        for name in [*map(staging_name, files), *OWN_TABLES, *(f"{table.staging}_change" for table in TABLES)]:
            if is_postgresql():
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            else:
                cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")


def reset_session() -> None:
    if is_postgresql():
        with connection.cursor() as cursor:
            for setting in ("statement_timeout", "lock_timeout", "work_mem", "default_statistics_target"):
                cursor.execute(f"RESET {setting}")


class Stage:
    """Where the chunks of one file go."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.nullable = {i for i, column in enumerate(file.columns) if column.kind not in (Kind.TEXT, Kind.CODE)}
        self.tax_position = next((i for i, each in enumerate(file.columns) if each.name == "tax_number"), None)
        self.known_hashes: Mapping[str, str] = {}
        if self.tax_position is not None:
            self.known_hashes = dict(Payer.objects.values_list("number", "tax_number_hash"))
        self.makes_public_ids = file.name in TABLE_OF and bool(TABLE_OF[file.name].made_once)

    def write(self, chunks: Iterator[Chunk]) -> None:
        if is_postgresql():
            self._copy(chunks)
        else:
            self._insert(chunks)

    def _copy(self, chunks: Iterator[Chunk]) -> None:
        name = staging_name(self.file)
        with transaction.atomic(), connection.cursor() as cursor:
            statement = f"COPY {name} ({', '.join(staged_columns(self.file))}) FROM STDIN"
            with cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy:
                for chunk in chunks:
                    if chunk.lines:
                        copy.write(_copy_text(self._staged(chunk, "\\N", _escaped)))
            cursor.execute(f"ANALYZE {name}")

    def _insert(self, chunks: Iterator[Chunk]) -> None:
        """Without a transaction: SQLite's would keep every other writer out, and temporary tables need none."""
        places = ", ".join(["%s"] * len(staged_columns(self.file)))
        with connection.cursor() as cursor:
            for chunk in chunks:
                rows = zip(*self._staged(chunk, None, list), strict=True)
                cursor.executemany(f"INSERT INTO {staging_name(self.file)} VALUES ({places})", list(rows))

    def _staged(self, chunk: Chunk, null, texts) -> list[Sequence]:
        columns: list[Sequence] = [list(map(str, chunk.lines))]
        for position, values in enumerate(chunk.columns):
            if position == self.tax_position:
                continue
            if position in self.nullable:
                columns.append([value or null for value in values] if "" in values else values)
            else:
                columns.append(texts(values))
        if self.tax_position is not None:
            columns += self._tax_columns(chunk.column(self.file, "payer_number"), chunk.columns[self.tax_position])
        if self.makes_public_ids:
            columns.append(_public_ids(len(chunk.lines)))
        return columns

    def _tax_columns(self, payers: Sequence[str], numbers: Sequence[str]) -> list[Sequence[str]]:
        """Return hash, encrypted number (empty where the payer has this number already) and last digits."""
        hashes = list(map(lookup_hash, numbers))
        secret = [
            "" if self.known_hashes.get(payer) == digest else encrypted(number)
            for payer, digest, number in zip(payers, hashes, numbers, strict=True)
        ]
        return [hashes, secret, [number[-3:] for number in numbers]]


def with_tax_numbers_checked(chunks: Iterator[Chunk], findings: Findings) -> Iterator[Chunk]:
    """Take the leading SI off the tax numbers and set the payers aside whose Slovenian number cannot be."""
    position = [column.name for column in PAYERS.columns].index("tax_number")
    for chunk in chunks:
        numbers = [ddv.compact(value) for value in chunk.columns[position]]
        good = [ddv.is_valid(number) or _is_foreign(number) for number in numbers]
        chunk.columns[position] = numbers
        for line, number, is_good in zip(chunk.lines, numbers, good, strict=True):
            if not is_good:
                findings.put_aside(PAYERS.name, line, "tax_number", number, _("The check digit is wrong."))
        if not all(good):
            chunk.keep_only(good)
        yield chunk


def set_aside_doubles(file: File, findings: Findings) -> None:
    """Keep the first of the rows with the same key."""
    name, key = staging_name(file), ", ".join(file.key)
    same = " AND ".join(f"d.{column} = s.{column}" for column in file.key)
    doubles = f"SELECT {key}, MIN(line) AS line FROM {name} GROUP BY {key} HAVING COUNT(*) > 1"
    later = f"SELECT s.line, s.{file.key[0]} FROM {name} s JOIN ({doubles}) d ON {same} AND s.line <> d.line"
    remove(file, later, file.key[0], _("The row stands in the file twice."), findings)


def apply_rules(file: File, rules: Sequence[Rule], findings: Findings) -> None:
    """Set aside the rows that break a rule between columns; one pass when, as usual, none does."""
    if not rules:
        return
    name = staging_name(file)
    with connection.cursor() as cursor:
        any_broken = " OR ".join(f"({rule.broken})" for rule in rules)
        cursor.execute(f"SELECT 1 FROM {name} s WHERE {any_broken} LIMIT 1")
        if cursor.fetchone() is None:
            return
    for rule in rules:
        query = f"SELECT s.line, s.{rule.column} FROM {name} s WHERE {rule.broken}"
        if rule.is_warning:
            for line, value in _found(query):
                findings.warn(file.name, line, rule.column, value, rule.reason)
        else:
            remove(file, query, rule.column, rule.reason, findings)


def remove(file: File, query: str, column: str, reason: str, findings: Findings) -> list[int]:
    """Take the rows the query names (line, value) out of the staging table, say why, and return their lines."""
    found = _found(query)
    for line, value in found:
        findings.put_aside(file.name, line, column, value, reason)
    if found:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {staging_name(file)} WHERE line IN (SELECT q.line FROM ({query}) q)")
    return [line for line, _value in found]


def _found(query: str) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(line, "" if value is None else str(value)) for line, value in cursor.fetchall()]


def _type(column: Column) -> str:
    match column.kind:
        case Kind.DATE:
            return "date"
        case Kind.INTEGER:
            return "integer"
        case Kind.DECIMAL:
            return f"decimal({column.size}, {column.places})"
        case _:
            return "text"


def _temporary_tables_used(cursor) -> bool:
    cursor.execute("SELECT pg_my_temp_schema() <> 0")
    return bool(cursor.fetchone()[0])


def _copy_text(columns: list[Sequence[str]]) -> str:
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _escaped(values: Sequence[str]) -> Sequence[str]:
    """Control characters were refused before, so only the backslash has a meaning for COPY."""
    return [value.replace("\\", "\\\\") for value in values] if "\\" in "".join(values) else values


def _public_ids(count: int) -> list[str]:
    """Return as many random ids, 22 characters of 132 random bits, in the letters of `new_public_id`."""
    letters = base64.urlsafe_b64encode(os.urandom(18 * count)).decode()
    return [letters[start : start + 22] for start in range(0, 24 * count, 24)]


def _is_foreign(number: str) -> bool:
    return number.isascii() and number.isalnum() and number[:2].isalpha() and number[:2].isupper()
