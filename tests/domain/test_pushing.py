"""Notices as notifications: what a lock screen shows, to whom and when, and what becomes of it on the way."""

from datetime import date, timedelta

import time_machine
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.models import KnownDevice, PushDevice, User
from mojplin.domain.billing.models import Document
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import PlaceChoice, Rhythm
from mojplin.domain.notifications.pushing import post_pushes
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.domain.supply.models import FeedRun
from mojplin.domain.support.office import answer
from mojplin.foundation import web_push
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.push_service import PushBrowser, push_service

NOON = moment(2026, 11, 2)
DUE_SOON = {"issued_on": date(2026, 10, 10), "due_on": date(2026, 11, 4), "open_eur": "86.40"}
NIGHT = moment(2026, 11, 2, 23)


class PushingCase(PortalTestCase):
    def setUp(self):
        self.clock = self.enterContext(time_machine.travel(NOON, tick=False))
        self.enterContext(override_settings(READING_REMINDERS=False))
        self.service = self.enterContext(push_service())
        self.given_cast()
        self.given_link(self.cilka, self.anas_payer, self.anas_house)
        Link.objects.update(created_at=moment(2026, 1, 1))
        self.phone = self.given_device(self.ana, PushBrowser("phone"))

    def given_device(self, whose, browser: PushBrowser) -> PushBrowser:
        known = KnownDevice.objects.create(user=whose.user, secret_hash=browser.path, last_used_at=NOON)
        PushDevice.objects.create(
            user=whose.user, browser=known, endpoint_hash=browser.path, server_key=web_push.public_key(),
            added_at=NOON, **browser.fields,
        )  # fmt: skip
        return browser

    def given_invoice(self, number="26-1", *, point=None, payer=None, **more):
        dates = {"issued_on": date(2026, 11, 2), "due_on": date(2026, 11, 17), "amount_eur": "86.40"} | more
        return self.given_document(payer or self.anas_payer, point or self.anas_house, number, **dates)

    def given_fresh_data(self):
        """What is unpaid is said only where the supplier's data is fresh."""
        FeedRun.objects.create(folder="x", started_at=NOON, finished_at=NOON, made_at=NOON, state="taken_in")

    def told(self, browser=None):
        """Let the job and the worker run, and return what the device shows."""
        tell_everyone(timezone.now())
        drain()
        return self.service.messages(browser or self.phone)


class Telling(PushingCase):
    def test_a_new_invoice_is_shown_by_kind_and_place_with_its_page_and_without_an_amount(self):
        self.given_invoice()
        [shown] = self.told()
        tag = Message.objects.get(topic="notice_push").public_id
        assert shown == {
            "title": "Nov račun ali dobropis", "body": "Dom", "tag": tag, "lang": "sl",
            "url": f"/racuni/?place={self.anas_house.public_id}",
        }  # fmt: skip
        _path, headers, _body = self.service.received[0]
        assert headers["topic"] == tag
        self.ana.opens(shown["url"])

    def test_each_device_of_a_reader_shows_it_and_nobody_elses(self):
        tablet = self.given_device(self.ana, PushBrowser("tablet"))
        bojans = self.given_device(self.bojan, PushBrowser("bojan"))
        self.given_invoice()
        assert len(self.told()) == len(self.service.messages(tablet)) == 1
        assert self.service.messages(bojans) == []

    def test_in_the_readers_language(self):
        User.objects.filter(pk=self.ana.user.pk).update(language="en")
        self.given_invoice()
        [shown] = self.told()
        assert (shown["title"], shown["lang"]) == ("A new invoice or note", "en")
        assert shown["url"].startswith("/en/documents/")

    def test_many_things_of_a_kind_are_one_notification(self):
        for number in range(6):
            point = self.given_supply_point(self.anas_payer, f"3-{number}")
            self.given_link(self.ana, self.anas_payer, point, name=f"Hiša {number}")
            Link.objects.update(created_at=moment(2026, 1, 1))
            self.given_invoice(f"26-{number}", point=point)
        [shown] = self.told()
        assert shown["body"] == "Hiša 0, Hiša 1, Hiša 2 in še 3" and shown["url"] == "/racuni/"

    def test_whoever_wants_one_message_a_day_is_shown_one(self):
        Rhythm.objects.create(user=self.ana.user, often=Rhythm.Often.DAILY)
        self.given_fresh_data()
        self.given_invoice()
        self.given_invoice("26-2", **DUE_SOON)
        [shown] = self.told()
        assert shown["title"] == "2 sporočili" and "Račun zapade čez tri dni" in shown["body"]
        self.ana.opens(shown["url"])

    def test_an_answer_of_support_opens_the_conversation_and_says_nothing_of_it(self):
        enquiry = self.given_enquiry(self.ana, "Kdaj pridete?")
        answer(enquiry=enquiry.pk, text="Jutri ob devetih.", by=Customer("Nika", role="clerk").user, now=NOON)
        [shown] = self.told()
        assert (shown["title"], shown["url"]) == ("Odgovori podpore", f"/podpora/{enquiry.public_id}/")
        assert "devetih" not in str(shown)
        self.ana.opens(shown["url"])
        way_in = Visitor().browser.get(shown["url"])["Location"]
        assert way_in == f"/prijava/?next={shown['url']}"

    def test_what_is_not_wanted_by_mail_is_not_shown_either(self):
        PlaceChoice.objects.create(link=Link.objects.get(user=self.ana.user), is_wanted=False)
        self.given_invoice()
        assert self.told() == []

    def test_without_a_device_or_our_key_nothing_is_posted(self):
        self.given_invoice()
        with override_settings(PUSH_KEY=""):
            assert self.told() == [] and not Message.objects.filter(topic="notice_push").exists()

    def test_as_many_statements_for_many_readers_as_for_one(self):
        for groups in ([(self.ana.user.pk, [1])], [(self.ana.user.pk, [1]), (self.bojan.user.pk, [2, 3])]):
            with self.assertNumQueries(3):
                post_pushes(groups)


