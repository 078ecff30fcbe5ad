"""What every test needs of the machinery: append-only tables let go of their rows when a test database is emptied.

At the end the size of the route matrix is printed.
"""

import pytest
from django.db import connection

from mojplin.domain.publishing import running

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@pytest.fixture(autouse=True, scope="session")
def emptying_takes_append_only_tables_too():
    """PostgreSQL truncates, past the triggers; SQLite deletes, so its triggers stand aside meanwhile."""
    if connection.vendor != "sqlite":
        yield
        return
    operations_class = type(connection.ops)
    delete_all = operations_class.sql_flush

    def without_triggers(operations, *arguments, **options):
        statements = delete_all(operations, *arguments, **options)
        with connection.cursor() as cursor:
            triggers = cursor.execute(TRIGGERS).fetchall()
        return [*(f'DROP TRIGGER "{name}"' for name, _sql in triggers), *statements, *(sql for _name, sql in triggers)]

    operations_class.sql_flush = without_triggers
    yield
    operations_class.sql_flush = delete_all


@pytest.fixture(autouse=True)
def no_crisis_is_remembered():
    """What a process remembers outlives the rows of a test."""
    running._memory.remember(())


def pytest_terminal_summary(terminalreporter):
    passed = [dict(report.user_properties) for report in terminalreporter.getreports("passed") if report.when == "call"]
    cells = [told["matrix cells"] for told in passed if "matrix cells" in told]
    if cells:
        terminalreporter.write_line(f"Route matrix: {sum(cells):,} cells, {len(cells)} roles.")
