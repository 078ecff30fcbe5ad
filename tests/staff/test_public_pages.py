"""The office edits the pages for anybody: a draft, what it changes, its publication, and an older text again."""

import pytest
import time_machine
from django.db import DatabaseError, transaction

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.publishing.models import PageDraft, PageVersion
from mojplin.foundation.idempotency import new_form_key
from tests.cast import Customer, PortalTestCase, Visitor, moment

NOW = moment(2026, 11, 26)
PAGE = "/urad/objave/stran/contact/"
TEXTS = {
    "text_sl": "# Pišite nam\r\n\r\nOdpiralni čas: {opening_hours}.\r\n\r\n{meter_picture}\r\n\r\n<b>x</b>"
    " [več]({safety_page})",
    "text_en": "# Write to us\n\nHours: {opening_hours}. [Terms](/en/terms/) and [site](https://example.si/)",
}


class PublicPages(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.rado, self.nika, self.ada = (
            Customer(name, role=role) for name, role in (("Rado", "reader"), ("Nika", "clerk"), ("Ada", "admin"))
        )

    def writes(self, revision: int = 0, **more: str):
        return self.nika.sends(f"{PAGE}besedilo/", TEXTS | {"revision": str(revision)} | more)

    def publishes(self, revision: str = "1", who: Customer | None = None, **more: str):
        return (who or self.ada).sends(f"{PAGE}objava/", {"revision": revision} | more)

    def test_a_clerk_writes_an_administrator_publishes_and_everybody_reads(self):
        before = Visitor().opens("/stik/").content
        self.assertContains(self.nika.follows(self.writes()), "Osnutek različice 1")
        self.assertEqual(Visitor().opens("/stik/").content, before)
        told = self.ada.opens(f"{PAGE}objava/")
        self.assertContains(told, "postane različica 1")
        self.assertContains(told, "<ins>")

        self.assertContains(self.ada.follows(self.publishes()), "Različica 1 je objavljena.")
        page = Visitor().opens("/stik/")
        self.assertContains(page, "<h1>Pišite nam</h1>")
        self.assertContains(page, "7.00")
        self.assertContains(page, '<svg class="meterpic"')
        self.assertContains(page, "&lt;b&gt;x")
        self.assertContains(page, '<a href="/vonj-po-plinu/">')
        self.assertContains(Visitor().opens("/en/contact/"), '<a href="https://example.si/">')
        event = AccessEvent.objects.get(what="public_page_published")
        self.assertEqual((event.by, event.about), (self.ada.user, "Pišite nam, 1"))

    def test_what_is_not_ones_role_does_not_exist(self):
        self.writes()
        for who, address in (
            (self.rado, "besedilo/"), (self.rado, "objava/"), (self.rado, "zavrzi/"), (self.rado, "obnovi/0/"),
            (self.nika, "objava/"),
        ):  # fmt: skip
            who.sends(PAGE + address, TEXTS | {"revision": "1"}, status=404)
        self.assertNotContains(self.rado.opens(PAGE), "zavrzi/")
        self.assertFalse(PageVersion.objects.exists())

    def test_a_text_that_would_mislead_is_refused_beside_its_field_and_stays(self):
        for wrong, told in (
            ({"text_sl": ""}, "Vpišite besedilo v slovenščini."),
            ({"text_sl": "Brez naslova"}, "Prva vrstica je naslov"),
            ({"text_en": "# Only a title"}, "Prva vrstica je naslov"),
            ({"text_en": "# T\n\n{supplier_secret}"}, "Imena {supplier_secret} ni."),
            ({"text_sl": "# T\n\n[x](javascript:alert(1))"}, "javascript:alert(1"),
            ({"text_sl": "# T\n\n[x](//zlo.example/)"}, "//zlo.example/ ni stran portala"),
            ({"text_sl": "# T\n\n[x](http://zlo.example/)"}, "http://zlo.example/ ni stran portala"),
            ({"text_sl": "# T\n\n[x](/ni-take/)"}, "/ni-take/ ni stran portala"),
        ):
            with self.subTest(wrong=wrong):
                page = self.writes(**wrong)
                self.assertContains(page, told, html=False)
                self.assertContains(page, "Hours" if "text_sl" in wrong else "Pišite nam")
        self.assertFalse(PageDraft.objects.exists())

    def test_lists_within_lists_hundreds_deep_are_a_text_and_break_no_page(self):
        page = self.nika.follows(self.writes(text_sl="# Pišite nam\n\n" + "- " * 900 + "<b>zadnja</b>"))
        self.assertContains(page, "- - - &lt;b&gt;zadnja")
        self.ada.opens(f"{PAGE}objava/")

    def test_two_who_write_at_once_do_not_overwrite_each_other(self):
        self.writes()
        self.assertContains(self.writes(), "medtem shranil ali objavil")
        self.assertEqual(self.writes(revision=1).status_code, 302)
        self.assertContains(self.publishes(revision="1"), "medtem shranil ali objavil")
        key = new_form_key()
        for _ in range(2):
            self.assertEqual(self.publishes(revision="2", form_key=key).status_code, 302)
        self.assertEqual(PageVersion.objects.count(), 1)

    def test_an_older_text_is_taken_up_again_and_a_published_one_stays(self):
        self.writes()
        self.publishes()
        before = Visitor().opens("/stik/").content
        self.nika.sends(f"{PAGE}obnovi/7/", status=404)
        self.assertContains(
            self.nika.follows(self.nika.sends(f"{PAGE}obnovi/0/")), "Starejše besedilo je zdaj osnutek."
        )
        self.assertEqual(Visitor().opens("/stik/").content, before)
        self.publishes()
        self.assertContains(Visitor().opens("/stik/"), "<h1>Stik z nami</h1>")
        self.assertEqual([each.version for each in PageVersion.objects.order_by("pk")], [1, 2])
        with pytest.raises(DatabaseError, match="page_versions_stay"), transaction.atomic():
            PageVersion.objects.filter(version=1).update(text_sl="# Drugo")

    def test_a_draft_is_discarded_and_one_that_says_nothing_new_is_not_published(self):
        self.writes()
        self.nika.sends(f"{PAGE}zavrzi/", {"revision": "1"}, status=302)
        self.assertFalse(PageDraft.objects.exists())
        self.nika.sends(f"{PAGE}obnovi/0/", status=302)
        self.assertContains(self.publishes(), "kar na strani že piše")
        self.ada.opens("/urad/objave/stran/geslo/", status=404)

    def test_the_list_shows_what_stands_on_each_page_in_three_statements(self):
        for version, title in ((1, "Pišite nam"), (2, "Pokličite nas")):
            PageVersion.objects.create(
                name="contact", version=version, text_sl=f"# {title}", text_en="# Write", published_by=self.ada.user,
                published_at=NOW,
            )  # fmt: skip
        self.rado.opens("/urad/objave/")
        with self.assertNumQueries(3):  # the session, the notices and all texts
            page = self.rado.opens("/urad/objave/")
        self.assertContains(page, "Pokličite nas")
        self.assertNotContains(page, "Pišite nam")
        self.assertContains(page, "Zasebnost")
