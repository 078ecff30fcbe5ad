"""The table of the benchmarks: ratios, what must be reached, what is aimed at."""

import argparse
import platform
from datetime import date
from importlib.metadata import version
from typing import Any

TARGETS = (
    ("documents_share_c1", "documents list, 1 client, share of the raw limit", ">=", 0.20, 0.33),
    ("documents_share_c8", "documents list, 8 clients, share of the raw limit", ">=", 0.20, 0.33),
    ("documents_of_lean_c1", "documents list, 1 client, share of the leanest Django page", ">=", 0.53, 0.87),
    ("documents_of_lean_c8", "documents list, 8 clients, share of the leanest Django page", ">=", 0.53, 0.87),
    ("home_share_c1", "Home, 1 client, share of the raw limit", ">=", 0.10, 0.20),
    ("consumption_of_home", "consumption with twenty years of readings, time / that of Home", "<=", 2.0, 1.5),
    ("submit_share_c1", "submitting a reading, share of one INSERT with commit", ">=", 0.10, 0.20),
    ("sql_documents", "SQL statements, documents list", "<=", 4, 2),
    ("sql_home", "SQL statements, Home", "<=", 7, 4),
    ("sql_submit", "SQL statements, submitting a reading", "<=", 12, 8),
    ("growth_ratio", "documents list, time at the large size / at 10,000 documents", "<=", 1.15, 1.05),
    ("first_view_kb", "first view of Home, cold, gzip, KB", "<=", 60, 40),
    ("html_kb", "of which HTML", "<=", 14, 8),
    ("css_kb", "of which CSS", "<=", 14, 11),
    ("js_kb", "of which JavaScript", "<=", 25, 20),
    ("requests", "requests of a first view", "<=", 6, 5),
    ("search_ms", "the office's search, slowest question, ms", "<=", 100, 30),
    ("code_ms", "a payment code nobody has drawn yet, ms", "<=", 20, 10),
    ("worker_rss_mb", "memory of a web worker, peak, MB", "<=", 150, 100),
    ("takein_share_first", "take_in, first, share of COPY of the same rows into the same tables", ">=", 0.4, 0.6),
    ("takein_share_repeat", "take_in, unchanged repeat, share of that COPY", ">=", 0.8, 1.5),
)


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """Return the flat object of results from what was measured."""
    flat = {
        "documents_share_c1": figures["documents_c1"].per_second / figures["raw_c1"].per_second,
        "documents_share_c8": figures["documents_c8"].per_second / figures["raw_c8"].per_second,
        "documents_of_lean_c1": figures["documents_c1"].per_second / figures["lean_django_c1"].per_second,
        "documents_of_lean_c8": figures["documents_c8"].per_second / figures["lean_django_c8"].per_second,
        "home_share_c1": figures["home_c1"].per_second / figures["raw_c1"].per_second,
        "consumption_of_home": figures["home_c1"].per_second / figures["consumption_c1"].per_second,
        "submit_share_c1": figures["submit_c1"].per_second / figures["raw_insert_c1"].per_second,
        "growth_ratio": figures["small_documents_c1"].per_second / figures["documents_c1"].per_second,
        "takein_share_first": figures["takein_first"] / figures["copy"],
        "takein_share_repeat": figures["takein_repeat"] / figures["copy"],
    }
    flat |= {name: figures[name] for name, *_ in TARGETS if name not in flat}
    return {name: round(flat[name], 3) for name, *_ in TARGETS}


def _verdict(value: float, sign: str, must: float, aim: float) -> str:
    def reached(target: float) -> bool:
        return value >= target if sign == ">=" else value <= target

    return "aim reached" if reached(aim) else "must reached" if reached(must) else "**below must**"


def markdown(flat: dict[str, float], figures: dict[str, Any], options: argparse.Namespace) -> str:
    from tools.bench.run import machine

    libraries = ", ".join(f"{name} {version(name)}" for name in ("django", "granian", "jinja2", "psycopg"))
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench` on {date.today():%Y-%m-%d}: {machine()}, 2 web workers (4 threads, the portal 2), Python "
        f"{platform.python_version()}, {libraries}, PostgreSQL on the same machine. {options.documents:,} documents, "
        f"{options.documents // 10:,} payers, {options.documents * 5:,} readings; medians of {options.rounds} rounds of "
        f"{options.seconds} s by wrk on loopback, servers interleaved. Only ratios within one run mean anything.",
        "",
        "| what | measured | must | aim | |",
        "|---|---|---|---|---|",
    ]
    for name, meaning, sign, must, aim in TARGETS:
        lines.append(
            f"| {meaning} | {flat[name]:g} | {sign} {must:g} | {sign} {aim:g} | {_verdict(flat[name], sign, must, aim)} |"
        )
    lines += ["", "| load | requests/s | p50 ms | p95 ms | failed |", "|---|---|---|---|---|"]
    for name, each in figures.items():
        if hasattr(each, "per_second"):
            lines.append(f"| {name} | {each.per_second:,.0f} | {each.p50_ms:.2f} | {each.p95_ms:.2f} | {each.failed} |")
    lines += ["", "| taking in documents (and their payers and supply points) | documents/s |", "|---|---|"]
    for name, meaning in (
        ("takein_first", "take_in, first load, all checks"),
        ("takein_repeat", "take_in again, nothing changed"),
        ("copy", "plain COPY of the same rows into the same tables, references included"),
        ("copy_bare", "plain COPY of the documents alone, no references"),
        ("upsert", "COPY to staging and INSERT .. ON CONFLICT DO UPDATE of all"),
    ):
        lines.append(f"| {meaning} | {figures[name]:,.0f} |")
    lines += [
        "",
        "How well the heating model does on real homes: [accuracy.md](accuracy.md), by `make accuracy DATA=folder`.",
    ]
    return "\n".join(lines) + "\n"
