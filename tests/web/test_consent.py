"""New terms in between: asked once on the next page, with what changed; what stays open; the evidence and the copy."""

import hashlib
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.consent import accept_terms
from mojplin.domain.accounts.models import Acceptors, TermsAcceptance, TermsVersion, User
from mojplin.domain.accounts.publishing import publish_terms
from mojplin.foundation.housekeeping import do_hourly_chores
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in, mails_to

BEFORE = moment(2027, 7, 31, 23, 50)
FROM = date(2027, 8, 1)
ASKS = "/pogoji/sprejem/"
AGREES = {"terms": "on", "terms_version": "3"}


class NewTerms(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(BEFORE, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.given_version(1, date(2026, 1, 1), "Račune hranimo deset let.")
        self.given_version(2, date(2026, 9, 1), "Račune hranimo deset let!", acceptors=Acceptors.NEW_USERS)
        self.given_version(3, FROM, "Račune hranimo 12 let.")
        self.given_cast()
        self.accepts(self.ana, 1)

    def given_version(self, version: int, on: date, text: str, acceptors: Acceptors = Acceptors.EVERYONE) -> None:
        publish_terms(
            version=version,
            texts=(f"## 1. Računi\n\n{text}", f"## 1. Invoices\n\nText {version}"),
            summaries=(f"Novo v {version}.", f"New in {version}."),
            effective_on=on,
            acceptors=acceptors,
            today=date(2025, 1, 1),
            now=BEFORE,
        )

    def accepts(self, customer: Customer, version: int) -> None:
        terms = TermsVersion.objects.get(version=version)
        accept_terms(user=customer.user, terms=terms, label="Da", language="sl", ip=None, now=BEFORE)

    def the_day_comes(self) -> None:
        self.traveller.shift(timedelta(minutes=20))

    def test_a_running_session_is_asked_on_the_next_page_from_the_day_on(self):
        self.ana.opens("/racuni/")
        self.the_day_comes()
        asked = self.ana.opens("/racuni/", status=302)
        self.assertEqual(asked["Location"], f"{ASKS}?next=%2Fracuni%2F")
        page = self.ana.follows(asked)
        self.assertIn("Od 1. avgusta 2027 velja različica 3", page.content.decode().replace("\xa0", " "))
        self.assertContains(page, "Novo v 3.")
        self.assertContains(page, '<del><span class="vh">[črtano: </span>deset<span')
        self.assertContains(page, '<ins><span class="vh">[dodano: </span>12<span')

    def test_whoever_agrees_goes_on_where_they_were_and_is_not_asked_again(self):
        self.the_day_comes()
        done = self.ana.sends(ASKS, AGREES | {"next": "/racuni/"}, status=302)
        self.assertEqual(done["Location"], "/racuni/")
        self.assertContains(self.ana.follows(done), "Izvod pogojev boste prejeli po e-pošti.")
        self.ana.opens("/")
        self.assertEqual(self.ana.opens(ASKS, status=302)["Location"], "/")

    def test_the_evidence_names_the_text_the_label_and_the_instant_and_a_copy_goes_out(self):
        self.the_day_comes()
        self.ana.sends(ASKS, AGREES, status=302)
        evidence = TermsAcceptance.objects.get(user=self.ana.user, terms__version=3)
        terms = evidence.terms
        self.assertEqual(evidence.text_hash, hashlib.sha256(f"{terms.text_sl}\0{terms.text_en}".encode()).hexdigest())
        self.assertEqual(evidence.accepted_at, BEFORE + timedelta(minutes=20))
        self.assertRegex(
            evidence.label, r"^Strinjam se s splošnimi pogoji portala, različica 3 z dne 1\.\s8\.\s2027\.$"
        )
        copy = mails_to("ana@example.si")[0]
        self.assertEqual(copy.subject, "Splošni pogoji, različica 3: vaš izvod")
        for body in (copy.text, copy.html):
            for text in ("Račune hranimo 12 let.", evidence.label, terms.text_hash, "/pogoji/3/"):
                self.assertIn(text, body)
        self.assertIn("<h2>1. Računi</h2>", copy.html)
        self.assertContains(self.ana.opens(link_in(copy)), "Račune hranimo 12 let.")

    def test_whoever_registers_gets_a_copy_too(self):
        neza = Visitor()
        neza.sends("/registracija/", {"email": "neza@example.si"}, status=302)
        link = link_in(mails_to("neza@example.si")[0])
        fields = {"username": "Neža", "password": "konj pipa zid oblak", "terms": "on", "terms_version": "2"}
        neza.sends(link, fields, status=302)
        copy = mails_to("neza@example.si")[0]
        self.assertEqual(copy.subject, "Splošni pogoji, različica 2: vaš izvod")
        self.assertIn("Račune hranimo deset let!", copy.text)
        self.assertEqual(User.objects.get(username="Neža").terms_version, 2)

    def test_the_database_keeps_the_evidence_as_it_was(self):
        kept = TermsAcceptance.objects.filter(user=self.ana.user)
        for act in (lambda: kept.update(label="Ne"), lambda: kept.update(text_hash="x"), lambda: kept.delete()):
            with pytest.raises(DatabaseError, match="terms_acceptances_stay"), transaction.atomic():
                act()
        self.assertEqual(kept.update(ip=None), 1)

    def test_evidence_of_erased_people_goes_after_five_years(self):
        long_ago = moment(2019, 1, 1)
        for customer in (self.bojan, self.cilka):
            terms = TermsVersion.objects.get(version=1)
            accept_terms(user=customer.user, terms=terms, label="Da", language="sl", ip=None, now=long_ago)
        User.objects.filter(pk__in=[self.bojan.user.pk, self.ana.user.pk]).update(erased_at=moment(2020, 1, 1))
        do_hourly_chores(moment(2026, 11, 24))
        left = TermsAcceptance.objects.values_list("user__username", flat=True)
        self.assertEqual(sorted(left), ["Ana", "Cilka"])

    def test_without_the_tick_or_with_an_older_version_nothing_is_accepted(self):
        self.the_day_comes()
        for fields in ({"terms_version": "3"}, AGREES | {"terms_version": "2"}, AGREES | {"terms_version": ""}):
            with self.subTest(fields=fields):
                page = self.ana.sends(ASKS, fields, status=200).content.decode().replace("\xa0", " ")
                self.assertIn("Za uporabo se morate strinjati s pogoji (različica 3, 1. 8. 2027).", page)
        self.assertEqual(User.objects.get(pk=self.ana.user.pk).terms_version, 1)

    def test_a_form_that_was_on_its_way_is_carried_out(self):
        self.the_day_comes()
        fields = {"topic": "other", "message": "Kje je moj račun?"}
        sent = self.ana.sends("/podpora/", fields, status=302)
        self.assertContains(self.ana.follows(sent), "Kje je moj račun?")

    def test_what_must_stay_reachable_is(self):
        self.the_day_comes()
        for path in STAY_OPEN:
            with self.subTest(path=path):
                self.ana.opens(path)
        self.ana.sends("/odjava/", status=302)

    def test_the_page_names_the_ways_out_and_each_of_them_opens(self):
        self.the_day_comes()
        self.ana.is_signed_in()
        page = self.ana.opens(ASKS).content.decode()
        for name in ("web:my_data", "web:close_account", "web:support"):
            with self.subTest(name=name), translation.override("sl"):
                path = reverse(name)
                self.assertIn(f'href="{path}"', page)
                self.ana.opens(path)
        self.assertIn('action="/odjava/"', page)

    def test_a_page_that_asks_how_long_the_session_lasts_is_told(self):
        self.the_day_comes()
        with translation.override("sl"):
            state = self.ana.opens(reverse("web:session_state"))
        self.assertGreater(state.json()["seconds_left"], 0)

    def test_everything_else_waits_for_the_answer(self):
        self.the_day_comes()
        for path in ("/", "/poraba/", "/stanje/", "/pogodbe/", "/odjemna-mesta/", "/narocila/", "/racuni/x/pdf/"):
            with self.subTest(path=path):
                self.assertTrue(self.ana.opens(path, status=302)["Location"].startswith(ASKS))

    def test_htmx_is_led_to_the_whole_page(self):
        self.the_day_comes()
        response = self.ana.browser.get("/racuni/", headers={"HX-Request": "true"})
        self.assertEqual(response["HX-Redirect"], f"{ASKS}?next=%2Fracuni%2F")

    def test_in_english_the_question_is_english(self):
        self.the_day_comes()
        page = self.ana.follows(self.ana.opens("/en/documents/", status=302))
        self.assertContains(page, "The terms have changed")
        self.ana.sends("/en/terms/accept/", AGREES | {"next": "//evil.example/"}, status=302)
        self.assertEqual(TermsAcceptance.objects.get(terms__version=3).language, "en")
        self.assertIn("Text 3", mails_to("ana@example.si")[0].text)

    def test_a_version_for_new_users_asks_nothing_of_the_others(self):
        self.accepts(self.bojan, 2)
        self.ana.opens("/")
        self.bojan.opens("/")

    def test_a_page_costs_no_statement_more(self):
        self.the_day_comes()
        self.accepts(self.bojan, 3)
        self.bojan.opens("/vec/")
        with self.assertNumQueries(2):  # session with user, places of the switcher
            self.bojan.opens("/vec/")

    def test_staff_reach_the_office_without_agreeing_to_the_customers_terms(self):
        self.the_day_comes()
        Customer("Nika", role="reader").opens("/urad/")


STAY_OPEN = ("/pogoji/", "/pogoji/3/", "/pogoji/3/spremembe/", "/zasebnost/", "/dostopnost/", "/piskotki/", "/podpora/")
