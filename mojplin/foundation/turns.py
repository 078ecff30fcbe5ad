"""One page at a time in a process: its threads take turns, and give theirs up while they wait for a person or a clock.

Python runs one thread at a time anyway. Left to itself it changes between them at every answer of the database, and two
pages written in alternation take a fifth longer than one after the other (decisions/0044). The threads are there for
whoever sends a form slowly, or must be kept waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any

from django.db import connection

_turn = Lock()
_of_thread = local()


@contextmanager
def own_turn() -> Iterator[None]:
    """Wait until no other thread of the process is in its turn, and hold it until the block ends."""
    with _turn:
        _of_thread.has_turn = True
        try:
            yield
        finally:
            _of_thread.has_turn = False


@contextmanager
def turn_given_up() -> Iterator[None]:
    """Let the others go on during the block, which only waits; never while rows are locked that they may wait for."""
    if not getattr(_of_thread, "has_turn", False):
        yield
        return
    assert not connection.in_atomic_block, "who waits for our rows would hold the turn we need to let go of them"
    _turn.release()
    try:
        yield
    finally:
        _turn.acquire()


class PatientBody:
    """The body of a request: while the sender takes their time, others have the turn."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def read(self, *size: int) -> bytes:
        with turn_given_up():
            content: bytes = self.body.read(*size)
            return content

    def readline(self, *size: int) -> bytes:
        with turn_given_up():
            line: bytes = self.body.readline(*size)
            return line
