"""The index that makes finding fast on PostgreSQL: groups of three letters of a folded text (pg_trgm).

A database whose owner may not have the extension finds all the same, only slower; SQLite always looks at every row.
"""

from typing import Any

import structlog
from django.db import DatabaseError, transaction

log = structlog.get_logger(__name__)


def add_index(schema_editor: Any, table: str) -> None:
    """Index `search_text` of a table, in a migration; where that cannot be, say so and go on."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f'CREATE INDEX "{table}_search" ON "{table}" USING gin (search_text gin_trgm_ops)')
    except DatabaseError as fault:
        log.warning("no_search_index", table=table, fault=str(fault).strip())


def remove_index(schema_editor: Any, table: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f'DROP INDEX IF EXISTS "{table}_search"')
