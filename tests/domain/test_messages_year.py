"""A year of reminders by a clock, with jobs that crash anywhere and jobs that run twice: each exactly once."""

import random
from collections import Counter
from datetime import date, timedelta

import time_machine
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Scenes, moment
from tests.web.test_sign_in_parallel import at_once


class Crash(Exception):
    """The machine is switched off in the middle of the job."""


class CrashingYear(Scenes, TestCase):
    """Contracts that end through the year, told of in three steps; the job runs when chance has it."""

    def given_contracts(self, ends: list[int]) -> None:
        payer = self.given_payer()
        ana = Customer("Ana", signed_in=False)
        for number, day in enumerate(ends):
            point = self.given_supply_point(payer, f"9000-{number:04}")
            self.given_link(ana, payer, point, f"Dom {number}")
            ends_on = date(2026, 5, 1) + timedelta(days=day)
            self.given_contract(payer, point, f"OGR-{number}", ends_on=ends_on)
        Link.objects.update(created_at=moment(2026, 1, 1))

    @settings(max_examples=2, deadline=None)
    @given(ends=st.lists(st.integers(0, 240), min_size=1, max_size=4), seed=st.integers(0, 2**32))
    def test_every_reminder_is_told_exactly_once(self, ends, seed):
        chance = random.Random(seed)
        self.given_contracts(ends)
        with override_settings(READING_REMINDERS=False), time_machine.travel(moment(2026, 1, 1), tick=False) as clock:
            for day in range(28, 365, 7):
                clock.move_to(moment(2026, 1, 1, chance.choice((7, 8, 12, 19, 20))) + timedelta(days=day))
                for _run in range(chance.choice((1, 2))):
                    self.job_runs(chance)
                clock.move_to(moment(2026, 1, 1, 18) + timedelta(days=day))
                tell_everyone(moment(2026, 1, 1, 18) + timedelta(days=day))
        told = Counter(SentNotice.objects.values_list("topic", "thing"))
        steps = Counter(each.thing.rsplit(":", 1)[1] for each in SentNotice.objects.all())
        assert set(told.values()) == {1} and steps == Counter(dict.fromkeys(("90", "30", "7"), len(ends)))
        mailed = [pk for each in Message.objects.filter(topic="notice_mail") for pk in each.payload["notices"]]
        assert sorted(mailed) == sorted(SentNotice.objects.values_list("pk", flat=True))

    @staticmethod
    def job_runs(chance: random.Random) -> None:
        """Run the job; with some chance it dies after the statement that chance names."""
        left = chance.choice((None, *range(1, 12)))

        def run(execute, sql, params, many, context):
            nonlocal left
            if left is not None:
                left -= 1
                if left < 0:
                    left = None
                    raise Crash
            return execute(sql, params, many, context)

        with connection.execute_wrapper(run):
            try:
                tell_everyone(timezone.now())
            except Crash:
                connection.needs_rollback = False  # the transaction of the job is gone, that of the test goes on


class ParallelJobs(TransactionTestCase, Scenes):
    """Twenty workers at the same moment, on a real database."""

    def test_one_of_them_tells(self):
        now = moment(2026, 11, 2)
        payer, ana = self.given_payer(), Customer("Ana", signed_in=False)
        point = self.given_supply_point(payer)
        self.given_link(ana, payer, point)
        for number in (1, 2):
            self.given_contract(payer, point, f"OGR-{number}", ends_on=date(2026, 11, 20))
        with override_settings(READING_REMINDERS=False):
            at_once(lambda _number: tell_everyone(now))
        assert SentNotice.objects.count() == 2
        assert Message.objects.filter(topic="notice_mail").count() == 1
