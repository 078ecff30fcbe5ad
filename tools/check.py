"""`make test`: everything that proves the portal, step by step; ends non-zero if anything failed.

PostgreSQL and Chromium are part of the proof. On Debian or Ubuntu as root they are installed when missing; elsewhere
one sentence says what to install, and the run fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
APT_LOCK_SECONDS = 400
PYTEST = ["pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
JOURNEYS = ["--ignore=tests/browser", "-n", "2", "-p", "no:playwright"]


@dataclass
class Tally:
    """What passed and failed: each step of lint as one, each test as one; a skipped test has failed."""

    passed: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, name: str, *, passed: int, failed: int) -> None:
        self.passed += passed
        self.failed += failed
        if failed:
            self.failures.append(name)


def main() -> int:
    began = time.monotonic()
    if not all([have_postgresql(), have_chromium()]):
        return 1
    tally = Tally()
    for name, command in {
        "Format": ["ruff", "format", "--check", "."],
        "Lint": ["ruff", "check", "."],
        "Types": ["mypy"],
        "Import rules": ["lint-imports"],
    }.items():
        step(name, tally, lambda command=command: (1, 0) if call(command) == 0 else (0, 1))
    step("Tests on SQLite", tally, lambda: run_tests(JOURNEYS))
    with postgres.throwaway_cluster() as folder:
        on_postgresql = {"MOJPLIN_DATABASE_URL": postgres.url(folder)}
        step("Tests on PostgreSQL", tally, lambda: run_tests(JOURNEYS, on_postgresql))
    step(
        "Journey in Chromium",
        tally,
        lambda: run_tests(["tests/browser"], {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}),
    )
    print(f"\nFailed: {', '.join(tally.failures)}" if tally.failures else "")
    print(f"Took {time.monotonic() - began:.0f} s.")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


def step(name: str, tally: Tally, act: Callable[[], tuple[int, int]]) -> None:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    passed, failed = act()
    tally.add(name, passed=passed, failed=failed)
    print(f"== {name}: {passed} passed, {failed} failed, {time.monotonic() - began:.1f} s", flush=True)


def call(command: list[str], extra_environment: dict[str, str] | None = None) -> int:
    """Run a program of this `.venv`, in an environment that nothing outside has decided."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MOJPLIN_", "DJANGO_"))}
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]], cwd=ROOT, env=clean | (extra_environment or {}), check=False
    ).returncode


def run_tests(arguments: list[str], extra_environment: dict[str, str] | None = None) -> tuple[int, int]:
    """Run pytest and return how many tests passed and failed; no test at all is a failure."""
    with tempfile.TemporaryDirectory(prefix="mojplin-check-") as folder:
        report = Path(folder) / "report.xml"
        code = call([*PYTEST, f"--junitxml={report}", *arguments], extra_environment)
        if not report.exists():
            return 0, 1
        suite = ET.parse(report).getroot().find("testsuite")  # written by pytest a moment ago
    counts = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = counts["failures"] + counts["errors"] + counts["skipped"]
    return max(counts["tests"] - failed, 0), failed or int(code != 0)


def have_postgresql() -> bool:
    return have(lambda: postgres.binaries() is not None, "PostgreSQL 15 or later", "postgresql")


def have_chromium() -> bool:
    return have(lambda: any(map(shutil.which, CHROMIUM)), "Chromium", "chromium")


def have(is_there: Callable[[], bool], name: str, package: str) -> bool:
    """Return whether the program is there, after installing it where that is possible."""
    if is_there():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {name} ...", flush=True)
        install(package)
        if is_there():
            return True
    print(f"{name} is missing. On Debian or Ubuntu: sudo apt-get install -y {package}", file=sys.stderr)
    return False


def install(package: str) -> None:
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": False, "stdout": subprocess.DEVNULL}
    lock = ["-o", f"DPkg::Lock::Timeout={APT_LOCK_SECONDS}"]
    subprocess.run(["apt-get", *lock, "update", "-q"], **quiet)  # the system's own
    subprocess.run(["apt-get", *lock, "install", "-y", "-q", "--no-install-recommends", package], **quiet)


if __name__ == "__main__":
    sys.exit(main())
