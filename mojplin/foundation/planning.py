"""Statements whose best plan depends on what is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned_each_time() -> Iterator[None]:
    """Have PostgreSQL plan each statement of the block for its own values.

    A prepared statement gets one plan for all values after a while; for "begins with" that plan reads the whole table.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield
