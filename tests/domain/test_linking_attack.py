"""The attackers of `make attack` against a small base: what they reach stays in its bounds, and what is said is one."""

import random
from datetime import UTC, datetime

from django.test import TestCase

from mojplin.domain.linking.models import ClosedPayer, LinkAttempt
from mojplin.foundation.housekeeping import do_watches
from tools.attack import answers, attackers, report, run, sign_in, timing, town

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PAYERS = 240


class SmallAttack(TestCase):
    def setUp(self):
        self.lot = random.Random(11)
        self.base = town.build(PAYERS, self.lot, NOW.date())

    def battle(self):
        return attackers.Field(town.accounts(30, NOW), town.addresses(12), NOW, self.lot)

    def test_whoever_has_two_numbers_has_five_tries_at_a_payer(self):
        outcome = attackers.former_partner(self.battle(), self.base[:6], 8, 200)
        assert outcome.effective == 5 and outcome.is_within()
        assert outcome.closed >= 6 - outcome.successes
        outcome = attackers.finder(self.battle_later(), self.base[50:54], 7)
        assert (outcome.effective, outcome.closed, outcome.successes) == (5, 4, 0)

    def battle_later(self):
        later = self.battle_of_other_accounts()
        attackers.pause(later)
        return later

    def battle_of_other_accounts(self):
        battle = attackers.Field([], town.addresses(12), NOW, self.lot)
        users = LinkAttempt.objects.values_list("user", flat=True).distinct()
        pairs = attackers.Session.objects.filter(user__in=users).select_related("user")
        battle.accounts = [(session.user, session) for session in pairs]
        return battle

    def test_whoever_has_one_number_has_twenty_tries_a_day_and_closes_nobody(self):
        outcome = attackers.prankster(self.battle(), self.base[:2], 35, 30_000)
        assert (outcome.effective, outcome.successes) == (20, 0)
        do_watches(NOW)
        assert (outcome.closed, ClosedPayer.objects.count()) == (0, 0)

    def test_a_stranger_opens_nothing_and_the_portal_slows_him_down(self):
        assert attackers.stranger(self.battle(), self.base, 60).successes == 0

    def test_everybody_is_told_of_what_a_thief_has_linked(self):
        outcome = attackers.thief(self.battle(), self.base[:9])
        assert outcome.successes == 9
        assert run.told() == {"name": "told", "linked": 9, "told": 9}

    def test_whoever_took_over_an_account_has_five_tries_at_the_newest_document(self):
        outcome = attackers.mailbox_thief(self.battle(), self.base[:3], 8, 200)
        assert (outcome.effective, outcome.closed) == (5, 3 - outcome.successes) and outcome.is_within()

    def test_mixed_failures_are_answered_with_the_same_bytes_and_ask_the_same(self):
        figures = answers.measured(self.base, self.lot, NOW, 42)
        assert (figures["tries"], figures["different"], len(figures["statements"])) == (42, 1, 1)

    def test_refused_sign_ins_are_answered_with_the_same_bytes(self):
        figures = sign_in.measured(self.lot, NOW, 4)
        assert (figures["tries"], figures["different"]) == (8, 1)

    def test_a_kind_of_failure_that_takes_longer_is_seen_through_the_noise(self):
        def taken(extra_ms):
            times = [self.lot.gauss(20, 2) + extra_ms for _round in range(300)]
            return timing.Taken(wall_ms=times, cpu_ms=times)

        alike = {kind: taken(0) for kind in answers.KINDS}
        assert timing.figures_of(alike)["wall_apart_ms"] < 1
        assert 1.3 < timing.figures_of(alike | {"closed": taken(2)})["wall_apart_ms"] < 3

    def test_what_does_not_hold_is_named(self):
        rows = [
            {"name": "B", "is_within": False},
            {"name": "P", "is_within": True, "closed": 1},
            {"name": "told", "linked": 3, "told": 2},
        ]
        kinds = {"a": {"wall_ms": 20.0, "cpu_ms": 10.0}}
        apart = {"different": 2, "kinds": kinds, "wall_apart_ms": 9.0, "cpu_apart_ms": 6.0}
        wrong = report.faults(rows, apart | {"statements": [15, 16], "sign_in": apart})
        assert len(wrong) == 10
        near = {"different": 1, "kinds": kinds, "wall_apart_ms": 0.9, "cpu_apart_ms": 4.9}
        assert len(report.faults(rows, near | {"statements": [15], "sign_in": near})) == 3
