"""`make attack`: simulated attackers against linking, on a throwaway PostgreSQL; writes docs/attack.md."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import postgres
from tools.attack import report

ROOT = Path(__file__).resolve().parent.parent.parent
BASE, PARTS = "base", ("stranger", "neighbours")


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tools.attack", description=__doc__)
    arguments.add_argument("--payers", type=int, default=30_000)
    arguments.add_argument(
        "--tries", type=int, default=101_000, help="of all attackers; who opens a target makes a few less"
    )
    arguments.add_argument("--failures", type=int, default=2_000, help="mixed failures through the real pages")
    arguments.add_argument("--page", type=Path, default=ROOT / "docs/attack.md", help="where the result is written")
    arguments.add_argument("--part", help="used by itself")
    arguments.add_argument("--into", type=Path)
    options = arguments.parse_args()
    return one_part(options) if options.part else all_parts(options)


def one_part(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from tools.attack import run

    run.part(options.part, payers=options.payers, tries=options.tries, failures=options.failures, into=options.into)
    return 0


def all_parts(options: argparse.Namespace) -> int:
    began_at = time.monotonic()
    with postgres.throwaway_cluster() as cluster, tempfile.TemporaryDirectory(prefix="mojplin-attack-") as folder:
        postgres.make_database(cluster, BASE)
        ended = [begin(BASE, cluster, Path(folder), options).wait()]
        for name in (*PARTS, "answers"):
            postgres.make_database(cluster, name, copy_of=BASE)
        built_until = time.monotonic()
        ended += [process.wait() for process in [begin(name, cluster, Path(folder), options) for name in PARTS]]
        attacked_until = time.monotonic()
        # After the others, because it measures time.
        ended.append(begin("answers", cluster, Path(folder), options).wait())
        if any(ended):
            return 1
        rows = [row for name in PARTS for row in json.loads((Path(folder) / f"{name}.json").read_text())]
        answers = json.loads((Path(folder) / "answers.json").read_text())
    seconds = {"attacked": attacked_until - built_until, "all": time.monotonic() - began_at}
    facts = {"payers": options.payers, "accounts": 500, "addresses": 200, "machine": machine(), "seconds": seconds}
    text = report.markdown(rows, answers, facts)
    options.page.write_text(text, encoding="utf-8")
    print(text)
    wrong = report.faults(rows, answers)
    print("\n".join(wrong) or "Every bound holds.")
    return 1 if wrong else 0


def machine() -> str:
    """Return what the run was made on, for whoever compares two of them."""
    info = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return f"{os.cpu_count()} cores, {models[0] if models else platform.machine()}"


def begin(name: str, cluster: str, folder: Path, options: argparse.Namespace) -> "subprocess.Popen[bytes]":
    """Start one part in a process, on the database of its name."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MOJPLIN_", "DJANGO_"))}
    environment |= {
        "MOJPLIN_DATABASE_URL": postgres.url(cluster, name),
        "MOJPLIN_DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "tools.attack", "--part", name, "--into", str(folder / f"{name}.json")]
    command += ["--payers", str(options.payers), "--tries", str(options.tries), "--failures", str(options.failures)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
