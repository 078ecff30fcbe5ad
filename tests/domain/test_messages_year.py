"""A year of all reminders and news by a clock, with jobs that crash anywhere, run twice or are missed: each told once.

What must be told is worked out from the histories by `year_truth.py`, which asks neither the portal nor its database.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Barrier

import time_machine
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mojplin.domain.accounts.models import User
from mojplin.domain.notifications.kinds import kinds
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import Scenes
from tests.domain.imagined_people import DAYS, FIRST_DAY, USUAL
from tests.domain.imagined_year import ImaginedYear
from tests.domain.year_truth import at

SEEDS = st.integers(0, 2**32).filter(lambda seed: seed > 2**16)
"""The simplest seed would be tried first, and there is time for one only: so none is simple."""
SURROUNDINGS = {
    "READING_REMINDERS": True, "READING_LINKS": True, "READING_WINDOWS": {"": USUAL}, "QUIET_HOURS": (20, 8),
    "CRISIS_NOTICE_SECONDS": 10**9,
}  # fmt: skip


class Crash(BaseException):
    """The machine is switched off: nothing of the program goes on."""


@contextmanager
def crash_after(statements: int | None):
    """Let the program die before the statement of that number, if it comes so far; None: it lives."""
    left = statements

    def run(execute, sql, params, many, context):
        nonlocal left
        if left is not None:
            left -= 1
            if left < 0:
                left = None
                raise Crash
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run), suppress(Crash):
        yield


class YearCase(Scenes):
    def given_year(self, seed: int) -> None:
        self.enterContext(override_settings(**SURROUNDINGS))
        self.clock = self.enterContext(time_machine.travel(at(FIRST_DAY, 0), tick=False))
        self.chance = random.Random(seed)
        self.year = ImaginedYear(self, self.chance)
        self.truth = self.year.truth

    def it_is(self, now) -> None:
        self.clock.move_to(now)
        self.year.play(now)

    def must_be_right(self, *, is_whole: bool) -> None:
        """What is told is what was told before, or that and all that a whole run tells: nothing else, and no half."""
        now = timezone.now()
        rows = list(SentNotice.objects.values_list("user_id", "topic", "thing"))
        assert len(rows) == len(set(rows)), Counter(rows).most_common(3)
        before, fresh = self.truth.told, self.truth.fresh(now)
        if is_whole or (fresh and set(rows) != before):
            assert set(rows) == before | fresh, (now, set(rows) ^ (before | fresh))
            self.truth.run(now)
        assert set(rows) == self.truth.told, (now, set(rows) ^ self.truth.told)

    def the_post_is_right(self) -> None:
        """Every notice went into one mail, every mail to its person once, by day; a gathered one once a day at most."""
        mails = list(Message.objects.filter(topic="notice_mail"))
        carried = [pk for each in mails for pk in each.payload["notices"]]
        assert sorted(carried) == sorted(SentNotice.objects.values_list("pk", flat=True))
        whose = dict(SentNotice.objects.values_list("pk", "user_id"))
        assert all({whose[pk] for pk in each.payload["notices"]} == {each.payload["user"]} for each in mails)
        assert {each.state for each in mails} == {"delivered"}
        arrived = DemoMail.objects.filter(message_id__in=[f"{each.public_id}@127.0.0.1" for each in mails])
        assert arrived.count() == DemoMail.objects.count() > 50
        assert all(8 <= timezone.localtime(each.sent_at).hour < 20 for each in arrived)
        self.gathered_are_gathered(mails)

    def gathered_are_gathered(self, mails: list[Message]) -> None:
        alone = {kind.topic.code for kind in kinds() if kind.stands_alone}
        topics = dict(SentNotice.objects.values_list("pk", "topic"))
        seldom = {each.key: each.often for each in self.truth.people if each.often != "at_once"}
        days = Counter(
            (each.payload["user"], timezone.localdate(each.created_at))
            for each in mails
            if each.payload["user"] in seldom and topics[each.payload["notices"][0]] not in alone
        )
        assert not days or max(days.values()) == 1

    def every_kind_was_told(self) -> None:
        assert {topic for _user, topic, _thing in self.truth.told} == {kind.topic.code for kind in kinds()}


class CrashingYear(YearCase, TestCase):
    """Each day some job, at some hour; it may run twice, die at some statement, or be missed; mails likewise."""

    @settings(
        max_examples=1, deadline=None, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )  # fmt: skip
    @given(seed=SEEDS)
    def test_everybody_is_told_everything_exactly_once(self, seed):
        self.given_year(seed)
        away = self.chance.randrange(30, 330)
        for day in range(DAYS):
            for hour in self.hours():
                self.it_is(at(FIRST_DAY + timedelta(days=day), hour))
                if not away <= day < away + 5 and self.it_is_looked_at():
                    self.job_runs()
                    self.post_leaves()
        self.it_is(at(FIRST_DAY + timedelta(days=DAYS), 9))
        self.job_runs(may_crash=False)
        drain()
        self.the_post_is_right()
        self.every_kind_was_told()

    def hours(self) -> list[int]:
        return self.chance.choices(([8], [12], [19], [7, 15], [21], []), (25, 25, 25, 6, 9, 10))[0]

    def it_is_looked_at(self) -> bool:
        """Whenever there is something to tell, and sometimes when there is nothing: always would take twice as long."""
        return bool(self.truth.fresh(timezone.now())) or self.chance.random() < 0.2

    def job_runs(self, *, may_crash: bool = True) -> None:
        for _run in range(self.chance.choice((1, 1, 1, 1, 2))):
            dies_at = self.chance.randrange(28) if may_crash and self.chance.random() < 0.3 else None
            is_whole = False
            with crash_after(dies_at):
                tell_everyone(timezone.now())
                is_whole = True
            connection.needs_rollback = False  # the transaction of the job is gone, that of the test goes on
            self.must_be_right(is_whole=is_whole)

    def post_leaves(self) -> None:
        with crash_after(self.chance.randrange(60) if self.chance.random() < 0.2 else None):
            drain()
        connection.needs_rollback = False
        self.must_be_right(is_whole=False)


class ParallelYear(YearCase, TransactionTestCase):
    """Two workers at the same moment, each with its own connection, and one of them may die."""

    def test_two_jobs_at_once_tell_once(self):
        self.given_year(20260101)
        for day in range(5, DAYS, 24):
            self.it_is(at(FIRST_DAY + timedelta(days=day), 10))
            self.both(lambda: tell_everyone(timezone.now()))
            self.must_be_right(is_whole=True)
            self.both(drain)
        self.it_is(at(FIRST_DAY + timedelta(days=DAYS), 9))
        drain()
        self.must_be_right(is_whole=False)
        self.the_post_is_right()
        assert User.objects.filter(pk__in=[each.key for each in self.truth.people]).count() == len(self.truth.people)

    def both(self, work) -> None:
        """Let two do the work at once; the second may die anywhere."""
        start = Barrier(2)
        deaths = (None, self.chance.choice((None, *range(30))))

        def does(dies_at: int | None) -> None:
            try:
                start.wait()
                with crash_after(dies_at):
                    work()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for each in [pool.submit(does, dies_at) for dies_at in deaths]:
                each.result()
