"""Reminders and news of all kinds: each once, as often as a person wants, in as many statements for few as for many."""

from datetime import date, timedelta

import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.metering.models import GaugeReading
from mojplin.domain.notifications.daytime import is_daytime, next_morning
from mojplin.domain.notifications.models import PlaceChoice, Rhythm, SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

NOON = moment(2026, 11, 2)
LAST_DAY = date(2027, 1, 31)


class MessageCase(PortalTestCase):
    def setUp(self):
        self.enterContext(override_settings(READING_REMINDERS=False))
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
        self.given_cast()
        self.contract = self.given_contract(self.anas_payer, self.anas_house, ends_on=LAST_DAY)
        Link.objects.update(created_at=moment(2026, 1, 1))

    def at(self, now):
        self.clock.move_to(now)
        tell_everyone(now)
        drain(lambda: now)

    def subjects(self, whom="ana@example.si"):
        return [mail.subject for mail in reversed(mails_to(whom))]


class ContractEnding(MessageCase):
    def test_it_is_told_90_30_and_7_days_before_its_last_day_each_once(self):
        for days in (95, 91, 90, 89, 60, 31, 30, 29, 8, 7, 6, 1, 0, -1):
            self.at(moment(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day) - timedelta(days=days))
        assert self.subjects() == [f"Vaša pogodba se izteče čez {days} dni" for days in (90, 30, 7)]

    def test_after_missed_days_the_nearest_alone_is_told(self):
        self.at(moment(2027, 1, 20))
        self.at(moment(2027, 1, 21))
        assert self.subjects() == ["Vaša pogodba se izteče čez 11 dni"]

    def test_a_prolonged_one_is_told_of_again_a_year_later(self):
        self.at(moment(2027, 1, 28))
        self.contract.ends_on = date(2028, 1, 31)
        self.contract.save()
        self.at(moment(2028, 1, 28))
        assert len(self.subjects()) == 2

    def test_who_may_not_renew_is_not_told_nor_who_switched_the_kind_or_the_place_off(self):
        self.given_share(Customer("Jure"), Link.objects.get(user=self.ana.user), Role.PAY)
        self.at(moment(2027, 1, 2))
        assert [each.user.username for each in SentNotice.objects.all()] == ["Ana"]
        PlaceChoice.objects.create(link=Link.objects.get(user=self.ana.user), topic="", is_wanted=False)
        self.at(moment(2027, 1, 25))
        assert SentNotice.objects.count() == 1
        PlaceChoice.objects.all().delete()
        choice = NoticeChoice.objects.create(user=self.ana.user, topic="contract_ending", is_wanted=False)
        self.at(moment(2027, 1, 26))
        assert SentNotice.objects.count() == 1
        choice.delete()
        self.at(moment(2027, 1, 27))
        assert SentNotice.objects.count() == 2

    def test_a_place_may_be_told_of_though_the_kind_is_switched_off_and_the_other_way_round(self):
        first, second = self.bojans_points
        for number, point in enumerate((first, second)):
            self.given_contract(self.bojans_firm, point, f"OGR-{number}", ends_on=LAST_DAY)
        NoticeChoice.objects.create(user=self.bojan.user, topic="contract_ending", is_wanted=False)
        link = Link.objects.get(supply_point=second)
        choice = PlaceChoice.objects.create(link=link, topic="contract_ending", is_wanted=True)
        self.at(moment(2027, 1, 2))
        assert [each.about for each in SentNotice.objects.filter(user=self.bojan.user)] == ["OGR-1"]
        NoticeChoice.objects.all().delete()
        PlaceChoice.objects.filter(pk=choice.pk).update(is_wanted=False)
        self.at(moment(2027, 1, 25))
        told = SentNotice.objects.filter(user=self.bojan.user).order_by("pk")
        assert [each.about for each in told] == ["OGR-1", "OGR-0"]


class Gauges(MessageCase):
    def test_a_tank_is_reminded_of_once_a_month_unless_it_was_read_or_filled(self):
        tank = self.given_supply_point(self.anas_payer, "3000-1", kind="bulk", tank_capacity_l=2700)
        self.given_link(self.ana, self.anas_payer, tank, "Vikend")
        with override_settings(READING_REMINDERS=True):
            for month, day in ((8, 1), (8, 2), (9, 8), (10, 5)):
                self.at(moment(2026, month, day))
            GaugeReading.objects.create(
                supply_point=tank, payer=self.anas_payer, read_on=date(2026, 10, 20), version=1, percent=50,
                submitted_by=self.ana.user, submitted_at=NOON,
            )  # fmt: skip
            self.at(moment(2026, 11, 3))
        told = SentNotice.objects.filter(topic="gauge_due").values_list("thing", flat=True)
        assert [each.split(":")[1] for each in told.order_by("pk")] == ["2026-08", "2026-10"]
        assert "Poglejte kazalec na svojem plinohramu" in self.subjects()


