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
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mojplin.foundation.testing import SOUND_PAGES
from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
APT_LOCK_SECONDS = 400
PYTEST = ["pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
IN_A_BROWSER = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
JOURNEYS = ["--ignore=tests/browser", "-n", "2", "--dist", "worksteal", "-p", "no:playwright"]
GIVES_WAY = 5
"""Niceness of what runs beside Chromium: one browser after another is the longest row, the rest fills what it leaves."""


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
    with tempfile.TemporaryDirectory(prefix="mojplin-check-") as folder, postgres.throwaway_cluster() as cluster:
        chromium = PytestRun(Path(folder) / "chromium", ["tests/browser"], IN_A_BROWSER, is_beside=True)
        for name, command in {
            "Format": ["ruff", "format", "--check", "."],
            "Lint": ["ruff", "check", "."],
            "Types": ["mypy"],
            "Import rules": ["lint-imports"],
        }.items():
            step(name, tally, lambda command=command: (1, 0) if call(command) == 0 else (0, 1))
        told = {SOUND_PAGES: str(Path(folder) / "sound-pages")}
        for name, environment in {
            "Tests on SQLite": told,
            "Tests on PostgreSQL, those that have a database": told | {"MOJPLIN_DATABASE_URL": postgres.url(cluster)},
        }.items():
            run = partial(PytestRun, Path(folder) / f"run-{len(environment)}", JOURNEYS, environment)
            step(name, tally, lambda run=run: run().ended())
        step("Journeys in Chromium, begun beside the others", tally, chromium.ended)
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


def call(command: list[str]) -> int:
    """Run a program of this `.venv`, in an environment that nothing outside has decided."""
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]], cwd=ROOT, env=clean_environment(), check=False, preexec_fn=give_way
    ).returncode


def give_way() -> None:
    os.nice(GIVES_WAY)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("MOJPLIN_", "DJANGO_"))}


class PytestRun:
    """A run of pytest that has begun.

    :param is_beside: whether it goes on beside others; what it prints is then shown when it has ended. A browser waits
        more than it works, so the journeys in Chromium do.
    """

    def __init__(self, folder: Path, arguments: list[str], environment: dict[str, str], *, is_beside: bool = False):
        folder.mkdir()
        self.report = folder / "report.xml"
        self.printed = folder / "printed.txt" if is_beside else None
        command = [PROGRAMS / PYTEST[0], *PYTEST[1:], f"--junitxml={self.report}", *arguments]
        with self.printed.open("wb") if self.printed else nullcontext() as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=clean_environment() | environment, stdout=output, stderr=output,
                preexec_fn=None if is_beside else give_way,
            )  # fmt: skip

    def ended(self) -> tuple[int, int]:
        """Wait for the end; return how many tests passed and failed: none at all is a failure, a skipped one too."""
        code = self.process.wait()
        if self.printed:
            print(self.printed.read_text(errors="replace"), flush=True)
        if not self.report.exists():
            return 0, 1
        suite = ET.parse(self.report).getroot().find("testsuite")  # written by pytest a moment ago
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
