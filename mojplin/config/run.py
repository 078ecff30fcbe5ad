"""`make run`: a demo of the whole portal on this machine; web server and worker start and stop together."""

import os
import socket
import sys
from pathlib import Path

DEFAULT_PORT = 8000
HOST = "127.0.0.1"


def run() -> int:
    """Prepare what is not there yet, start, and stay until Ctrl-C; return the exit code."""
    port = chosen_port()
    if port is None:
        print(f"PORT must be a number from 1 to 65535, not {os.environ['PORT']!r}.", file=sys.stderr)
        return 1
    if is_busy(port):
        print(
            f"Port {port} is in use. Stop what runs there, or choose another: PORT={port + 1} make run", file=sys.stderr
        )
        return 1
    set_environment(port)

    from django.core.management import CommandError

    from mojplin.config import children, demo

    try:
        demo.prepare()
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped while preparing; the next start goes on from there.", file=sys.stderr)
        return 130
    return children.run_until_stopped(port, announce=lambda: demo.announce(port))


def chosen_port() -> int | None:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    return int(text) if text.isdecimal() and 0 < int(text) < 65536 else None


def is_busy(port: int) -> bool:
    """Ask before anything else: the web server would share the port with whoever holds it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def set_environment(port: int) -> None:
    data_dir = Path(os.environ.get("DATA_DIR") or "var").resolve()
    os.environ["MOJPLIN_DEMO"] = "1"
    os.environ["MOJPLIN_BASE_URL"] = f"http://{HOST}:{port}"
    os.environ["MOJPLIN_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("MOJPLIN_LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "mojplin.config.settings"
