"""The outbox: delivered at least once, put off when the receiver is away, buried when it refuses for good."""

import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from mojplin.foundation.outbox import delivery, tasks
from mojplin.foundation.outbox.delivery import Undeliverable, deliverer, drain, pause_after
from mojplin.foundation.outbox.models import Message
from tests.cast import moment

NOON = moment(2026, 11, 23)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> "Receiver":
    """Somebody who takes the topics "letter" and "parcel.*", or refuses them."""
    monkeypatch.setattr(delivery, "_deliverers", dict(delivery._deliverers))
    return Receiver()


class Receiver:
    def __init__(self) -> None:
        self.taken: list[str] = []
        self.answer: Exception | None = None
        deliverer("letter")(self.take)
        deliverer("parcel.")(self.take)

    def take(self, message: Message) -> None:
        self.taken.append(message.public_id)
        if self.answer:
            raise self.answer


def posted(topic: str = "letter", **more: object) -> Message:
    message = Message.post(topic, text="Živjo", **more)
    Message.objects.filter(pk=message.pk).update(created_at=NOON, next_attempt_at=NOON)
    return message


def drained(now: datetime = NOON) -> datetime | None:
    return drain(lambda: now)


@pytest.mark.django_db
def test_a_message_is_delivered_once_and_marked(receiver):
    message = posted()
    assert drained() is None and drained() is None
    message.refresh_from_db()
    assert (message.state, message.delivered_at, receiver.taken) == ("delivered", NOON, [message.public_id])


@pytest.mark.django_db
def test_what_somebody_waits_for_overtakes_a_long_queue(receiver):
    queue = [posted().public_id for _letter in range(5)]
    tomorrow = posted(expires_at=NOON + timedelta(days=1)).public_id
    soon = posted(expires_at=NOON + timedelta(minutes=10)).public_id
    drained()
    assert receiver.taken == [soon, tomorrow, *queue]


@pytest.mark.django_db
def test_a_topic_that_ends_with_a_dot_takes_every_topic_that_begins_so(receiver):
    message = posted("parcel.small")
    drained()
    assert receiver.taken == [message.public_id]


@pytest.mark.django_db
def test_a_message_nobody_delivers_yet_waits(receiver):
    message = posted("pigeon")
    assert drained() > NOON
    message.refresh_from_db()
    assert message.state == "waiting" and "nobody delivers pigeon" in message.last_error


@pytest.mark.django_db
def test_a_rolled_back_act_leaves_neither_message_nor_task(receiver):
    with transaction.atomic():
        posted()
        transaction.set_rollback(True)
    assert not Message.objects.exists() and not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_posting_costs_two_statements(django_assert_num_queries):
    with django_assert_num_queries(2):
        Message.post("letter", text="Živjo")


@pytest.mark.django_db
def test_a_receiver_that_is_away_gets_it_later_with_the_same_id(receiver):
    message, receiver.answer = posted(), ConnectionRefusedError("away")
    due = drained()
    assert NOON + timedelta(seconds=10) <= due <= NOON + timedelta(seconds=13)
    assert drained(NOON + timedelta(seconds=9)) == due
    receiver.answer = None
    drained(due)
    message.refresh_from_db()
    assert message.state == "delivered" and receiver.taken == [message.public_id] * 2


def test_pauses_double_from_ten_seconds_to_an_hour():
    pauses = [pause_after(attempts).total_seconds() for attempts in range(1, 40)]
    wanted = [min(10 * 2**n, 3600) for n in range(39)]
    assert all(least <= pause <= least * 1.25 for least, pause in zip(wanted, pauses, strict=True))
    assert len(set(pauses)) > 30


@pytest.mark.django_db
def test_after_three_days_it_is_given_up_and_kept_for_a_person(receiver):
    message, receiver.answer = posted(), ConnectionRefusedError("away")
    drained(NOON + timedelta(hours=72))
    message.refresh_from_db()
    assert message.state == "dead" and "away" in message.last_error


@pytest.mark.django_db
def test_what_is_refused_for_good_is_not_tried_again(receiver):
    message, receiver.answer = posted(), Undeliverable("550 no such user")
    assert drained() is None
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == ("dead", "550 no such user", 1)


@pytest.mark.django_db
def test_an_expired_message_is_dropped_undelivered(receiver):
    message = posted(expires_at=NOON + timedelta(minutes=10))
    drained(NOON + timedelta(minutes=10))
    message.refresh_from_db()
    assert (message.state, receiver.taken) == ("dead", [])


@pytest.mark.django_db
def test_a_crash_between_sending_and_marking_delivers_again_with_the_same_id(receiver):
    message, receiver.answer = posted(), SystemExit("killed")
    with pytest.raises(SystemExit):
        drained()
    receiver.answer = None
    assert drained(NOON + timedelta(minutes=1)) == NOON, "the claim of the dead worker still holds"
    drained(NOON + delivery.LEASE)
    message.refresh_from_db()
    assert message.state == "delivered" and receiver.taken == [message.public_id] * 2


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_one_delivers_each_message(receiver):
    messages = [posted() for _ in range(12)]

    def work() -> None:
        drained()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(receiver.taken) == sorted(message.public_id for message in messages)


@pytest.mark.django_db
def test_one_drain_serves_all_who_asked_before(receiver):
    for _ in range(5):
        posted()
    assert DBTaskResult.objects.count() == 5
    tasks.drain_outbox.call()
    assert len(receiver.taken) == 5 and not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_drain_comes_back_for_what_must_wait(receiver):
    message, receiver.answer = posted(), ConnectionRefusedError("away")
    with time_machine.travel(NOON):
        tasks.drain_outbox.call()
    message.refresh_from_db()
    assert DBTaskResult.objects.get().run_after >= message.next_attempt_at


@pytest.mark.django_db
def test_a_tick_wakes_the_worker_for_what_a_crash_left(receiver):
    posted()
    DBTaskResult.objects.update(status="RUNNING", started_at=NOON - timedelta(minutes=11))
    tasks.tick(NOON)
    assert DBTaskResult.objects.get().status == "READY"
    tasks.tick(NOON)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_a_tick_forgets_tasks_that_finished_long_ago(receiver):
    tasks.drain_outbox.enqueue()
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=NOON - timedelta(hours=2))
    tasks.tick(NOON)
    assert not DBTaskResult.objects.exists()
