"""Statements prepared on the server answer as the driver's cursor does, in every state of the connection."""

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from mojplin.domain.supply.models import FeedRun
from mojplin.foundation import prepared
from mojplin.foundation.postgresql import server_side
from mojplin.foundation.prepared import rows

on_postgresql = pytest.mark.django_db(transaction=True)


def runs_named(asked):
    return FeedRun.objects.filter(folder__in=asked).order_by("pk").values_list("pk", "folder")


@pytest.mark.django_db
def test_a_statement_of_many_lengths_is_answered_rightly_however_often_it_changes():
    for count in (*range(1, server_side.MOST_PREPARED + 20), 1, 2):
        assert rows(runs_named, [f"run {n}" for n in range(count)]) == []


@on_postgresql
def test_outside_and_inside_of_a_transaction_the_rows_are_the_same():
    def asked():
        return prepared._fetched(connection, "SELECT %s::text, '100 %%', %s::int", ["šč", 70_000])

    if connection.vendor != "postgresql":
        found = prepared._fetched(connection, "SELECT %s, '100 %%', %s", ["šč", 70_000])
        assert [tuple(row) for row in found] == [("šč", "100 %", 70_000)]
        return
    outside = asked()
    with transaction.atomic():
        first = asked()
        again = asked()
    assert [*outside, *first, *again] == [("šč", "100 %", 70_000)] * 3


@on_postgresql
def test_numbers_of_every_size_find_their_place():
    if connection.vendor != "postgresql":
        return
    for number in (1, 70_000, 5_000_000_000):
        assert prepared._fetched(connection, "SELECT %s::bigint", [number]) == [(number,)]


@on_postgresql
def test_what_the_server_refuses_is_djangos_own_error():
    if connection.vendor != "postgresql":
        return
    with pytest.raises(ProgrammingError):
        prepared._fetched(connection, "SELECT nothing_of_that_name", [])
    assert prepared._fetched(connection, "SELECT 1", []) == [(1,)]


@on_postgresql
def test_a_connection_that_is_gone_is_an_outage():
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params() | {"dbname": connection.settings_dict["NAME"]}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        prepared._fetched(connection, "SELECT 1", [])
    connection.close()
    assert prepared._fetched(connection, "SELECT 1", []) == [(1,)]


@on_postgresql
def test_after_a_rollback_the_server_still_knows_what_it_prepared():
    assert rows(runs_named, ["run 1"]) == []
    with transaction.atomic():
        assert rows(runs_named, ["run 1"]) == []
        transaction.set_rollback(True)
    assert rows(runs_named, ["run 1"]) == []
    with transaction.atomic():
        with (
            pytest.raises(ProgrammingError if connection.vendor == "postgresql" else OperationalError),
            transaction.atomic(),
        ):
            prepared._fetched(connection, "SELECT nothing FROM of_that_name", [])
        assert rows(runs_named, ["run 1"]) == []