class OnTheWay(PushingCase):
    def test_a_service_that_is_away_is_asked_again_and_gets_the_same_tag(self):
        self.given_invoice()
        self.service.status = 503
        [first] = self.told()
        self.service.status = 201
        self.clock.shift(timedelta(minutes=1))
        assert self.told() == [first, first]
        assert Message.objects.get(topic="notice_push").state == "delivered"

    def test_a_device_that_is_over_is_forgotten_and_nothing_is_called_undelivered(self):
        for status in (404, 410):
            with self.subTest(status):
                self.phone = self.given_device(self.ana, PushBrowser(f"phone-{status}"))
                self.service.status = status
                self.given_invoice(f"26-{status}")
                self.told()
                assert not PushDevice.objects.exists()
                assert not Message.objects.exclude(state="delivered").exists()

    def test_what_a_service_refuses_for_good_stands_among_the_undelivered(self):
        self.service.status = 403
        self.given_invoice()
        self.told()
        dead = Message.objects.get(topic="notice_push")
        assert (dead.state, dead.last_error) == ("dead", "refused by the push service: 403")

    def test_in_the_quiet_hours_it_waits_for_the_morning(self):
        self.given_invoice()
        tell_everyone(timezone.now())
        self.clock.move_to(NIGHT)
        assert self.told() == []
        self.clock.move_to(NIGHT + timedelta(hours=11))
        assert len(self.told()) == 1

    def test_what_was_paid_meanwhile_is_not_shown(self):
        self.given_fresh_data()
        document = self.given_invoice(**DUE_SOON)
        tell_everyone(timezone.now())
        assert Message.objects.filter(topic="notice_push").count() == 1
        Document.objects.filter(pk=document.pk).update(open_eur=0)
        assert self.told() == []

    def test_after_two_days_it_is_no_news(self):
        self.given_invoice()
        self.service.status = 503
        self.told()
        self.service.received.clear()
        self.clock.shift(timedelta(days=2, hours=1))
        assert self.told() == [] and Message.objects.get(topic="notice_push").state == "delivered"

    def test_nobody_who_left_or_was_closed_out_is_shown_anything(self):
        self.given_invoice()
        tell_everyone(timezone.now())
        User.objects.filter(pk=self.ana.user.pk).update(is_active=False)
        assert self.told() == []

    def test_with_a_new_key_of_ours_former_devices_are_no_longer_written_to(self):
        self.given_invoice()
        with override_settings(PUSH_KEY="A" * 42 + "E"):
            assert self.told() == []
        assert self.service.received == []
