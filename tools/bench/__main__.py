"""Run all benchmarks on a throwaway PostgreSQL and write docs/benchmarks.md and docs/benchmarks.json.

python -m tools.bench [--documents 1000000] [--seconds 5] [--rounds 3]
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tools import postgres
from tools.check import have

SAMPLE = Path(__file__).resolve().parents[2] / "mojplin/config/supplier.toml"
TUNING = (
    "shared_buffers=1GB",
    "maintenance_work_mem=512MB",
    "work_mem=64MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not have(lambda: shutil.which("wrk") is not None, "wrk", "wrk"):
        sys.exit(1)
    with (
        tempfile.TemporaryDirectory(prefix="mojplin-bench-") as folder,
        postgres.throwaway_cluster(settings=TUNING) as cluster,
    ):
        os.environ |= {
            "MOJPLIN_DEMO": "1",
            "MOJPLIN_DATA_DIR": folder,
            "MOJPLIN_SUPPLIER_FILE": str(_supplier_with_open_window(Path(folder))),
            "MOJPLIN_LOG_LEVEL": "ERROR",
            "MOJPLIN_DATABASE_URL": postgres.url(cluster),
            "DJANGO_SETTINGS_MODULE": "mojplin.config.settings",
        }
        from tools.bench.run import run_all

        run_all(cluster=cluster, folder=Path(folder), options=options)


def _supplier_with_open_window(folder: Path) -> Path:
    """Write the sample supplier's file anew, so that readings can be sent on every day."""
    sample = SAMPLE.read_text(encoding="utf-8")
    with_window = re.sub(r"(?m)^window_first_day = \d+$", "window_first_day = 1", sample)
    assert with_window != sample, "the sample's window is named otherwise now"
    file = folder / "supplier.toml"
    file.write_text(with_window, encoding="utf-8")
    return file


if __name__ == "__main__":
    main()
