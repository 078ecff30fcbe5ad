"""Terms in every published version, what each changed, and the other texts anybody may read."""

import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction

from mojplin.domain.accounts.closing import GRACE
from mojplin.domain.accounts.devices import KNOWN_FOR
from mojplin.domain.accounts.models import Acceptors, TermsVersion
from mojplin.domain.accounts.models.own_data import KEEP_EVENTS_MONTHS
from mojplin.domain.accounts.models.terms import KEEP_ACCEPTANCES_MONTHS
from mojplin.domain.accounts.publishing import TermsAlreadyPublished, publish_terms
from mojplin.domain.accounts.sign_in_health import KEEP_PENDINGS
from mojplin.foundation.housekeeping import KEEP_DELIVERED
from mojplin.foundation.rich_text import as_html
from tests.cast import PortalTestCase, Visitor, moment

NOW = moment(2026, 11, 24)
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![x](http://evil.example/a.png) <img src=x>\n\n<div onclick=x>"
)
SHIPPED_PAGES = (
    "/zasebnost/", "/dostopnost/", "/piskotki/", "/stik/", "/vprasanja/", "/pomoc/plinomer/", "/pomoc/tri-stevilke/",
    "/en/privacy/", "/en/accessibility/", "/en/cookies/", "/en/contact/", "/en/questions/", "/en/help/meter/",
    "/en/help/three-numbers/",
)  # fmt: skip


def publish(
    version: int, on: date, *, sl: str = "", en: str = "Text", acceptors: Acceptors = Acceptors.EVERYONE
) -> None:
    """Publish a version as if long before the day it takes effect."""
    publish_terms(
        version=version,
        texts=(sl or f"Besedilo {version}", en),
        summaries=(f"Novo v {version}.", f"New in {version}."),
        effective_on=on,
        acceptors=acceptors,
        today=date(2019, 1, 1),
        now=NOW,
    )


@time_machine.travel(NOW, tick=False)
class Terms(PortalTestCase):
    def given_versions(self) -> None:
        for version, on in ((1, date(2020, 1, 1)), (2, date(2026, 1, 1)), (3, date(2099, 1, 1))):
            publish(version, on)

    def test_the_shipped_text_is_published_once_and_read_in_both_languages(self):
        Visitor().opens("/pogoji/", status=404)
        for told in ("Published version 1", "already published"):
            output = StringIO()
            call_command("publish_terms", stdout=output)
            self.assertIn(told, output.getvalue())

        self.assertContains(Visitor().opens("/pogoji/"), "Registracija in prijava")
        self.assertContains(Visitor().opens("/en/terms/"), "Registration and sign-in")
        self.assertEqual(TermsVersion.objects.count(), 1)

    def test_every_version_keeps_its_address_and_a_future_one_does_not_hold_yet(self):
        self.given_versions()
        self.assertContains(Visitor().opens("/pogoji/"), "Besedilo 2")
        self.assertContains(Visitor().opens("/pogoji/1/"), "Besedilo 1")
        Visitor().opens("/pogoji/4/", status=404)
        Visitor().opens(f"/pogoji/{10**30}/", status=404)

    def test_the_list_of_versions_says_from_when_to_when_each_is_in_force(self):
        self.given_versions()
        page = re.sub(r"\s", " ", Visitor().opens("/pogoji/").content.decode())
        for text in ("od 1. 1. 2020 do 31. 12. 2025", "od 1. 1. 2026 do 31. 12. 2098", "od 1. 1. 2099 dalje"):
            self.assertIn(text, page)

    def test_a_version_that_is_over_or_not_yet_in_force_leads_to_the_one_that_is(self):
        self.given_versions()
        self.assertContains(Visitor().opens("/pogoji/1/"), "Ta različica ne velja več.")
        self.assertContains(Visitor().opens("/pogoji/3/"), "Ta različica še ne velja.")
        self.assertNotContains(Visitor().opens("/pogoji/2/"), "Ta različica")

    def test_each_version_tells_what_it_changed_word_by_word(self):
        publish(1, date(2020, 1, 1), sl="## 1. Računi\n\nRačune hranimo deset let.")
        publish(2, date(2026, 1, 1), sl="## 1. Računi\n\nRačune hranimo 12 let.")
        page = Visitor().opens("/pogoji/2/spremembe/").content.decode()
        self.assertRegex(page, r"<del><span class=\"vh\">\[črtano: </span>deset<span")
        self.assertRegex(page, r"<ins><span class=\"vh\">\[dodano: </span>12<span")
        self.assertIn("Novo v 2.", page)
        self.assertContains(Visitor().opens("/pogoji/1/spremembe/"), "To je prva različica.")
        self.assertContains(Visitor().opens("/en/terms/2/changes/"), "What version 2 changed")

    def test_a_published_version_is_never_published_over(self):
        publish(1, date(2026, 1, 1))
        with pytest.raises(TermsAlreadyPublished):
            publish(1, date(2026, 2, 1))

    def test_the_database_refuses_to_change_or_delete_a_published_version(self):
        publish(1, date(2026, 1, 1))
        of_it = TermsVersion.objects.filter(version=1)
        for act in (
            lambda: of_it.update(text_sl="Drugo"),
            lambda: of_it.update(effective_on=date(2026, 1, 2)),
            lambda: of_it.delete(),
        ):
            with pytest.raises(DatabaseError, match="terms_versions_stay"), transaction.atomic():
                act()
        assert of_it.get().text_sl == "Besedilo 1"


