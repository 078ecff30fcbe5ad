"""A migrated database, made once and copied for each process that runs tests: all migrations take ten seconds of work.

A copy is used only by those who have the very same migrations. It still goes through `migrate`, which then finds
nothing to do, so what a copy lacked would be made up for.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "migrated"
FOUNDATION = ROOT / "mojplin" / "foundation"
"""The only code of ours that migrations call: `test_migrations_lean_on_nothing_that_changes_unseen`."""


def be_a_copy(connection: Any) -> None:
    """See to it that the test database, which is made next, starts as a copy of a migrated one."""
    with one_at_a_time():
        if connection.vendor == "sqlite":
            shutil.copyfile(migrated_file(connection), connection.settings_dict["TEST"]["NAME"])
        else:
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_on_the_server(connection)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key() -> str:
    """Return what changes with any migration of any app, with the code they call, and with Django."""
    files = [path for app in apps.get_app_configs() for path in sorted(Path(app.path, "migrations").glob("*.py"))]
    digest = sha256(django.__version__.encode())
    for path in [*files, *sorted(FOUNDATION.rglob("*.py"))]:
        digest.update(b"%s\0%s\0" % ("/".join(path.parts[-3:]).encode(), path.read_bytes()))
    return digest.hexdigest()[:32]


def migrated_file(connection: Any) -> Path:
    path = KEPT / f"{key()}.sqlite3"
    if not path.exists():
        for earlier in KEPT.glob("*.sqlite3*"):
            earlier.unlink()
        making = path.with_suffix(".sqlite3-making")
        migrate(connection, str(making))
        making.rename(path)
    return path


def migrated_on_the_server(connection: Any) -> str:
    name = f"migrated_{key()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute("DROP DATABASE IF EXISTS migrated_making")
            cursor.execute("CREATE DATABASE migrated_making")
            migrate(connection, "migrated_making")
            cursor.execute(f"ALTER DATABASE migrated_making RENAME TO {name}")
    return name


def migrate(connection: Any, database: str) -> None:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
