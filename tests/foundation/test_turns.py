"""Threads of a process take turns, and whoever waits for a person or a clock lets the others go on."""

import threading

import pytest
from django.db import transaction
from django.test import TransactionTestCase

from mojplin.foundation.turns import PatientBody, own_turn, turn_given_up


def finishes(act, *, seconds: float = 5) -> bool:
    """Return whether the act ends in another thread while this one goes on."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def take_a_turn() -> None:
    with own_turn():
        pass


def test_nobody_has_a_turn_while_another_has_it():
    with own_turn():
        assert not finishes(take_a_turn, seconds=0.05)


def test_whoever_waits_lets_the_others_go_on_and_has_the_turn_again_afterwards():
    with own_turn():
        with turn_given_up():
            assert finishes(take_a_turn)
        assert not finishes(take_a_turn, seconds=0.05)
    assert finishes(take_a_turn)


def test_a_body_that_comes_slowly_keeps_nobody_waiting():
    class SlowSender:
        def read(self, size: int) -> bytes:
            assert finishes(take_a_turn)
            return b"x" * size

        def readline(self) -> bytes:
            assert finishes(take_a_turn)
            return b"line\n"

    with own_turn():
        body = PatientBody(SlowSender())
        assert (body.read(3), body.readline()) == (b"xxx", b"line\n")


def test_a_page_that_breaks_gives_its_turn_back():
    with pytest.raises(ZeroDivisionError), own_turn(), turn_given_up():
        raise ZeroDivisionError
    assert finishes(take_a_turn)


class WithRowsLocked(TransactionTestCase):
    def test_the_turn_is_kept_while_others_may_wait_for_rows(self):
        with own_turn(), transaction.atomic(), pytest.raises(AssertionError), turn_given_up():
            pass
        assert finishes(take_a_turn)
