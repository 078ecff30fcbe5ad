"""Answers to hand-overs come by the feed: they settle what both sides confirmed, and tell both of it by day."""

import pytest
import time_machine

from mojplin.domain.moving.models import MoveAnswer, MoveOut
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.mail import DemoMail
from tests.cast import Customer, Scenes, moment
from tests.erp.feeds import Feed, exit_code_of, found
from tests.mailbox import mails_to
from tests.moved import given_move

pytestmark = pytest.mark.django_db
NIGHT, MORNING = moment(2026, 11, 27, 3), moment(2026, 11, 27, 9)


@pytest.fixture
def move(tmp_path):
    """Ana hands the supply point of the first export over, and the other side has confirmed."""
    with time_machine.travel(NIGHT, tick=False):
        assert exit_code_of(Feed().write(tmp_path / "0")) == 0
        ana, payer, point = Customer("Ana"), Payer.objects.get(), SupplyPoint.objects.get()
        Scenes().given_link(ana, payer, point)
        yield given_move(payer, point, ana.user, state="agreed", agreed_at=NIGHT)


def answer(tmp_path, sequence, move, **values):
    feed = Feed()
    feed.add("move_answers.csv", **{"move_number": move.number, "note": ""} | values)
    return exit_code_of(feed.write(tmp_path / str(sequence), sequence=sequence))


def told(address):
    return [mail.subject for mail in mails_to(address, now=MORNING) if "predaj" in mail.subject.casefold()]


def test_it_is_taken_over_once_and_both_sides_are_told_in_the_morning(tmp_path, move):
    for sequence in (2, 3):
        assert answer(tmp_path, sequence, move) == 0
    mails_to("")
    assert not DemoMail.objects.filter(subject__icontains="predaj").exists()
    with time_machine.travel(MORNING, tick=False):
        assert told("ana@example.si") == [f"Predaja {move.number} je urejena"]
        assert told("naslednik@example.com") == ["Predaja odjemnega mesta za plin je urejena"]
    move.refresh_from_db()
    assert (move.state, move.settled_at) == ("taken_over", NIGHT)


def test_a_refused_one_says_why_and_the_erp_may_think_again(tmp_path, move):
    assert answer(tmp_path, 2, move, state="refused", note="Števec ni pravi.") == 0
    with time_machine.travel(MORNING, tick=False):
        (letter,) = [mail for mail in mails_to("naslednik@example.com", now=MORNING)]
        assert "Števec ni pravi." in letter.text and "ni bilo mogoče" in letter.subject
    assert answer(tmp_path, 3, move) == 0
    move.refresh_from_db()
    assert move.state == "taken_over" and MoveAnswer.objects.get().answered_by is None


def test_an_answer_to_what_is_not_agreed_and_a_refusal_without_a_reason_are_set_aside(tmp_path, move):
    assert answer(tmp_path, 2, move, state="refused") == 2
    assert found() == [("move_answers.csv", 2, "note", "A refusal needs a reason that the customer can read.")]
    MoveOut.objects.update(state="waiting", agreed_at=None)
    assert answer(tmp_path, 3, move) == 2
    assert found() == [("move_answers.csv", 2, "move_number", "The portal sent no such hand-over.")]
    assert not MoveAnswer.objects.exists()
