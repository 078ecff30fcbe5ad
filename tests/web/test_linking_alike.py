"""Failures to link tell nothing by what they cost: the same statements, the same time, and no reason in one's data."""

import re
from datetime import timedelta
from unittest.mock import patch

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.linking import limits
from mojplin.domain.linking.models import LinkAttempt
from mojplin.domain.own_data.gathering import attempts
from mojplin.foundation.housekeeping import do_watches
from mojplin.interfaces.web import linking as door
from tests.cast import Customer, tax_number
from tests.web.test_linking import LINK, NO_MATCH, LinkingCase

CODE = f"{LINK}koda/"


class EveryFailureAlike(LinkingCase):
    nothing = {"tax_number": tax_number(900), "payer_number": "1", "document_number": "2"}

    def statements_of(self, somebody, **more):
        """Return verb and table of every statement of a try that is refused."""
        User.objects.filter(pk=somebody.user.pk).update(registered_at=timezone.now() - timedelta(days=2))
        somebody.opens(LINK)
        with CaptureQueriesContext(connection) as captured:
            assert NO_MATCH in self.refused(somebody, **more)
        return [re.findall(r"^\w+|(?:FROM|INTO|UPDATE) \S+", each["sql"]) for each in captured]

    def test_every_failure_asks_the_database_the_same(self):
        right = {"payer_number": "20420001", "tax_number": self.payer.tax_number}
        nothing_right = self.statements_of(Customer("Brez"), **self.nothing)
        answers = {
            "payer": self.statements_of(Customer("P"), **self.nothing | {"payer_number": "20420001"}),
            "tax": self.statements_of(Customer("D"), **self.nothing | {"tax_number": self.payer.tax_number}),
            "two_payers": self.statements_of(
                Customer("O"), **self.nothing | right | {"payer_number": self.anas_payer.number}
            ),
        }
        for number in range(limits.NEAR_MISSES_OF_PAYER + 1):  # the fifth closes, the sixth finds it closed
            answers[f"near_{number}"] = self.statements_of(Customer(f"B{number}"), document_number=f"ZD-{number}")
        answers["closed"] = self.statements_of(Customer("Vse"))
        do_watches(timezone.now())
        answers["written_down"] = self.statements_of(Customer("Znova"))
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="")
        answers["without_a_contact"] = self.statements_of(Customer("Pismo"))
        assert {name: each for name, each in answers.items() if each != nothing_right} == {}
        assert LinkAttempt.objects.filter(outcome__in=("code_wanted", "code_asked")).count() == 3

    def test_a_try_that_is_not_judged_asks_the_database_as_often(self):
        nothing_right = self.statements_of(self.bojan, **self.nothing)
        for _try in range(limits.FAILURES_IN_QUARTER):
            self.refused(self.cilka, **self.nothing)
        assert len(self.statements_of(self.cilka)) == len(nothing_right)
        assert LinkAttempt.objects.filter(outcome="paused").count() == 1

    def test_own_data_do_not_tell_which_failure_it_was(self):
        self.refused(self.cilka, **self.nothing)
        self.refused(self.cilka, document_number="ZD-1")
        self.tries(self.cilka)
        assert [row["outcome"] for row in attempts(self.cilka.user, [])] == ["refused", "refused", "linked"]


class FakeClock:
    """Stands for the module `time`: nobody waits, and every waiting is noted."""

    def __init__(self):
        self.now, self.slept = 1_000.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@override_settings(LINK_ANSWER_FLOOR_SECONDS=0.4)
class Floor(LinkingCase):
    def lasts(self, work_seconds, operation="link_supply_point", send=None):
        """Return how long the answer takes when its work takes that long."""
        clock, real = FakeClock(), getattr(door, operation)

        def slow(**arguments):
            clock.now += work_seconds
            return real(**arguments)

        with patch.object(door, "time", clock), patch.object(door, operation, slow):
            (send or (lambda: self.refused(self.cilka, document_number="ZD-1")))()
        assert len(clock.slept) == 1
        return round(clock.now - 1_000, 6)

    def test_failures_of_different_length_end_at_the_same_instant(self):
        assert [self.lasts(work_seconds) for work_seconds in (0.003, 0.02, 0.399)] == [0.4, 0.4, 0.4]

    def test_what_takes_longer_than_the_floor_is_not_held_back_further(self):
        assert self.lasts(0.7) == 0.7

    def test_a_try_that_links_is_held_as_well(self):
        assert self.lasts(0.05, send=lambda: self.tries(self.cilka)) == 0.4

    def test_wrong_codes_are_held_as_well(self):
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001", "code": "AAAAA-AAAAA"}
        assert self.lasts(0.2, "redeem_code", lambda: self.cilka.sends(CODE, fields, status=200)) == 0.4

    def test_looking_at_the_form_waits_for_nothing(self):
        clock = FakeClock()
        with patch.object(door, "time", clock):
            self.cilka.opens(LINK)
        assert clock.slept == []
