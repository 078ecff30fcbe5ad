"""The office writes the terms: a draft, its difference to what is valid, its day, its publication; each by its role."""

import re
from collections import Counter
from datetime import date

import time_machine
from django.utils import timezone

from mojplin.domain.accounts.models import TermsDraft, TermsVersion
from mojplin.domain.accounts.publishing import publish_first_terms
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.idempotency import new_form_key
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.mailbox import mails_to

TODAY = moment(2026, 11, 24)
TEXTS = {"text_sl": "## 1. Računi\r\n\r\nRačune hranimo 10 let.", "text_en": "## 1. Invoices\r\n\r\nKept for 10 years."}
VALIDITY = {
    "effective_on": "1. 1. 2027",
    "acceptors": "everyone",
    "summary_sl": "Račune hranimo 10 let.",
    "summary_en": "We keep invoices for 10 years.",
}


@time_machine.travel(TODAY, tick=False)
class TermsInTheOffice(PortalTestCase):
    def setUp(self) -> None:
        publish_first_terms(today=TODAY.date(), now=TODAY)
        self.rado, self.nika, self.ada = (
            Customer(n, role=r) for n, r in zip(["Rado", "Nika", "Ada"], ROLES, strict=True)
        )
        for each in (self.rado, self.nika, self.ada):
            type(each.user).objects.filter(pk=each.user.pk).update(terms_version=1)

    def given_draft(self, **more: str) -> None:
        self.nika.sends("/urad/pogoji/osnutek/besedilo/", TEXTS | {"revision": "0"}, status=302)
        self.nika.sends("/urad/pogoji/osnutek/veljavnost/", VALIDITY | {"revision": "1"} | more, status=302)

    def publishes(self, who: Customer | None = None, revision: str = "2", **more: object):
        return (who or self.ada).sends("/urad/pogoji/osnutek/objava/", {"revision": revision} | more)

    def test_a_new_draft_begins_with_the_newest_text(self):
        page = self.nika.opens("/urad/pogoji/osnutek/besedilo/")
        self.assertContains(page, "## 2. Registracija in prijava")
        self.assertContains(page, "osnutek različice 2")

    def test_a_clerk_writes_and_an_administrator_publishes(self):
        self.given_draft()
        draft = TermsDraft.objects.get()
        self.assertEqual((draft.version, draft.revision, draft.saved_by), (2, 2, self.nika.user))
        self.assertEqual(draft.text_sl, "## 1. Računi\n\nRačune hranimo 10 let.")

        told = self.ada.opens("/urad/pogoji/osnutek/objava/").content.decode().replace("\u00a0", " ")
        for text in (
            "različica 2",
            "3 uporabniki prejmejo 24. novembra e-sporočilo",
            "Od tega dne jo mora vsak sprejeti",
        ):
            self.assertIn(text, told)
        self.assertIn("1. 1. 2027", re.sub(r"\s", " ", told))

        with time_machine.travel(moment(2026, 11, 24, 21), tick=False):
            self.ada.is_signed_in()
            told = self.ada.opens("/urad/pogoji/osnutek/objava/").content.decode().replace("\u00a0", " ")
            self.assertIn("prejmejo 25. novembra", told)
        self.ada.is_signed_in()

        page = self.ada.follows(self.publishes())
        self.assertContains(page, "Različica 2 je objavljena. Obvestilo prejmejo 3 uporabniki.")
        published = TermsVersion.objects.get(version=2)
        self.assertEqual((published.effective_on, published.published_by), (date(2027, 1, 1), self.ada.user))
        self.assertFalse(TermsDraft.objects.exists())
        self.assertContains(Visitor().opens("/pogoji/2/"), "Ta različica še ne velja.")

    def test_who_has_not_the_role_finds_no_page(self):
        self.given_draft()
        unknown = self.rado.opens("/ni-take/", status=404).content
        closed = [(self.rado, "besedilo"), (self.rado, "veljavnost"), (self.rado, "objava"), (self.nika, "objava")]
        for person, step in closed:
            with self.subTest(step=step, who=person.user.username):
                assert person.opens(f"/urad/pogoji/osnutek/{step}/", status=404).content == unknown
                assert person.sends(f"/urad/pogoji/osnutek/{step}/", VALIDITY | {"revision": "2"}).content == unknown
        self.assertContains(self.rado.opens("/urad/pogoji/osnutek/"), "Osnutek različice 2")
        self.assertNotContains(self.rado.opens("/urad/pogoji/"), "Uredite")

    def test_the_draft_is_seen_as_its_readers_will_see_it_and_what_it_changes(self):
        self.given_draft()
        page = self.rado.opens("/urad/pogoji/osnutek/").content.decode()
        for text in ("<h2>1. Invoices</h2>", "<h2>1. Računi</h2>", "<del>", "<ins>", "We keep invoices for 10 years."):
            self.assertIn(text, page)

    def test_a_draft_is_discarded_by_who_ticks_the_box_and_had_it_before_their_eyes(self):
        self.given_draft()
        discard = "/urad/pogoji/osnutek/zavrzi/"
        self.rado.sends(discard, {"revision": "2", "certain": "1"}, status=404)
        self.assertNotContains(self.rado.opens("/urad/pogoji/osnutek/"), discard)
        self.assertContains(self.nika.opens("/urad/pogoji/osnutek/"), discard)
        page = self.nika.follows(self.nika.sends(discard, {"revision": "2"}))
        self.assertContains(page, "Označite polje")
        page = self.nika.follows(self.nika.sends(discard, {"revision": "1", "certain": "1"}))
        self.assertContains(page, "medtem shranil ali objavil")
        self.assertTrue(TermsDraft.objects.exists())
        page = self.nika.follows(self.nika.sends(discard, {"revision": "2", "certain": "1"}))
        self.assertContains(page, "Osnutek je zavržen.")
        self.assertFalse(TermsDraft.objects.exists())

    def test_two_who_write_at_once_do_not_overwrite_each_other(self):
        self.given_draft()
        page = self.ada.sends(
            "/urad/pogoji/osnutek/besedilo/", TEXTS | {"revision": "1", "text_sl": "Moje"}, status=200
        )
        self.assertContains(page, "Osnutek je medtem shranil ali objavil nekdo drug.")
        self.assertContains(page, "Moje")
        page = self.ada.sends("/urad/pogoji/osnutek/besedilo/", TEXTS | {"revision": "0"}, status=200)
        self.assertContains(page, "Osnutek je medtem shranil ali objavil nekdo drug.")
        self.assertNotIn("Moje", TermsDraft.objects.get().text_sl)

    def test_only_what_was_looked_at_is_published(self):
        self.given_draft()
        for revision in ("1", "3", "", "x", "9" * 30):
            with self.subTest(revision=revision):
                self.assertContains(
                    self.publishes(revision=revision), "Osnutek je medtem shranil ali objavil nekdo drug."
                )
        self.assertEqual(TermsVersion.objects.count(), 1)

    def test_publishing_twice_is_publishing_once(self):
        self.given_draft()
        key = new_form_key()
        for _ in range(2):
            self.assertEqual(self.publishes(form_key=key)["Location"], "/urad/pogoji/")
        self.assertEqual(TermsVersion.objects.count(), 2)
        self.assertEqual(self.publishes()["Location"], "/urad/pogoji/")

    def test_people_get_thirty_days_to_read_what_they_must_accept(self):
        for day, acceptors, answer in (
            ("2026-12-23", "everyone", "vsaj 30 dni"),
            ("2026-11-24", "new_users", "v prihodnosti"),
            ("2020-01-01", "new_users", "v prihodnosti"),
        ):
            with self.subTest(day=day):
                TermsDraft.objects.all().delete()
                self.given_draft(effective_on=day, acceptors=acceptors)
                self.assertContains(self.publishes(), answer)
        TermsDraft.objects.all().delete()
        self.given_draft(effective_on="2026-12-24")
        self.publishes()
        self.assertEqual(TermsVersion.objects.get(version=2).effective_on, date(2026, 12, 24))

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        page = self.nika.sends("/urad/pogoji/osnutek/besedilo/", {"text_sl": "Samo to", "revision": "0"}, status=200)
        self.assertContains(page, "Vpišite besedilo v angleščini.")
        self.assertContains(page, "Samo to")
        self.nika.sends("/urad/pogoji/osnutek/besedilo/", TEXTS | {"revision": "0"}, status=302)
        page = self.nika.sends("/urad/pogoji/osnutek/veljavnost/", {"effective_on": "31. 2. 2027", "revision": "1"})
        self.assertContains(page, "Vpišite dan v obliki 1. 1. 2027.")
        self.assertContains(self.publishes(revision="1"), "Pred objavo vpišite besedilo")

    def test_everybody_is_told_once_in_their_language(self):
        john = Customer("John")
        type(john.user).objects.filter(pk=john.user.pk).update(language="en")
        Customer("Gone").user.__class__.objects.filter(username="Gone").update(is_active=False)
        self.given_draft()
        self.publishes()
        mails_to("")
        (english,) = mails_to("john@example.si")
        self.assertEqual(english.subject, "New general terms from 1 January 2027")
        for body in (english.text, english.html):
            self.assertIn("We keep invoices for 10 years.", body)
            self.assertIn("/en/terms/2/", body)
        (slovene,) = mails_to("rado@example.si")
        self.assertIn("Račune hranimo 10 let.", slovene.text)
        self.assertIn("Ob prvi prijavi po tem dnevu", slovene.text)
        self.assertEqual(mails_to("gone@example.si"), [])

    def test_it_is_told_once_however_often_the_job_runs_and_to_whoever_comes_before_it_holds(self):
        self.given_draft()
        self.publishes()
        mails_to("")
        late = Customer("Pozni")
        type(late.user).objects.filter(pk=late.user.pk).update(terms_version=1)
        for _run in range(2):
            tell_everyone(timezone.now())
        assert SentNotice.objects.filter(topic="terms_changed", user=late.user).count() == 1
        assert set(Counter(SentNotice.objects.values_list("user")).values()) == {1}
        assert [mail.subject for mail in mails_to("pozni@example.si")] == ["Novi splošni pogoji od 1. januarja 2027"]
        assert "Nova različica splošnih pogojev" in late.opens("/profil/sporocila/poslana/").content.decode()

    def test_new_users_only_asks_nothing_of_the_others(self):
        self.given_draft(acceptors="new_users", effective_on="2026-12-01")
        self.publishes()
        mails_to("")
        self.assertIn("Vam ni treba storiti ničesar.", mails_to("rado@example.si")[0].text)

    def test_the_list_says_who_published_and_how_many_accepted(self):
        self.given_draft()
        self.publishes()
        page = re.sub(r"\s", " ", self.rado.opens("/urad/pogoji/").content.decode())
        for text in ("Ada", "s portalom", "Vsi ob naslednji prijavi", "0 (0 %)"):
            self.assertIn(text, page)

    def test_beside_the_validity_stand_the_versions_before_it_and_the_draft_can_be_saved_alone(self):
        self.given_draft()
        page = re.sub(r"\s", " ", self.ada.opens("/urad/pogoji/osnutek/veljavnost/").content.decode())
        for text in (
            "Osnutek",
            "Različica 1",
            "Velja",
            "sprejelo 0 % uporabnikov",
            "Shranjeno 24. 11. 2026 ob 12.00, Nika.",
        ):
            self.assertIn(text, page)
        known = {"revision": TermsDraft.objects.get().revision, "look": "1"}
        answer = self.ada.sends("/urad/pogoji/osnutek/veljavnost/", VALIDITY | known, status=302)
        self.assertContains(self.ada.follows(answer), "Osnutek je shranjen.")

    def test_the_pages_cost_few_statements(self):
        self.given_draft()
        for path, count in (
            ("", 4),
            ("osnutek/", 3),
            ("osnutek/besedilo/", 3),
            ("osnutek/veljavnost/", 4),
            ("osnutek/objava/", 4),
        ):
            with self.subTest(path=path), self.assertNumQueries(count):
                self.ada.opens(f"/urad/pogoji/{path}")


ROLES = ("reader", "clerk", "admin")
