"""A process that has started Python and Django once; each run that a test kills is forked from it and works at once.

Python and Django take longer to start than what is killed takes to run: a run that starts anew mostly dies before it
has begun.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Warmed:
    """Runs functions, one at a time, each in a process of its own that can be killed.

    :param environment: `DJANGO_SETTINGS_MODULE` among it.
    :param modules: what the runs need; loaded once.
    """

    def __init__(self, environment: dict[str, str], modules: Iterable[str]):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.warmed", *modules], cwd=ROOT, env=os.environ | environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._told()  # that it is ready

    def __enter__(self) -> "Warmed":
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def start(self, function: str, *arguments: str) -> None:
        """Let a run begin ("package.module:function")."""
        self.process.stdin.write(json.dumps([function, arguments]).encode() + b"\n")
        self.process.stdin.flush()
        self._going_on = self._told()

    def ended(self, *, within_seconds: float | None = None) -> int | None:
        """Return the exit code of the run that goes on, below 0 for a signal; None: it has not ended in that time."""
        is_told, _, _ = select.select([self.process.stdout], [], [], within_seconds)
        return self._told() if is_told else None

    def kill(self) -> None:
        """End the run that goes on as a power cut would; `ended` still tells how it ended."""
        with suppress(ProcessLookupError):  # it has ended by itself meanwhile
            os.kill(self._going_on, signal.SIGKILL)

    def run(self, function: str, *arguments: str) -> int | None:
        """Let a run begin and end; return its exit code."""
        self.start(function, *arguments)
        return self.ended()

    def _told(self) -> int:
        line = b""
        while not line.endswith(b"\n"):  # byte by byte: what follows is waited for by `select`
            byte = os.read(self.process.stdout.fileno(), 1)
            assert byte, "the process that forks has ended"
            line += byte
        return int(line)


def fork_what_is_asked_for(modules: Iterable[str]) -> None:
    """Tell 0, then for each line of the input the process id of the run and, when it has ended, its exit code."""
    import django

    django.setup()
    for module in modules:
        import_module(module)
    tell(0)
    for line in sys.stdin:
        function, arguments = json.loads(line)
        run = os.fork()
        if run == 0:
            os._exit(exit_code_of(function, arguments))
        tell(run)
        tell(os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]))


def exit_code_of(function: str, arguments: list[str]) -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    module, name = function.split(":")
    try:
        getattr(import_module(module), name)(*arguments)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def tell(number: int) -> None:
    os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    fork_what_is_asked_for(sys.argv[1:])
