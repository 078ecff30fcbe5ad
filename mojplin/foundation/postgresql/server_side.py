"""Statements the server has prepared, run by the driver's own library calls.

A psycopg cursor prepares too, but what it does around each statement takes longer than the statement itself
(decisions/0016). A statement is prepared on a connection the first time it is asked there; both end together. The
driver itself must prepare nothing (`prepare_threshold` None): it forgets what the server knows after each rollback.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, OperationalError, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

MOST_PREPARED = 200
"""On one connection: a list of places of another length is another statement, and the server keeps them all."""
PLACE = re.compile("%[%s]")

_Key = tuple[str, tuple[int, ...]]
"""A statement and the types of its parameters, which the driver chooses by their values."""
_prepared: WeakKeyDictionary[Connection[Any], OrderedDict[_Key, bytes]] = WeakKeyDictionary()
"""By connection: the names under which the server knows its statements, the last used last."""


def fetched(connection: Connection[Any], sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that returns rows; `%s` stands for each parameter.

    :raises psycopg.Error: as the driver's cursor does.
    """
    _begin_where_due(connection)
    adapted = Transformer(connection)
    values: Any = adapted.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
    name = _name(connection, (sql, tuple(adapted.types or ())))
    result = _checked(connection, connection.pgconn.exec_prepared(name, values, adapted.formats))
    adapted.set_pgresult(result)
    return adapted.load_rows(0, result.ntuples, tuple)


def _begin_where_due(connection: Connection[Any]) -> None:
    """Begin the transaction that the driver would begin before the first statement."""
    if not connection.autocommit and connection.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        _checked(connection, connection.pgconn.exec_(b"BEGIN"))


def _name(connection: Connection[Any], key: _Key) -> bytes:
    """Return the name of the prepared statement, after preparing it when it is new here."""
    known = _prepared.setdefault(connection, OrderedDict())
    name = known.get(key)
    if name is not None:
        known.move_to_end(key)
        return name
    if len(known) >= MOST_PREPARED:
        _key, oldest = known.popitem(last=False)
        _checked(connection, connection.pgconn.exec_(b"DEALLOCATE " + oldest))
    sql, types = key
    numbers = count(1)
    asked = PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${next(numbers)}", sql)
    name = b"portal_%d" % next(_serial)
    _checked(connection, connection.pgconn.prepare(name, asked.encode(), types))
    known[key] = name
    return name


_serial = count(1)


def _checked(connection: Connection[Any], result: pq.abc.PGresult) -> pq.abc.PGresult:
    """Return the result of a call that went well.

    :raises psycopg.OperationalError: the connection is gone.
    :raises psycopg.Error: what the server says is wrong.
    """
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if connection.pgconn.status == pq.ConnStatus.BAD:
        raise OperationalError(connection.pgconn.get_error_message())
    raise error_from_result(result, encoding="utf-8")