@pytest.mark.parametrize("path", SHIPPED_PAGES)
@pytest.mark.django_db
def test_the_pages_that_come_with_the_portal_are_open_to_anybody_and_to_search_engines(path):
    page = Visitor().opens(path)
    assert page["X-Robots-Tag"] == "all"
    known = (settings.SUPPLIER["name"], settings.SUPPLIER["phone"].replace(" ", "\N{NO-BREAK SPACE}"))
    assert any(each in page.content.decode() for each in known) or "cookie" in path or "piskotk" in path
    assert "{" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert Visitor().browser.post(path).status_code == 405


@pytest.mark.django_db
def test_the_cookie_page_names_every_cookie_the_portal_sets():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path("mojplin").rglob("*.py"))
    used = {name for name in re.findall(r"settings\.(\w+_COOKIE_NAME)", sources)}
    page = Visitor().opens("/piskotki/").content.decode()
    assert len(used) >= 3
    for name in [*(getattr(settings, each) for each in used), settings.CSRF_COOKIE_NAME, "messages"]:
        assert f"<strong>{name}</strong>" in page


@pytest.mark.django_db
def test_the_privacy_page_says_how_long_the_portal_really_keeps_things():
    slovene, english = (re.sub(r"\s+", " ", Visitor().opens(path).content.decode()) for path in SHIPPED_PAGES[0::7])
    for kept, text_sl, text_en in (
        (KNOWN_FOR.days, "{} dni po zadnji prijavi", "{} days after the last sign-in"),
        (KEEP_DELIVERED.days, "vsebino {} dni po dostavi", "for {} days after delivery"),
        (KEEP_EVENTS_MONTHS, "vpogledov in sprememb: {} mesecev", "who looked and who changed: {} months"),
        (KEEP_ACCEPTANCES_MONTHS // 12, "sprejemu pogojev: {} let", "you accepted the terms: {} years"),
        (int(KEEP_PENDINGS.total_seconds()) // 3600, "prijav in registracij: {} ur", "not used: {} hours"),
        (GRACE.days, "hranimo še {} dni", "keep it {} more days"),
    ):
        assert text_sl.format(kept) in slovene
        assert text_en.format(kept) in english


def test_markdown_of_staff_carries_no_code():
    html = str(as_html(HOSTILE))
    assert "<script" not in html and "<img" not in html and "<a" not in html and "<div" not in html
    assert "<h2>Naslov</h2>" in as_html("## Naslov")
