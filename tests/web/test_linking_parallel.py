"""Twenty tries at once, on a real database: no limit is outrun, one place is linked once, one code works once."""

from datetime import date, timedelta

from django.test import TransactionTestCase
from django.utils import timezone

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.linking import codes, limits
from mojplin.domain.linking.by_numbers import NoMatch, link_supply_point
from mojplin.domain.linking.closing import is_closed
from mojplin.domain.linking.models import Invitation, Link, LinkAttempt
from mojplin.domain.linking.sharing import TooManyShares, invite
from tests.cast import Customer, Scenes
from tests.letters import code_of_letter
from tests.web.test_sign_in_parallel import AT_ONCE, at_once

Outcome = LinkAttempt.Outcome


class ParallelLinking(TransactionTestCase, Scenes):
    def setUp(self):
        self.payer = self.given_payer("20420001", name="Dragica Zajc", serial=7)
        self.point = self.given_supply_point(self.payer, "1043-0001")
        self.given_document(self.payer, self.point, "26-9", external_number="ZD-1", issued_on=date(2026, 10, 5))
        self.people = [Customer(f"Nekdo{n}") for n in range(AT_ONCE)]
        User.objects.update(registered_at=timezone.now() - timedelta(days=2))
        self.sessions = {each.user_id: each for each in Session.objects.select_related("user")}

    def tries(self, customer, *, document="ZD-1", ip="192.0.2.1"):
        session = self.sessions[customer.user.pk]
        return link_supply_point(
            tax_number=self.payer.tax_number, payer_number="20420001", document_number=document, name="",
            by=session.user, session=session, ip=ip, now=timezone.now(),
        )  # fmt: skip

    def outcomes(self, outcome):
        return LinkAttempt.objects.filter(outcome=outcome).count()

    def test_one_user_has_five_tries_however_fast(self):
        answers = at_once(lambda n: self.tries(self.people[0], document=f"ZD-9{n}"))
        assert answers == [NoMatch] * AT_ONCE
        assert self.outcomes(Outcome.NEAR_MISS) == limits.FAILURES_IN_QUARTER
        assert self.outcomes(Outcome.PAUSED) == AT_ONCE - limits.FAILURES_IN_QUARTER

    def test_of_twenty_people_with_two_right_numbers_the_fifth_closes_the_payer(self):
        at_once(lambda n: self.tries(self.people[n], document=f"ZD-9{n}"))
        assert is_closed(self.payer.pk, timezone.now())
        assert at_once(lambda n: self.tries(self.people[n])) == [NoMatch] * AT_ONCE
        assert not Link.objects.exists()

    def test_one_household_has_thirty_tries_in_a_day_however_many_users(self):
        for _round in range(2):
            at_once(lambda n: self.tries(self.people[n], document=f"ZD-9{n}", ip=f"2001:db8::{n + 1:x}"))
        judged = LinkAttempt.objects.exclude(outcome=Outcome.PAUSED).count()
        assert judged == limits.FAILURES_OF_IPV6

    def test_twenty_right_tries_of_one_user_link_once(self):
        at_once(lambda _n: self.tries(self.people[0]))
        assert Link.objects.filter(user=self.people[0].user).count() == 1

    def test_five_of_twenty_people_link_a_place(self):
        at_once(lambda n: self.tries(self.people[n]))
        assert Link.objects.filter(ended_at=None).count() == 5

    def test_ten_of_twenty_invitations_to_a_place_go_out(self):
        holders = [self.given_link(each, self.payer, self.point) for each in self.people[:5]]

        def invites(n):
            held = holders[n % 5]
            return invite(
                link=held.pk, email=f"gost{n}@example.si", role="see", last_on=None, by=held.user, now=timezone.now()
            )

        answers = at_once(invites)
        assert answers.count(TooManyShares) == 10
        assert Invitation.objects.count() == 10

    def test_one_code_links_one_of_twenty(self):
        code = code_of_letter(
            payer_id=self.payer.pk, printed_by=(self.people[0].user, self.people[1].user), now=timezone.now()
        )

        def redeems(n):
            session = self.sessions[self.people[n].user.pk]
            codes.redeem_code(
                tax_number=self.payer.tax_number, payer_number="20420001", code=code, by=session.user,
                session=session, ip=None, now=timezone.now(),
            )  # fmt: skip

        at_once(redeems)
        assert Link.objects.count() == 1