class QuietHours(MessageCase):
    def test_nothing_leaves_at_night_and_the_morning_makes_up_for_it(self):
        for hour in (20, 23):
            self.at(moment(2027, 1, 2, hour))
        self.at(moment(2027, 1, 3, 7, 59))
        assert not SentNotice.objects.exists()
        self.at(moment(2027, 1, 3, 8))
        assert len(self.subjects()) == 1

    def test_a_mail_that_could_not_leave_by_day_waits_for_the_morning(self):
        tell_everyone(moment(2027, 1, 2, 19, 59))
        self.clock.move_to(moment(2027, 1, 2, 20, 5))
        assert self.subjects() == []
        assert Message.objects.get(topic="notice_mail").next_attempt_at == moment(2027, 1, 3, 8)
        self.clock.move_to(moment(2027, 1, 3, 8))
        assert len(self.subjects()) == 1

    def test_the_supplier_sets_them_and_the_clock_is_that_of_ljubljana(self):
        with override_settings(QUIET_HOURS=(22, 6)):
            table = [(6, True), (21, True), (22, False), (5, False)]
            assert [is_daytime(moment(2026, 7, 1, hour)) for hour, _is_day in table] == [day for _hour, day in table]
            assert next_morning(moment(2026, 3, 28, 23)) == moment(2026, 3, 29, 6)  # the clocks change this night
            assert next_morning(moment(2026, 3, 29, 1)) == moment(2026, 3, 29, 6)


class Gathered(MessageCase):
    def wants(self, often):
        Rhythm.objects.update_or_create(user=self.bojan.user, defaults={"often": often})

    def given_news(self, day, *numbers):
        for number in numbers:
            self.given_document(self.bojans_firm, self.bojans_points[0], number, issued_on=day, due_on=None)

    def test_a_firm_gets_one_mail_a_day_of_everything(self):
        self.wants("daily")
        for number, point in enumerate(self.bojans_points):
            self.given_contract(self.bojans_firm, point, f"OGR-{number}", ends_on=date(2027, 1, 20))
        self.given_news(date(2026, 11, 2), "26-1", "26-2")
        self.at(moment(2026, 11, 2, 8))
        self.given_news(date(2026, 11, 2), "26-3")
        self.at(moment(2026, 11, 2, 12))
        (mail,) = mails_to("bojan@example.si")
        assert mail.subject == "4 sporočila o vašem plinu"
        for line in ("Nov račun ali dobropis", "26-1, Apartma 1", "26-2, Apartma 1", "OGR-1, Apartma 2"):
            assert line in mail.text
        self.at(moment(2026, 11, 3, 8))
        assert self.subjects("bojan@example.si")[1:] == ["Nov račun 26-3"]

    def test_what_can_wait_comes_once_a_week_and_what_cannot_comes_on_its_day(self):
        self.wants("weekly")
        told = []
        for day in range(1, 16):
            self.given_news(date(2026, 11, day), f"26-{day}")
            if day == 5:
                self.given_contract(self.bojans_firm, self.bojans_points[0], "OGR-5", ends_on=date(2026, 12, 1))
            self.at(moment(2026, 11, day, 9))
            told.append(SentNotice.objects.filter(user=self.bojan.user).count())
        assert told == [1, 2, 2, 2, 3, 3, 3, 3, 10, 10, 10, 10, 10, 10, 10]


class Statements(MessageCase):
    def statements(self):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            tell_everyone(NOON)
        return len(captured)

    def given_people(self, *numbers):
        for number in numbers:
            who = Customer(f"Oseba{number}", signed_in=False)
            payer = self.given_payer(f"2050{number:04}", serial=500 + number)
            point = self.given_supply_point(payer, f"5000-{number:04}")
            self.given_link(who, payer, point)
            self.given_document(payer, point, f"26-{number}", issued_on=NOON.date(), due_on=None)

    def test_they_do_not_depend_on_how_many_people_are_told(self):
        idle = self.statements()
        self.given_people(1)
        one = self.statements()
        self.given_people(*range(2, 12))
        assert self.statements() == one <= idle + 11
        assert SentNotice.objects.filter(topic="new_document").count() == 11
