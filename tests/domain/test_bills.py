"""Mails about bills: each once, to whoever may pay, only while it is so, and by choice."""

from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.test import override_settings

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.notifications.kinds import kinds
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.telling import tell, tell_everyone
from mojplin.domain.supply.models import FeedRun
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

NOON = moment(2026, 11, 26)


class BillsCase(PortalTestCase):
    def setUp(self):
        self.enterContext(override_settings(READING_REMINDERS=False))
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
        self.given_cast()
        Link.objects.update(created_at=moment(2026, 1, 1))
        self.feed = FeedRun.objects.create(folder="f", started_at=NOON, made_at=NOON, state="taken_in")

    def given_bill(
        self, number="26-1", *, issued_on=date(2026, 8, 1), due_on=date(2026, 9, 1), open_eur="136.84", **more
    ):
        fields = {"issued_on": issued_on, "due_on": due_on, "open_eur": Decimal(open_eur)} | more
        return self.given_document(self.anas_payer, fields.pop("point", self.anas_house), number, **fields)

    def topics(self, now=NOON):
        """The kinds that have something to tell, and of how many documents."""
        found = [(kind.topic.code, len({each.thing for each in kind.find(now)})) for kind in kinds()]
        return [(topic, count) for topic, count in found if count]

    def days_pass(self, days):
        now = NOON + timedelta(days=days)
        self.clock.move_to(now)
        FeedRun.objects.update(made_at=now)
        tell_everyone(now)


class WhatIsDue(BillsCase):
    def test_a_new_document_for_two_weeks(self):
        self.given_bill(issued_on=date(2026, 11, 12), due_on=None, open_eur="0")
        assert self.topics() == []
        self.given_bill("26-2", issued_on=date(2026, 11, 13), due_on=None, open_eur="0")
        assert self.topics() == [("new_document", 1)]

    def test_one_that_is_due_within_three_days_while_it_is_not_paid(self):
        self.given_bill("26-1", due_on=date(2026, 11, 30))
        self.given_bill("26-2", due_on=date(2026, 11, 29), open_eur="0")
        self.given_bill("26-3", due_on=date(2026, 11, 29), kind="credit_note")
        assert self.topics() == []
        self.given_bill("26-4", due_on=date(2026, 11, 29))
        self.given_bill("26-5", due_on=date(2026, 11, 26))
        assert self.topics() == [("document_due", 2)]

    def test_one_that_is_overdue_for_four_days_up_to_a_month(self):
        for number, day in enumerate((date(2026, 11, 23), date(2026, 11, 25), date(2026, 10, 26))):
            self.given_bill(f"26-{number}", due_on=day)
        assert self.topics() == []
        for number, day in enumerate((date(2026, 11, 22), date(2026, 10, 27)), start=5):
            self.given_bill(f"26-{number}", due_on=day)
        assert self.topics() == [("document_overdue", 2)]

    def test_of_old_data_nobody_hears_that_something_is_not_paid(self):
        self.given_bill("26-1", due_on=date(2026, 11, 20))
        self.given_bill("26-2", issued_on=date(2026, 11, 25), due_on=date(2026, 11, 28))
        FeedRun.objects.update(made_at=NOON - timedelta(hours=61))
        assert self.topics() == [("new_document", 1)]

    def test_what_was_so_before_the_place_was_linked_is_no_news(self):
        Link.objects.update(created_at=NOON)
        self.given_bill("26-1", issued_on=date(2026, 11, 25), due_on=date(2026, 11, 20))
        assert self.topics() == []
        self.given_bill("26-2", issued_on=date(2026, 11, 26), due_on=date(2026, 12, 20))
        assert self.topics() == [("new_document", 1)]


class Whom(BillsCase):
    def told(self):
        return sorted(SentNotice.objects.values_list("user__username", "topic"))

    def test_holders_and_those_who_may_pay(self):
        holders = Link.objects.get(user=self.ana.user)
        for role in (Role.SEE, Role.READINGS, Role.PAY, Role.EVERYTHING):
            self.given_share(Customer(role.value), holders, role)
        Link.objects.update(created_at=moment(2026, 1, 1))
        self.given_bill(issued_on=date(2026, 11, 26))
        self.given_bill("26-9", issued_on=date(2026, 11, 26), point=None)
        tell_everyone(NOON)
        assert [user for user, _topic in self.told()] == ["Ana", "Ana", "everything", "pay"]

    def test_not_of_another_place_nor_by_an_ended_link_nor_who_is_leaving(self):
        elsewhere = self.given_supply_point(self.anas_payer, "1042-9999")
        self.given_bill(issued_on=date(2026, 11, 26), point=elsewhere)
        assert self.topics() == []
        self.given_bill("26-2", issued_on=date(2026, 11, 26))
        type(self.ana.user).objects.filter(pk=self.ana.user.pk).update(closing_asked_at=NOON)
        assert self.topics() == []
        type(self.ana.user).objects.filter(pk=self.ana.user.pk).update(closing_asked_at=None)
        assert self.topics() == [("new_document", 1)]
        Link.objects.update(ended_at=NOON, ended_because="user")
        assert self.topics() == []

    def test_by_choice_one_topic_alone_stays_away(self):
        self.given_bill(issued_on=date(2026, 11, 26), due_on=date(2026, 11, 28))
        NoticeChoice.objects.create(user=self.ana.user, topic="document_due", is_wanted=False)
        tell_everyone(NOON)
        assert self.told() == [("Ana", "new_document")]


class Once(BillsCase):
    def test_a_bill_through_its_life_is_told_of_three_times(self):
        self.given_bill(issued_on=date(2026, 11, 26), due_on=date(2026, 12, 10))
        for day in range(60):
            self.days_pass(day)
            self.days_pass(day)
        subjects = [mail.subject for mail in mails_to("ana@example.si")]
        assert sorted(subjects) == ["1 račun je zapadel", "1 račun kmalu zapade", "Nov račun 26-1"]

    def test_two_jobs_at_once_send_one_mail(self):
        self.given_bill(issued_on=date(2026, 11, 26))
        (found,) = next(kind for kind in kinds() if kind.topic.code == "new_document").find(NOON)
        due = {found.user_id: {(found.user_id, "new_document", found.thing): found}}
        tell(due, now=NOON)
        tell(due, now=NOON)
        assert len(mails_to("ana@example.si")) == 1

    def test_many_documents_go_in_one_mail_that_lists_the_first(self):
        for number in range(13):
            self.given_bill(f"26-{number:02}", issued_on=date(2026, 11, 26), due_on=date(2026, 12, 20))
        tell_everyone(NOON)
        (mail,) = mails_to("ana@example.si")
        assert mail.subject == "13 novih dokumentov"
        text = mail.text.replace("\u00a0", " ")
        assert "Račun 26-00, Dom: 136,84 €, zapade 20. 12. 2026" in text and "26-10" not in text and "in še 3" in text

    def test_nobody_is_told_at_night(self):
        self.given_bill(issued_on=date(2026, 11, 26))
        for hour in (0, 7, 20, 23):
            tell_everyone(moment(2026, 11, 26, hour))
        assert not SentNotice.objects.exists()
        tell_everyone(moment(2026, 11, 26, 8))
        assert SentNotice.objects.count() == 1
