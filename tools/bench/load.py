"""Start servers on free loopback ports and load them with wrk; numbers are medians of several rounds."""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKERS, THREADS, OUR_THREADS = 2, 4, 2
"""The bare application and the plain view run best with four threads, the portal with two (decisions/0044)."""


@dataclass(frozen=True)
class Measured:
    """Requests a second and latency in milliseconds; `failed` counts answers that were not 2xx or 3xx."""

    per_second: float
    p50_ms: float
    p95_ms: float
    failed: int


@dataclass
class Server:
    port: int
    process: "subprocess.Popen[bytes]"

    def peak_rss_mb(self) -> float:
        """Return the largest peak memory of one worker process, in megabytes."""
        peaks = []
        for pid in _children(self.process.pid):
            status = Path(f"/proc/{pid}/status").read_text()
            found = re.search(r"VmHWM:\s+(\d+) kB", status)
            peaks.append(int(found[1]) / 1024 if found else 0)
        return max(peaks)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environment: dict[str, str], *, threads: int = THREADS) -> Iterator[Server]:
    """Serve a WSGI application by granian with two workers until the block ends."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(threads), "--log-level", "error", "--no-access-log",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment, start_new_session=True)
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the server ended at once")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def load(url: str, *, clients: int, seconds: int, headers: dict[str, str] | None = None, script: str = "") -> Measured:
    """Load one address for some seconds, after two of warming up; `script` is wrk's Lua, for requests that must differ."""
    lua = REPORT + script
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(lua)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", file.name]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        warm_up = [part if not part.startswith("-d") else "-d2s" for part in command]
        subprocess.run([*warm_up, url], check=True, capture_output=True)
        printed = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    rate, p50, p95, failed = re.findall(r"RESULT (\S+) (\S+) (\S+) (\S+)", printed)[0]
    return Measured(float(rate), float(p50), float(p95), int(failed))


def median(rounds: list[Measured]) -> Measured:
    return Measured(
        statistics.median(each.per_second for each in rounds),
        statistics.median(each.p50_ms for each in rounds),
        statistics.median(each.p95_ms for each in rounds),
        max(each.failed for each in rounds),
    )


REPORT = """
done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.2f %.3f %.3f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, failed))
end
"""
