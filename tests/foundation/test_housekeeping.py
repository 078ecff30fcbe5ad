"""Nothing is kept longer than it serves."""

from datetime import timedelta

import pytest

from mojplin.foundation import housekeeping, limits
from mojplin.foundation.housekeeping import do_hourly_chores, do_watches, forget_old
from mojplin.foundation.idempotency import FormKey
from mojplin.foundation.limits import Counter
from mojplin.foundation.outbox.models import Message
from tests.cast import moment

NOON = moment(2026, 11, 23)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "days", "is_kept"),
    [("delivered", 8, False), ("delivered", 6, True), ("dead", 800, True), ("waiting", 8, True)],
)
def test_delivered_messages_go_after_a_week_and_dead_ones_stay(state, days, is_kept):
    message = Message.post("mail", to="ana@example.si")
    then = NOON - timedelta(days=days)
    Message.objects.filter(pk=message.pk).update(state=state, created_at=then, delivered_at=then)
    forget_old(NOON)
    assert Message.objects.exists() == is_kept


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_kept"), [(6, True), (8, False)])
def test_a_form_sent_again_is_known_for_a_week(days, is_kept):
    FormKey.objects.create(key_hash="a", content_hash="b", claimed_at=NOON - timedelta(days=days))
    forget_old(NOON)
    assert FormKey.objects.exists() == is_kept


@pytest.mark.django_db
def test_counters_go_when_no_window_needs_them():
    limits.hit("old", window=timedelta(hours=1), now=NOON - timedelta(days=9))
    limits.hit("new", window=timedelta(hours=1), now=NOON)
    limits.hit("for ever", window=timedelta(days=36_500), now=NOON)
    forget_old(NOON)
    assert [counter.key for counter in Counter.objects.order_by("key")] == ["for ever", "new"]


def test_a_broken_chore_is_logged_and_the_others_are_done(monkeypatch, caplog):
    done = []

    def broken(now):
        raise ValueError("broken")

    monkeypatch.setattr(housekeeping, "_watches", [broken, done.append])
    monkeypatch.setattr(housekeeping, "_hourly", [broken, done.append])
    do_watches(NOON)
    do_hourly_chores(NOON)
    assert done == [NOON, NOON]
    assert "chore_failed" in caplog.text


def test_the_foundations_own_chore_is_registered():
    assert forget_old in housekeeping._hourly
