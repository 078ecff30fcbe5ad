"""Statements written once: the ORM builds the SQL the first time, later only its values are filled in.

Building a statement takes the ORM longer than the database needs to answer it; pages that everybody opens
all day should not pay that again and again.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Model

from mojplin.foundation.postgresql import server_side

Build = Callable[..., Any]
_FIRST_MARK = -7_000_000_000_001
"""Marks stand for the values while the statement is built; no key of a table is ever below zero."""
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    holes: tuple[tuple[int, int, type], ...]
    """Position among the parameters, which argument goes there, and the type the driver wants."""
    compiler: Any
    converters: dict[int, Any]


def rows(build: Build, arguments: Sequence[int | str | date], *shape: Hashable) -> list[Sequence[Any]]:
    """Return the rows of `build(arguments, *shape)`, a `values_list` queryset of a module-level function.

    :param arguments: whole numbers, texts and days, each of which may only become a parameter of the statement.
    :param shape: everything else the statement depends on; another shape or count is another statement.
    """
    statement = _statement(build, tuple(map(type, arguments)), shape, DEFAULT_DB_ALIAS)
    parameters = list(statement.parameters)
    connection = connections[DEFAULT_DB_ALIAS]
    for position, argument, kind in statement.holes:
        value = arguments[argument]
        parameters[position] = connection.ops.adapt_datefield_value(value) if isinstance(value, date) else kind(value)
    found = _fetched(connection, statement.sql, parameters)
    if not statement.converters:
        return list(found)
    return list(statement.compiler.apply_converters(found, statement.converters))


def insert(objects: Sequence[Model]) -> None:
    """Write new objects of one model in one statement; they learn their keys, no signal is sent."""
    model, connection = type(objects[0]), connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create(objects)
        return
    fields = _written(model)
    values = [
        field.get_db_prep_save(field.pre_save(each, True), connection=connection)
        for each in objects
        for field in fields
    ]
    keys = _fetched(connection, _insertion(model, len(objects)), values)
    for each, (key,) in zip(objects, keys, strict=True):
        each.pk, each._state.adding, each._state.db = key, False, DEFAULT_DB_ALIAS


def update(model: type[Model], where: Mapping[str, Any], **values: Any) -> None:
    """Set the values in the rows that have all of the others, in one statement; no signal is sent.

    :param where: by the names of fields, as `values`; keys of other rows by theirs (`payer_id`). None of them is null.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        model._base_manager.filter(**where).update(**values)
        return
    fields = {each.attname: each for each in model._meta.concrete_fields}
    sent = [
        fields[name].get_db_prep_save(value, connection=connection) for name, value in [*values.items(), *where.items()]
    ]
    _fetched(connection, _change(model, tuple(values), tuple(where)), sent)


@lru_cache(maxsize=64)
def _change(model: type[Model], values: tuple[str, ...], where: tuple[str, ...]) -> str:
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = {each.attname: f"{quoted(str(each.column))} = %s" for each in model._meta.concrete_fields}
    return (
        f"UPDATE {quoted(model._meta.db_table)} SET {', '.join(columns[each] for each in values)} "  # noqa: S608
        f"WHERE {' AND '.join(columns[each] for each in where)}"
    )


@lru_cache(maxsize=64)
def _insertion(model: type[Model], count: int) -> str:
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quoted(str(field.column)) for field in _written(model)]
    one = f"({', '.join(['%s'] * len(columns))})"
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)}) "  # noqa: S608  # names of our own models
        f"VALUES {', '.join([one] * count)} RETURNING {quoted(str(model._meta.pk.column))}"
    )


def _written(model: type[Model]) -> list[Any]:
    return [each for each in model._meta.concrete_fields if not isinstance(each, AutoField) and not each.generated]


def _fetched(connection: Any, sql: str, parameters: list[Any]) -> Sequence[Sequence[Any]]:
    """Run a statement as prepared on the connection of the driver where nobody listens to what Django's cursor does."""
    if connection.vendor == "postgresql" and not (connection.force_debug_cursor or connection.execute_wrappers):
        if connection.connection is None or not connection.health_check_done:
            connection.close_if_health_check_failed()
            connection.ensure_connection()
        try:
            return server_side.fetched(connection.connection, sql, parameters)
        except psycopg.Error as fault:
            with connection.wrap_database_errors:  # Django's own kinds of error
                raise fault
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []


@lru_cache(maxsize=512)
def _statement(build: Build, kinds: tuple[type, ...], shape: tuple[Hashable, ...], alias: str) -> _Statement:
    marks = [
        date.fromordinal(_LAST_DAY - each) if kind is date else kind(_FIRST_MARK - each)
        for each, kind in enumerate(kinds)
    ]
    compiler = build(marks, *shape).query.get_compiler(alias)
    sql, parameters = compiler.as_sql()
    ops = connections[alias].ops
    sent = [ops.adapt_datefield_value(mark) if isinstance(mark, date) else mark for mark in marks]
    holes = tuple(
        (position, sent.index(value), type(value))
        for position, value in enumerate(parameters)
        if isinstance(value, int | str | date) and value in sent
    )
    columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    return _Statement(sql, tuple(parameters), holes, compiler, compiler.get_converters(columns))
