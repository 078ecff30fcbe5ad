"""So many at once on this machine, over all its processes: a slot is a lock on a file, freed also by a crash."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOOK_SECONDS = 0.01


class NoFreeSlot(Exception):
    """All slots stayed taken for as long as the caller would wait: the machine is overloaded."""


@contextmanager
def slot(name: str, *, count: int, wait_seconds: float) -> Iterator[None]:
    """Hold one of `count` slots of that name.

    :raises NoFreeSlot: none became free in time.
    """
    folder = Path(settings.DATA_DIR) / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + wait_seconds
    while (taken := _free_slot(folder, name, count)) is None:
        if time.monotonic() >= end:
            raise NoFreeSlot(name)
        time.sleep(LOOK_SECONDS)
    try:
        yield
    finally:
        os.close(taken)


def _free_slot(folder: Path, name: str, count: int) -> int | None:
    """Return the open file of a slot that is ours now, or None when all are taken."""
    for number in range(count):
        file = os.open(folder / f"{name}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    return None
