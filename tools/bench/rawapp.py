"""The raw limit: a bare application, one statement and a string; what no framework can beat on this machine."""

import os
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

DSN = os.environ["BENCH_DSN"]
PAYER_ID = int(os.environ["BENCH_PAYER_ID"])
_local = threading.local()

LIST = """
SELECT number, kind, issued_on, due_on, amount_eur, open_eur FROM billing_document
WHERE payer_id = %s ORDER BY issued_on DESC, id DESC LIMIT 20
"""
INSERT = "INSERT INTO bench_reading (number, value_m3) VALUES (%s, %s)"


def connection() -> psycopg.Connection[tuple[Any, ...]]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(DSN, autocommit=True, prepare_threshold=2)
    return _local.connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        connection().execute(INSERT, (secrets.token_hex(8), 4399))
        body = b"done"
    else:
        rows = connection().execute(LIST, (PAYER_ID,)).fetchall()
        body = "".join(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>".format(*row) for row in rows
        ).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
