"""A throwaway PostgreSQL cluster on a Unix socket, for tests and benchmarks; gone when the block ends."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
SYSTEM_PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Where runuser is, which a short PATH may leave out."""
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl (newest version, 15 or later), or None when there is none."""
    versions = [path for path in DEBIAN_BINARIES.glob("*/bin") if (path / "initdb").exists()]
    versions = sorted(
        (path for path in versions if int(path.parent.name) >= 15), key=lambda path: int(path.parent.name)
    )
    found = shutil.which("initdb")
    return versions[-1] if versions else Path(found).parent if found else None


def _as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: use its own user there."""
    runuser = shutil.which("runuser", path=SYSTEM_PROGRAMS) or "runuser"
    return [runuser, "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def throwaway_cluster(*, settings: tuple[str, ...] = UNSAFE_BUT_FAST) -> Iterator[str]:
    """Start a cluster and give its folder (which is also the socket's); database and user are `portal`."""
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL 15 or later is missing: install it (Debian: apt-get install postgresql).")
    folder = Path(tempfile.mkdtemp(prefix="mojplin-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    try:
        init = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(_as_owner(init), **run)
        options = f"-k {folder} -c listen_addresses=''" + "".join(f" -c {setting}" for setting in settings)
        start = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(_as_owner(start), **run)
        subprocess.run(_as_owner([str(programs / "createdb"), "-h", str(folder), "-U", "portal", "portal"]), **run)
        yield str(folder)
    finally:
        subprocess.run(
            _as_owner([str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]), stdout=subprocess.DEVNULL
        )
        shutil.rmtree(folder, ignore_errors=True)


def url(folder: str, database: str = "portal") -> str:
    """Return the MOJPLIN_DATABASE_URL of a database of that cluster."""
    return f"postgresql://portal@/{database}?host={folder}"


def make_database(folder: str, database: str, *, copy_of: str = "template1") -> None:
    """Make one more database in that cluster, as a copy of one that nobody is connected to."""
    programs = binaries()
    assert programs is not None
    command = [str(programs / "createdb"), "-h", folder, "-U", "portal", "-T", copy_of, database]
    subprocess.run(_as_owner(command), check=True, cwd=folder)
