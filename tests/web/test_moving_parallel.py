"""Both sides at once, on a real database: one hand-over, one outcome, and the ERP is told at most once."""

from django.test import TransactionTestCase
from django.utils import timezone

from mojplin.domain.accounts.office_answers import AnsweredMeanwhile
from mojplin.domain.linking.access import places_of
from mojplin.domain.moving.answering import decide
from mojplin.domain.moving.ending import remind_of_the_day
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.moving.operations import AlreadyAnnounced, ChangedMeanwhile, accept_other, announce, cancel
from mojplin.domain.moving.taking_over import AlreadyAnswered, confirm
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Scenes
from tests.moved import given_move
from tests.web.test_sign_in_parallel import AT_ONCE, at_once


class ParallelMoving(TransactionTestCase, Scenes):
    def setUp(self):
        self.ana = Customer("Ana", signed_in=False)
        self.payer = self.given_payer()
        self.house = self.given_supply_point(self.payer)
        self.given_meter(self.house)
        self.given_link(self.ana, self.payer, self.house)

    def test_of_confirming_and_cancelling_at_once_one_counts(self):
        for _round in range(3):
            MoveOut.objects.all().delete()
            Message.objects.all().delete()
            key = given_move(self.payer, self.house, self.ana.user).pk

            def act(n, key=key):
                move = MoveOut.objects.select_related("supply_point", "meter", "payer", "given_by").get(pk=key)
                if n % 2:
                    return confirm(move=move, name="Nada Nova", phone="", now=timezone.now())
                return cancel(move=move, by=self.ana.user, now=timezone.now())

            answers = at_once(act)
            assert answers.count(None) == 1
            assert set(answers) <= {None, AlreadyAnswered, ChangedMeanwhile}
            agreed = MoveOut.objects.get().state == "agreed"
            assert Message.objects.filter(topic="erp.move.agreed").count() == int(agreed)

    def test_of_deciding_in_the_office_and_agreeing_at_once_one_counts(self):
        nika = Customer("Nika", role="clerk", signed_in=False)
        key = given_move(
            self.payer, self.house, self.ana.user, state="disputed", other_on=timezone.localdate(), other_value_m3=1258
        ).pk

        def act(n):
            move = MoveOut.objects.select_related("supply_point", "meter", "payer", "given_by").get(pk=key)
            if n % 2:
                return accept_other(move=move, seen=1, by=self.ana.user, now=timezone.now())
            return decide(move, holds="giver", reason="Fotografija.", seen=1, by=nika.user, now=timezone.now())

        answers = at_once(act)
        assert answers.count(None) == 1 and set(answers) <= {None, ChangedMeanwhile, AnsweredMeanwhile}
        (told,) = (each.payload for each in Message.objects.filter(topic="erp.move.agreed"))
        assert told["value_m3"] == ("1258" if told["confirmed_by_both"] else "1260")

    def test_of_jobs_at_once_one_reminds_of_the_day(self):
        given_move(self.payer, self.house, self.ana.user, state="planned", value_m3=None)
        noon = timezone.now().replace(hour=11)
        at_once(lambda _n: remind_of_the_day(noon))
        assert Message.objects.filter(topic="mail", payload__template="moving/mail/day_has_come").count() == 1

    def test_of_twenty_announcements_one_counts(self):
        place = places_of(self.ana.user.pk)[0]
        today = timezone.localdate()

        def act(_n):
            return type(announce(
                place=place, moves_on=today, typed="4350", exact_m3=None, is_confirmed=True, bill_address="Log 7",
                email="nada@example.com", nobody_known=False, by=self.ana.user, today=today, now=timezone.now(),
            ))  # fmt: skip

        answers = at_once(act)
        assert answers.count(MoveOut) == 1 and answers.count(AlreadyAnnounced) + 1 == AT_ONCE
        assert MoveOut.objects.count() == 1
