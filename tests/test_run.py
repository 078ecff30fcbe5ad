"""`make run`: a clear sentence when it cannot start, and web server and worker that live and die together."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WITH_STAND_INS = """
import sys
from mojplin.config import children
children.web_server = lambda port: [sys.executable, "-c", sys.argv[2]]
children.worker = lambda: [sys.executable, "-c", sys.argv[3]]
sys.exit(children.run_until_stopped(int(sys.argv[1]), announce=lambda: print("runs", flush=True)))
"""
LISTENS = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(600)"
SLEEPS = "import time; time.sleep(600)"
DIES = "import sys; sys.exit(3)"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def start_of_portal(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mojplin", "run"], cwd=ROOT, env=os.environ | environment,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def start_of_stand_ins(web_server: str, worker: str) -> subprocess.Popen[str]:
    port = free_port()
    command = [sys.executable, "-c", WITH_STAND_INS, str(port), web_server.format(port=port), worker]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_busy_port_is_one_sentence_and_nothing_is_touched(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ended = start_of_portal(PORT=str(port), DATA_DIR=str(tmp_path / "data"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"Port {port} is in use.") and ended.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_no_port_is_one_sentence(tmp_path):
    for port in ("http", "0", "65536", "-1", "80.5"):
        ended = start_of_portal(PORT=port, DATA_DIR=str(tmp_path / "data"))
        assert (ended.returncode, ended.stdout) == (1, "")
        assert repr(port) in ended.stderr and ended.stderr.count("\n") == 1


def test_a_signal_ends_both_in_order():
    for number in (signal.SIGINT, signal.SIGTERM):
        running = start_of_stand_ins(LISTENS, SLEEPS)
        assert running.stdout.readline() == "runs\n"
        running.send_signal(number)
        said, complained = running.communicate(timeout=300)
        assert (running.returncode, said, complained) == (0, "Stopped.\n", "")


def test_when_the_worker_dies_all_ends_with_a_sentence():
    running = start_of_stand_ins(LISTENS, DIES)
    _, complained = running.communicate(timeout=300)
    assert running.returncode == 1
    assert complained == "The worker ended by itself (exit code 3); all is stopped.\n"


def test_when_the_web_server_cannot_start_all_ends_with_a_sentence():
    running = start_of_stand_ins(DIES, SLEEPS)
    said, complained = running.communicate(timeout=300)
    assert (running.returncode, said) == (1, "")
    assert complained == "The web server ended by itself (exit code 3); all is stopped.\n"
