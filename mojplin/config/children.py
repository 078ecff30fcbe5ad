"""The processes of a running portal, web server and worker: started together, ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 8

Children = dict[str, subprocess.Popen[bytes]]


def run_until_stopped(port: int, *, announce: Callable[[], None]) -> int:
    """Start both, announce when the port answers, and stay; return the exit code.

    Ctrl-C or SIGTERM ends both in order. When one of them ends by itself the other is ended too.
    """
    asked_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, frame: asked_to_stop.append(received))
    children = {"web server": start(web_server(port)), "worker": start(worker())}
    try:
        wait_for_port(port, children, asked_to_stop)
        if not asked_to_stop and not ended(children):
            announce()
        while not asked_to_stop and not ended(children):
            time.sleep(0.1)
        name = ended(children)
    finally:
        stop(children)
    if name and not asked_to_stop:
        print(f"The {name} ended by itself (exit code {children[name].returncode}); all is stopped.", file=sys.stderr)
        return 1
    print("Stopped.")
    return 0


def web_server(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
        "mojplin.config.wsgi:application",
    ]  # fmt: skip


def worker() -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), "work"]


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start in a process group of its own: Ctrl-C reaches us alone, and we end what it started as well."""
    return subprocess.Popen(command, cwd=ROOT, process_group=0)  # noqa: S603  # our own commands


def ended(children: Children) -> str | None:
    return next((name for name, child in children.items() if child.poll() is not None), None)


def wait_for_port(port: int, children: Children, asked_to_stop: list[int]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not asked_to_stop and not ended(children):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)


def stop(children: Children) -> None:
    for child in children.values():
        signal_group(child, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, end - time.monotonic()))
    for child in children.values():
        signal_group(child, signal.SIGKILL)
        child.wait()


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the child and everything it started; after its end there may be nobody left."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
