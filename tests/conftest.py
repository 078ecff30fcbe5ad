"""What every test needs of the machinery: a migrated database, append-only tables that let go of their rows.

On PostgreSQL the tests that have no database are left out; at the end the size of the route matrix is printed.
"""

import gc

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings

from mojplin.domain.publishing import running
from tests.migrated import be_a_copy

# A busy machine is no fault of what is tested.
settings.register_profile("at any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("at any pace")

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """In place of the one of pytest-django, which runs all migrations in each process."""
    with django_db_blocker.unblock():
        be_a_copy(connection)
        made = setup_databases(
            verbosity=0,
            interactive=False,
            aliases={"default"},
            serialized_aliases=set(),
            keepdb=connection.vendor == "sqlite",  # the file is there already
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


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


def pytest_collection_modifyitems(config, items):
    """Leave out on PostgreSQL what pytest-django keeps from every database: it cannot differ from its run on SQLite."""
    if connection.vendor == "sqlite":
        return
    config.hook.pytest_deselected(items=[item for item in items if not has_database(item)])
    items[:] = [item for item in items if has_database(item)]


def pytest_collection_finish():
    """What is loaded by now stays: looking through all of it for garbage again and again took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def has_database(item):
    is_case = isinstance(item.cls, type) and issubclass(item.cls, TransactionTestCase)
    asked_for = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return is_case or bool(asked_for) or item.get_closest_marker("django_db") is not None


def pytest_terminal_summary(terminalreporter):
    passed = [dict(report.user_properties) for report in terminalreporter.getreports("passed") if report.when == "call"]
    cells = [told["matrix cells"] for told in passed if "matrix cells" in told]
    if cells:
        terminalreporter.write_line(f"Route matrix: {sum(cells):,} cells, {len(cells)} roles.")
