"""The portal as the customer sees it, in the office: the same pages, read only, framed, and told to the customer."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.accounts.models import AccessEvent, Session
from mojplin.domain.supply.models import Payer
from mojplin.interfaces.staff.read_only import read_only
from mojplin.interfaces.staff.seen import WriteRefused, refuse_writing
from tests.staff.test_customers import CustomerCase

PATHS = ("", "poraba/", "stanje/", "racuni/", "pogodbe/", "narocila/", "podpora/")


class Seen(CustomerCase):
    def setUp(self):
        super().setUp()
        self.view = f"{self.account}pogled/"
        self.looks(self.rok, self.account)

    def test_each_page_says_what_the_customers_own_page_says(self):
        for path in PATHS:
            with self.subTest(path):
                own = self.ana.opens(f"/{path}").content.decode()
                seen = self.rok.opens(f"{self.view}{path}").content.decode()
                heading = re.search(r"<h1[^>]*>(.*?)</h1>", own, re.S)[1]
                self.assertIn(re.sub(r"\s+", " ", heading).split("<")[0].strip(), re.sub(r"\s+", " ", seen))
                self.assertIn("Kot vidi Ana. Samo za ogled", seen)
                self.assertIn("topbar--staff", seen)

    def test_nothing_of_it_can_be_sent_and_no_link_leads_out_of_the_office(self):
        for path in PATHS:
            seen = self.rok.opens(f"{self.view}{path}").content.decode()
            framed = seen[seen.index('class="seen"') : seen.index("</main>")]
            self.assertNotRegex(framed, r"<form|hx-|formaction|data-options|autofocus")
            for control in re.findall(r"<(?:button|input|select|textarea)\b[^>]*>", framed):
                self.assertIn("disabled", control)
            for href in re.findall(r'href="([^"]*)"', framed):
                self.assertTrue(href.startswith((self.view, "?place=")), href)

    def test_a_customer_with_several_places_is_seen_at_each(self):
        self.given_link(self.ana, self.anas_payer, self.given_supply_point(self.anas_payer, "1042-9046"), "Vikend")
        page = self.rok.opens(self.view).content.decode()
        address = self.view + re.search(r'href="(\?place=[^"]*)">Vikend<', page)[1]
        self.assertRegex(self.rok.opens(address).content.decode(), r"<h1[^>]*>\s*Vikend")

    def test_a_document_is_opened_from_the_list_as_the_customer_would(self):
        page = self.rok.opens(f"{self.view}racuni/").content.decode()
        address = f"{self.view}racuni/{self.document.public_id}/"
        self.assertIn(address, page)
        self.assertContains(self.rok.opens(address), "26-OGR-104417")

    def test_every_page_stands_in_the_customers_log_with_the_reason(self):
        for path in ("", "racuni/"):
            self.rok.opens(f"{self.view}{path}")
        events = AccessEvent.objects.filter(what="office_saw_customer_view", whose=self.ana.user)
        self.assertEqual([(each.by, each.reason) for each in events], [(self.rok.user, "call")] * 2)
        self.assertIn("Računi", self.log_of(self.ana))

    def test_without_a_reason_one_is_led_to_it(self):
        self.assertEqual(self.nika.opens(self.view, status=302)["Location"], self.account)
        self.ana.opens(self.view, status=404)

    def test_pages_that_are_not_shown_and_others_things_are_not_there(self):
        foreign = self.given_document(self.bojans_firm, self.bojans_points[0], "26-TUJ")
        paths = ("profil/", "profil/geslo/", "urad/", "prijava/", "ni-take/", f"racuni/{foreign.public_id}/", "odjava/")
        for path in paths:
            with self.subTest(path):
                self.rok.opens(f"{self.view}{path}", status=404)

    def test_nobody_is_signed_in_as_the_customer(self):
        before = Session.objects.count()
        answer = self.rok.opens(self.view)
        self.assertEqual(Session.objects.count(), before)
        self.assertEqual(answer.cookies.keys() & {"seja", "naprava", "prijava"}, set())
        self.assertContains(self.rok.opens("/urad/"), "Rok")

    def test_an_account_without_a_place_and_the_english_office(self):
        account = f"/urad/stranke/registracija/{self.cilka.user.public_id}/"
        self.looks(self.rok, account)
        self.assertContains(self.rok.opens(f"{account}pogled/"), "Kot vidi Cilka")
        english = self.rok.opens(f"/en/office/customers/account/{self.ana.user.public_id}/view/")
        self.assertContains(english, "As Ana sees it.")

    def test_a_page_that_would_write_is_refused_by_the_connection_itself(self):
        with connection.execute_wrapper(refuse_writing):
            self.assertTrue(Payer.objects.exists())
            for write in (lambda: Payer.objects.update(name="x"), lambda: Session.objects.all().delete()):
                with pytest.raises(WriteRefused), transaction.atomic():
                    write()


@given(st.text(alphabet="<>/=\"' abcformainputbuttonhref#&;!-\n", max_size=200))
def test_whatever_a_page_holds_it_comes_out_without_anything_that_acts(inside):
    heading, written = read_only(f"<main>{inside}</main>", lambda _href: None)

    class Looks(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag not in ("form", "script", "iframe", "object")
            assert not {name for name, _ in attrs} & {"href", "action", "formaction", "style", "onclick"}
            assert tag not in ("input", "button") or "disabled" in dict(attrs)

    Looks().feed(written)
    assert isinstance(heading, str)
