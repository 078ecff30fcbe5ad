"""What is measured, in which order; every ratio compares two things of the same run."""

import argparse
import json
import statistics
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import django

from tools import postgres
from tools.bench import load, report

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL_DOCUMENTS = 10_000
WITH_EIGHT_CLIENTS = ("raw", "plain_django", "lean_django", "documents", "home")


def run_all(*, cluster: str, folder: Path, options: argparse.Namespace) -> None:
    django.setup()
    from tools.bench import codes, pages, searching

    print("Filling the large and the small database ...", flush=True)
    readers = {
        name: pages.prepare(cluster, name, documents=documents)
        for name, documents in (("large", options.documents), ("small", min(SMALL_DOCUMENTS, options.documents)))
    }
    pages.collect_static()
    figures = measured_pages(cluster, readers, options)
    figures |= pages.statements_and_weight(cluster, readers["large"])
    pages.use_database(cluster, "large")
    figures["search_ms"] = searching.slowest_ms()
    figures["code_ms"] = codes.drawing_ms()
    figures |= measured_take_in(cluster, folder, options)
    flat = report.ratios(figures)
    (ROOT / "docs/benchmarks.json").write_text(json.dumps(flat, indent=2) + "\n", encoding="utf-8")
    (ROOT / "docs/benchmarks.md").write_text(report.markdown(flat, figures, options), encoding="utf-8")
    print((ROOT / "docs/benchmarks.md").read_text(encoding="utf-8"))


def measured_pages(cluster: str, readers: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Return the measured rates by name; all servers run side by side and their rounds are interleaved."""
    from tools.bench import pages

    large, small = readers["large"], readers["small"]
    raw = {"BENCH_DSN": f"host={cluster} user=portal dbname=large", "BENCH_PAYER_ID": str(large.payer_id)}
    plain = raw | {"MOJPLIN_DATABASE_URL": postgres.url(cluster, "large")}
    with (
        load.serving("tools.bench.rawapp:application", raw) as raw_server,
        load.serving("tools.bench.plainview:application", plain) as plain_server,
        load.serving("tools.bench.leanview:application", raw) as lean_server,
        served_portal(cluster, "large") as ours,
        served_portal(cluster, "small") as small_ours,
    ):
        at = {
            "raw": (raw_server, "/", {}, ""),
            "plain_django": (plain_server, "/", {}, ""),
            "lean_django": (lean_server, "/", large.headers, ""),
            "documents": (ours, large.documents_path, large.headers, ""),
            "home": (ours, large.home_path, large.headers, ""),
            "consumption": (ours, large.consumption_path, large.headers, ""),
            "small_documents": (small_ours, small.documents_path, small.headers, ""),
            "small_home": (small_ours, small.home_path, small.headers, ""),
            "raw_insert": (raw_server, "/", {}, "wrk.method = 'POST'"),
            "submit": (ours, large.submit_path, {}, large.submit_script),
        }
        rounds: dict[str, list[load.Measured]] = {}
        for round_number in range(options.rounds):
            for name, (server, path, headers, script) in at.items():
                for clients in (1, 8) if name in WITH_EIGHT_CLIENTS else (1,):
                    url = f"http://127.0.0.1:{server.port}{path}"
                    if name == "submit":
                        pages.open_the_page(cluster)
                    result = load.load(url, clients=clients, seconds=options.seconds, headers=headers, script=script)
                    rounds.setdefault(f"{name}_c{clients}", []).append(result)
                    print(f"round {round_number + 1} {name} c{clients}: {result}", flush=True)
        figures: dict[str, Any] = {name: load.median(each) for name, each in rounds.items()}
        figures["worker_rss_mb"] = ours.peak_rss_mb()
    return figures


def served_portal(cluster: str, database: str) -> AbstractContextManager[load.Server]:
    environment = {"MOJPLIN_DATABASE_URL": postgres.url(cluster, database)}
    return load.serving("mojplin.config.wsgi:application", environment, threads=load.OUR_THREADS)


def measured_take_in(cluster: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return documents a second of `take_in` (first and unchanged), plain COPY and upsert, medians of the rounds."""
    from tools.bench import pages, takein

    payers = max(options.documents // 10, 1)
    exports = (folder / "feed-1", folder / "feed-2")
    for sequence, export in enumerate(exports, start=1):
        takein.write_export(export, payers=payers, documents=options.documents, sequence=sequence)
    rounds = []
    for number in range(options.rounds):
        pages.use_database(cluster, f"takein_{number + 1}")
        rounds.append(takein.rates_of_one_round(exports, options.documents))
        print(f"round {number + 1} take_in: {rounds[-1]}", flush=True)
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def machine() -> str:
    cpu = subprocess.run(["lscpu"], capture_output=True, text=True, check=False).stdout
    model = next(
        (line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("Model name")), "unknown"
    )
    return model
