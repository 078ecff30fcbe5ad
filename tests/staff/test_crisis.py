"""Crisis notices: a clerk writes, looks and publishes; those whom it concerns see it on every page, until it ends."""

from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.db import OperationalError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.publishing import running
from mojplin.domain.publishing.models import CrisisNotice
from mojplin.foundation.idempotency import new_form_key
from tests.arranged import given_notice
from tests.cast import Customer, PortalTestCase, Visitor, moment

NOW = moment(2026, 11, 26)
NEW, LIST = "/urad/objave/obvestilo/", "/urad/objave/"
WORDS = {
    "level": "danger",
    "audience": "everybody",
    "starts_at": "",
    "ends_at": "2026-11-27T18:00",
    "title_sl": "Motnje pri dobavi plina",
    "text_sl": "Zaprite **glavni ventil**.\r\n\r\n[x](javascript:alert(1)) <b>krepko</b>",
    "title_en": "Gas supply is disturbed",
    "text_en": "Close the **main valve**.",
}
IN_KAMNIK = {"audience": "some", "municipalities": ["Kamnik"]}


class InCrisis(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(NOW, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.nika = Customer("Nika", role="clerk")

    def sends(self, who: Customer | None = None, step: str = "publish", **more: object):
        return (who or self.nika).sends(NEW, WORDS | {step: "1"} | more)

    def publishes(self, **more: object) -> CrisisNotice:
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(self.sends(**more).status_code, 302)
        return CrisisNotice.objects.latest("pk")

    def takes_back(self, notice: CrisisNotice, who: Customer | None = None):
        with self.captureOnCommitCallbacks(execute=True):
            return (who or self.nika).sends(f"{NEW}{notice.public_id}/vzemi-nazaj/")


class Writing(InCrisis):
    def test_a_clerk_looks_at_what_will_happen_and_publishes_it(self):
        page = self.sends(step="look").content.decode()
        for told in (
            "na vrhu vsake strani portala",
            "takoj",
            "27. 11. 2026",
            "until 27 Nov 2026 at 18:00",
            "main valve</strong>",
        ):
            self.assertIn(told, page.replace("\N{NO-BREAK SPACE}", " "))
        self.assertFalse(CrisisNotice.objects.exists())

        notice = self.publishes()
        self.assertEqual((notice.published_by, notice.starts_at, notice.municipalities), (self.nika.user, NOW, []))
        page = self.nika.opens(f"{NEW}{notice.public_id}/")
        self.assertContains(page, "Motnje pri dobavi plina")
        self.assertContains(self.nika.opens(LIST), "Prikazano zdaj")
        event = AccessEvent.objects.get(what="crisis_notice_published")
        self.assertEqual((event.by, event.whose, event.about), (self.nika.user, None, "Motnje pri dobavi plina"))

    def test_for_some_municipalities_it_says_which_and_how_many_places(self):
        page = self.sends(step="look", audience="some", municipalities=["Kamnik", "Bohinj"])
        self.assertContains(page, "3 odjemna mesta v občinah: Bohinj, Kamnik")

    def test_one_goes_back_to_the_text_and_finds_it_as_it_was(self):
        page = self.sends(step="write", **IN_KAMNIK).content.decode()
        self.assertIn("Close the **main valve**.</textarea>", page)
        self.assertRegex(page, r'value="Kamnik"[^>]* checked')
        self.assertFalse(CrisisNotice.objects.exists())

    def test_what_cannot_be_shown_is_refused_in_one_sentence_and_what_was_typed_stays(self):
        for wrong, told in (
            ({"ends_at": "2026-11-26T12:00"}, "Obvestilo se mora končati"),
            ({"ends_at": "0001-01-01T00:00"}, "Obvestilo se mora končati"),
            ({"ends_at": "2026-12-28T12:00"}, "največ 31 dni"),
            ({"ends_at": "9999-12-31T23:59"}, "največ 31 dni"),
            ({"ends_at": "jutri"}, "Izberite dan in uro."),
            ({"ends_at": ""}, "Izberite dan in uro."),
            ({"starts_at": "10" * 30}, "Izberite dan in uro."),
            ({"audience": "some"}, "Izberite vsaj eno občino ali vse."),
            ({"title_en": " "}, "Vpišite naslov v angleščini."),
            ({"text_sl": ""}, "Vpišite besedilo v slovenščini."),
        ):
            for step in ("look", "publish"):
                with self.subTest(wrong=wrong, step=step):
                    page = self.sends(step=step, **wrong)
                    self.assertContains(page, told)
                    self.assertContains(page, "Motnje pri dobavi plina")
        for wrong in ({"municipalities": ["Dunaj"], "audience": "some"}, {"level": "x"}, {"audience": "\x00"}):
            with self.subTest(wrong=wrong):
                self.assertEqual(self.sends(**wrong).status_code, 200)
        self.assertFalse(CrisisNotice.objects.exists())

    def test_a_beginning_that_has_passed_means_at_once(self):
        self.assertEqual(self.publishes(starts_at="0001-01-01T00:00").starts_at, NOW)

    def test_sent_twice_it_is_published_once(self):
        key = new_form_key()
        first, second = (self.sends(form_key=key) for _ in range(2))
        self.assertEqual(first["Location"], second["Location"])
        self.assertEqual(CrisisNotice.objects.count(), 1)

    def test_a_reader_looks_and_does_no_more(self):
        notice, rado = self.publishes(), Customer("Rado", role="reader")
        for address in (NEW, f"{NEW}{notice.public_id}/vzemi-nazaj/"):
            rado.sends(address, WORDS | {"publish": "1"}, status=404)
        for address in (LIST, f"{NEW}{notice.public_id}/"):
            self.assertNotContains(rado.opens(address), NEW + '"')
            self.assertNotContains(rado.opens(address), "vzemi-nazaj")
        self.assertEqual(CrisisNotice.objects.not_over(NOW).count(), 1)

    def test_it_is_taken_back_once_and_written_anew_like_the_old_one(self):
        notice = self.publishes(**IN_KAMNIK)
        self.assertContains(self.nika.follows(self.takes_back(notice)), "Obvestilo je vzeto nazaj.")
        notice.refresh_from_db()
        self.assertEqual((notice.taken_back_by, notice.taken_back_at), (self.nika.user, NOW))
        self.assertContains(self.nika.follows(self.takes_back(notice)), "že vzeto nazaj")
        self.assertEqual(AccessEvent.objects.filter(what="crisis_notice_taken_back").count(), 1)
        again = self.nika.opens(NEW, like=notice.public_id).content.decode()
        self.assertIn("Close the **main valve**.</textarea>", again)
        self.assertIn('value="2026-11-27T18:00"', again)
        self.nika.opens(NEW, like="x" * 900)


class Reading(InCrisis):
    PAGES = ("/", "/racuni/", "/stanje/", "/vec/")

    def sees(self, who: Visitor, path: str) -> bool:
        page = who.opens(path).content.decode()
        return "Motnje pri dobavi plina" in page or "Gas supply is disturbed" in page

    def test_what_is_for_everybody_stands_on_every_page_in_its_language(self):
        self.publishes()
        for path in self.PAGES:
            self.assertTrue(self.sees(self.ana, path), path)
        self.assertTrue(self.sees(self.cilka, "/"))
        for path in ("/prijava/", "/registracija/", "/zasebnost/", "/pozabljeno-geslo/"):
            self.assertTrue(self.sees(Visitor(), path), path)
        english = Visitor().opens("/en/sign-in/")
        self.assertContains(english, "Close the <strong>main valve</strong>.")
        self.assertNotContains(english, "Motnje")
        self.assertNotContains(self.ana.opens("/"), "<b>krepko")
        self.assertNotContains(self.ana.opens("/"), 'href="javascript')

    def test_what_is_for_a_municipality_is_seen_by_who_has_a_place_there(self):
        self.publishes(**IN_KAMNIK)
        for path in self.PAGES:
            self.assertTrue(self.sees(self.ana, path), path)
            if path != "/":
                continue
            self.assertFalse(self.sees(self.bojan, path), path)
        self.assertFalse(self.sees(self.cilka, "/"))
        self.assertFalse(self.sees(Visitor(), "/prijava/"))

    def test_the_municipality_that_the_supplier_names_counts_more_than_the_town(self):
        type(self.anas_house).objects.filter(pk=self.anas_house.pk).update(municipality="Komenda")
        self.publishes(audience="some", municipalities=["Komenda"])
        self.assertTrue(self.sees(self.ana, "/"))
        self.takes_back(CrisisNotice.objects.get())
        self.assertContains(self.sends(**IN_KAMNIK), "Kamnik ni")

    def test_a_firm_with_many_places_sees_what_concerns_the_last_of_them(self):
        payer = self.given_payer("20419999", serial=9, kind="company")
        for number in range(10):
            point = self.given_supply_point(payer, f"3000-{number}", town="Kamnik" if number == 9 else "Tolmin")
            self.given_link(self.cilka, payer, point, f"Kraj {number}")
        self.publishes(**IN_KAMNIK)
        for path in self.PAGES:
            self.assertTrue(self.sees(self.cilka, path), path)

    def test_it_begins_and_ends_by_itself(self):
        self.publishes(starts_at="2026-11-26T15:00", ends_at="2026-11-26T18:00")
        for hours, is_shown in ((0, False), (2.99, False), (3, True), (5.99, True), (6, False)):
            self.clock.move_to(NOW + timedelta(hours=hours))
            with self.subTest(hours=hours):
                self.assertEqual(self.sees(Visitor(), "/prijava/"), is_shown)

    def test_what_is_taken_back_is_seen_no_more(self):
        notice = self.publishes()
        self.assertTrue(self.sees(Visitor(), "/prijava/"))
        self.takes_back(notice)
        self.assertFalse(self.sees(Visitor(), "/prijava/"))

    def test_the_pages_everybody_opens_ask_for_nothing_more(self):
        usual = {path: self.statements(path) for path in self.PAGES}
        self.publishes(**IN_KAMNIK)
        self.ana.opens("/")
        for path, count in usual.items():
            with self.subTest(path=path):
                self.assertEqual(self.statements(path), count)

    def statements(self, path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.ana.opens(path)
        return len(asked)

    def test_another_process_asks_anew_when_what_it_remembers_is_old(self):
        self.assertFalse(self.sees(Visitor(), "/prijava/"))
        given_notice(self.nika.user)
        self.assertFalse(self.sees(Visitor(), "/prijava/"), "remembered for an hour in tests")
        CrisisNotice.objects.all().delete()
        with override_settings(CRISIS_NOTICE_SECONDS=0):
            running.forget()
            self.assertFalse(self.sees(Visitor(), "/prijava/"))
        given_notice(self.nika.user)
        self.assertTrue(self.sees(Visitor(), "/prijava/"))

    def test_it_stands_on_pages_of_faults_as_far_as_it_is_known_without_asking(self):
        self.publishes()
        running.forget()
        with patch("mojplin.interfaces.web.public_pages.current_texts", side_effect=OperationalError("gone")):
            self.assertFalse("Motnje pri dobavi" in self.away().content.decode(), "asked while the database is away")
            self.ana.opens("/")
            self.assertContains(self.away(), "Motnje pri dobavi plina", status_code=503)
        self.assertContains(Visitor().opens("/ni-take/", status=404), "Motnje pri dobavi plina", status_code=404)

    @staticmethod
    def away():
        visitor = Visitor()
        visitor.browser.raise_request_exception = False
        return visitor.opens("/stik/", status=503)

    def test_the_office_sees_on_its_first_page_what_customers_see_now(self):
        notice = self.publishes(**IN_KAMNIK)
        page = self.nika.opens("/urad/")
        self.assertContains(page, "Stranke zdaj vidijo to obvestilo: Motnje pri dobavi plina")
        self.assertContains(page, f"{NEW}{notice.public_id}/")
        self.takes_back(notice)
        self.assertNotContains(self.nika.opens("/urad/"), "Stranke zdaj vidijo")

    def test_without_a_database_the_pages_for_anybody_open_all_the_same(self):
        running.forget()
        with patch("mojplin.domain.publishing.running._asked", side_effect=OperationalError("gone")):
            Visitor().opens("/prijava/")
