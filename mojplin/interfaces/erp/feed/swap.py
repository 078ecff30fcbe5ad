"""Staged rows become rows of the portal: only new and changed ones are written, references are found by number.

Everything here runs inside the one transaction of `intake.py`.
"""

from dataclasses import dataclass

from django.db import connection

from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.staging import is_postgresql, remove
from mojplin.interfaces.erp.feed.tables import Table


@dataclass
class Counts:
    """Rows of one file: read, and what became of them."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0


@dataclass(frozen=True)
class Statements:
    """The SQL of one table, made from its description."""

    table: Table

    @property
    def target(self) -> str:
        return self.table.model._meta.db_table

    @property
    def change(self) -> str:
        return f"{self.table.staging}_change"

    @property
    def fields(self) -> dict[str, str]:
        """Target column -> SQL of its new value; what is made once is left out."""
        fields = {field: f"s.{name}" for name, field in self.table.plain.items()}
        fields |= {field: f"r_{name}.id" for name, (field, _model) in self.table.references.items()}
        return fields | dict(self.table.given)

    def _key_match(self) -> str:
        parts = []
        for name in self.table.file.key:
            if name in self.table.references:
                parts.append(f"t.{self.table.references[name][0]} = r_{name}.id")
            else:
                parts.append(f"t.{self.table.plain[name]} = s.{name}")
        return " AND ".join(parts)

    def make_change(self) -> str:
        """Every staged row that is new, differs from the row in the table, or names something unknown."""
        wanted = ", ".join(f"{value} AS {field}" for field, value in self.fields.items())
        made = "".join(f", s.{name} AS {name}" for name in self.table.made_once)
        joins = "".join(
            f" LEFT JOIN {model._meta.db_table} r_{name} ON r_{name}.number = s.{name}"
            for name, (_field, model) in self.table.references.items()
        )
        before = ", ".join(f"t.{field}" for field in self.fields)
        after = ", ".join(self.fields.values())
        differs = "IS DISTINCT FROM" if is_postgresql() else "IS NOT"
        return (
            f"CREATE TEMPORARY TABLE {self.change} AS SELECT s.line, t.id AS id, {wanted}{made}"
            f" FROM {self.table.staging} s{joins} LEFT JOIN {self.target} t ON {self._key_match()}"
            f" WHERE t.id IS NULL OR ({before}) {differs} ({after})"
        )

    def unknown(self, name: str) -> str:
        field, _model = self.table.references[name]
        return (
            f"SELECT s.line, s.{name} FROM {self.change} c JOIN {self.table.staging} s ON s.line = c.line"
            f" WHERE c.{field} IS NULL AND s.{name} <> ''"
        )

    def update(self) -> str:
        values = ", ".join(f"{field} = {self._cast('c', field)}" for field in self.fields)
        return f"UPDATE {self.target} SET {values} FROM {self.change} c WHERE c.id = {self.target}.id"

    def insert(self) -> str:
        fields = [*self.fields, *self.table.made_once]
        constants = self._untouched(fields)
        names = ", ".join([*fields, *constants])
        values = ", ".join([self._cast("c", field) for field in fields] + list(constants.values()))
        return (
            f"INSERT INTO {self.target} ({names}) SELECT {values} FROM {self.change} c"
            " WHERE c.id IS NULL ORDER BY c.line"
        )

    def _untouched(self, fields: list[str]) -> dict[str, str]:
        """Return the columns of the table the feed's files say nothing of, with the value of a new row."""
        constants = {}
        for field in self.table.model._meta.concrete_fields:
            if field.column not in fields and not field.primary_key and not field.generated:
                default = field.get_default()
                constants[field.column] = "NULL" if default is None else f"'{default}'"
        return constants

    def _cast(self, alias: str, field: str) -> str:
        """A constant NULL has no type in the change table of PostgreSQL."""
        if not is_postgresql() or self.table.given.get(field) != "NULL":
            return f"{alias}.{field}"
        return f"CAST({alias}.{field} AS {self.table.model._meta.get_field(field).db_type(connection)})"


def swap_in(table: Table, findings: Findings, counts: Counts) -> None:
    """Write what is new or changed; rows that name something unknown are set aside."""
    statements = Statements(table)
    with connection.cursor() as cursor:
        cursor.execute(statements.make_change())
        if is_postgresql():
            cursor.execute(f"ANALYZE {statements.change}")
        for name in table.references:
            _set_aside_unknown(statements, name, findings)
        cursor.execute(f"SELECT COUNT(*) FROM {table.staging}")
        staged: int = cursor.fetchone()[0]
        cursor.execute(f"SELECT COUNT(*) FROM {statements.change} WHERE id IS NOT NULL")
        counts.changed = cursor.fetchone()[0]
        if counts.changed:
            cursor.execute(statements.update())
        cursor.execute(statements.insert())
        counts.added = max(cursor.rowcount, 0)
    counts.unchanged = staged - counts.added - counts.changed
    counts.set_aside = findings.set_aside[table.file.name]


def _set_aside_unknown(statements: Statements, name: str, findings: Findings) -> None:
    table = statements.table
    reason = f"There is no such row in {_file_of(name)}."
    lines = remove(table.file, statements.unknown(name), name, reason, findings)
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {statements.change} WHERE line NOT IN (SELECT line FROM {table.staging})")


def _file_of(name: str) -> str:
    return f"{name.removesuffix('_number')}s.csv"
