"""The log of everybody: administrators alone, chosen by who, whom, what and when; whoever is in it reads of it."""

import re
from datetime import timedelta
from html import unescape

import time_machine
from django.utils import timezone, translation

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.office.log_words import kinds
from tests.cast import Customer, PortalTestCase, moment

LOG = "/urad/dnevnik/"
NOW = moment(2026, 11, 26, 10)
What = AccessEvent.What


class Audit(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.ada, self.nika = Customer("Ada", role="admin"), Customer("Nika", role="clerk")

    def happened(self, whose, what, by, *, days_ago=0, **more):
        access_log.record(
            whose=whose and whose.user, what=what, by=by and by.user, now=NOW - timedelta(days=days_ago), **more
        )

    def shown(self, **asked):
        return self.ada.opens(LOG, **asked).content.decode()

    def events_in(self, page):
        return [unescape(each) for each in re.findall(r'<span class="strong">([^<]*)</span>', page)]

    def given_some(self):
        self.happened(self.ana, What.SIGNED_IN, self.ana, days_ago=3)
        self.happened(
            self.ana, What.OFFICE_VIEWED, self.nika, days_ago=2, reason="call", payer_number="20418837", ip="192.0.2.7"
        )
        self.happened(None, What.STAFF_INVITED, self.ada, days_ago=1, about="nova@example.si: reader")

    def test_the_office_alone_is_shown_first_with_who_whom_why_and_from_where(self):
        self.given_some()
        page = self.shown()
        assert self.events_in(page) == ["Nekdo povabljen v urad", "Ogled podatkov stranke"]
        for told in ("Nika", ">Ana<", "20418837", "Klic stranke", "192.0.2.7", "nova@example.si: vpogled"):
            assert told in page, told
        assert "Prijava<" not in page.partition("<tbody")[2]

    def test_topics_lists_and_days_are_told_in_plain_words(self):
        self.happened(None, What.MESSAGES_RETRIED, self.nika, about="erp.order.placed: 3")
        self.happened(None, What.MESSAGES_DROPPED, self.ada, about="sign_in_mail: x7Q")
        self.happened(None, What.MESSAGES_DROPPED, self.ada, about="a.topic.of.yore: x8Q")
        self.happened(None, What.OFFICE_TOOK_OUT, self.nika, about="orders, 2026-11-01/2026-11-26, 2")
        self.happened(None, What.OFFICE_PRINTED, self.nika, about="2026-11-26, 1")
        page = self.shown().replace("\xa0", " ")
        for told in (
            "V ERP: naročila plina: 3", "E-sporočila za potrditev prijave: x7Q", "a.topic.of.yore: x8Q",
            "1. 11. do 26. 11. 2026, 2", "26. 11. 2026, 1",
        ):  # fmt: skip
            assert told in page, told
        assert "erp.order" not in page and "sign_in_mail" not in page and "2026-11" not in page.partition("<tbody")[2]

    def test_nothing_in_it_speaks_as_if_to_the_customer(self):
        for language, yours in (("sl", ("vaš", "vas ")), ("en", ("your", "you "))):
            with translation.override(language):
                said = [f"{words} ".casefold() for _kind, words in kinds()]
                assert [each for each in said if any(word in each for word in yours)] == []

    def test_each_choice_leaves_out_the_others(self):
        self.given_some()
        for asked, count in (
            ({"is_everybody": "on"}, 3),
            ({"by": "NIKA"}, 1),
            ({"by": "ada@example.si"}, 1),
            ({"customer": "ana"}, 1),
            ({"customer": "ana", "is_everybody": "on"}, 2),
            ({"customer": "20418837"}, 1),
            ({"what": "staff_invited"}, 1),
            ({"from_on": "2026-11-25"}, 1),
            ({"until_on": "24. 11. 2026"}, 1),
            ({"from_on": "2026-11-23", "until_on": "2026-11-23", "is_everybody": "on"}, 1),
            ({"from_on": "2026-11-26"}, 0),
        ):
            with self.subTest(asked):
                page = self.shown(**asked)
                found = [each for each in self.events_in(page) if each != "Ogled dnevnika dostopov stranke"]
                assert len(found) == count, found

    def test_what_cannot_be_understood_is_said_beside_its_field_and_stays(self):
        for asked, said in (
            ({"by": "nihče"}, "Nihče nima tega"),
            ({"customer": "20499999"}, "ni plačnika"),
            ({"from_on": "včeraj"}, "31. 12. 2026"),
            ({"until_on": "9999-12-31"}, "31. 12. 2026"),
            ({"from_on": "0001-01-01"}, "31. 12. 2026"),
            ({"what": "nekaj"}, "nekaj"),
            ({"by": "a\0b"}, "error"),
        ):
            with self.subTest(asked):
                page = self.shown(**asked)
                assert said in page and "field--bad" in page

    def test_pages_follow_one_another_without_gap_or_double_while_more_happens(self):
        for n in range(120):
            self.happened(None, What.STAFF_INVITED, self.ada, days_ago=n // 40 + 1, about=f"oseba-{n:03}@example.si")
        seen, address = [], f"{LOG}?what=staff_invited"
        while address:
            page = self.ada.opens(address).content.decode()
            seen += re.findall(r"oseba-\d+", page)
            self.happened(None, What.STAFF_INVITED, self.ada, about="pozneje@example.si")
            older = re.search(r'href="([^"]*before=[^"]*)" rel="next"', page)
            address = older and unescape(older[1])
        assert len(seen) == 120 and len(set(seen)) == 120
        assert "pozneje" in self.shown()
        for mark in ("2026-11-26", "~", "x~1", "2026-11-26T10:00:00+00:00~99999999999999999999"):
            self.ada.opens(LOG, before=mark)

    def test_whoever_is_in_it_reads_once_a_day_that_it_was_read(self):
        self.given_some()
        for _ in range(2):
            self.shown()
        told = AccessEvent.objects.filter(what="office_read_log")
        assert [(each.whose, each.by) for each in told] == [(self.ana.user, self.ada.user)]
        assert "Vpogled v vaš dnevnik dostopov" in self.ana.opens("/profil/dnevnik-dostopov/").content.decode()

    def test_it_costs_the_same_however_much_there_is(self):
        self.given_some()
        self.shown()
        with self.assertNumQueries(3):
            self.shown()
        for n in range(60):
            self.happened(self.bojan, What.OFFICE_VIEWED, self.nika, payer_number="20418837", about=str(n))
        self.shown()
        with self.assertNumQueries(3):
            self.shown()
        assert timezone.now() == NOW

    def test_a_clerk_and_a_customer_find_nothing_and_the_menu_has_no_such_item(self):
        for person in (self.nika, self.ana):
            person.opens(LOG, status=404)
        assert LOG not in self.nika.opens("/urad/").content.decode()
        assert LOG in self.ada.opens("/urad/").content.decode()
        assert "Access log of everybody" in self.ada.opens("/en/office/log/").content.decode()
