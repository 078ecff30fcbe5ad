"""Terms in every published version, and the other texts anybody may read."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from mojplin.domain.accounts.consent import TermsAlreadyPublished, publish_terms
from mojplin.domain.accounts.models import TermsVersion
from mojplin.interfaces.web.terms import as_html
from tests.cast import PortalTestCase, Visitor, moment

NOW = moment(2026, 11, 23)
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![x](http://evil.example/a.png) <img src=x>\n\n<div onclick=x>"
)


class Terms(PortalTestCase):
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
        for version, on in ((1, date(2020, 1, 1)), (2, date(2026, 1, 1)), (3, date(2099, 1, 1))):
            publish_terms(version=version, text_sl=f"Besedilo {version}", text_en="", effective_on=on, now=NOW)
        self.assertContains(Visitor().opens("/pogoji/"), "Besedilo 2")
        self.assertContains(Visitor().opens("/pogoji/1/"), "Besedilo 1")
        Visitor().opens("/pogoji/4/", status=404)
        Visitor().opens(f"/pogoji/{10**30}/", status=404)

    def test_a_published_version_is_never_published_over(self):
        publish_terms(version=1, text_sl="a", text_en="b", effective_on=date(2026, 1, 1), now=NOW)
        with pytest.raises(TermsAlreadyPublished):
            publish_terms(version=1, text_sl="c", text_en="d", effective_on=date(2026, 1, 1), now=NOW)

    def test_privacy_accessibility_and_cookies_are_open_to_anybody(self):
        for path in ("/zasebnost/", "/dostopnost/", "/piskotki/", "/en/privacy/", "/en/accessibility/", "/en/cookies/"):
            with self.subTest(path=path):
                Visitor().opens(path)
                self.assertEqual(Visitor().browser.post(path).status_code, 405)


def test_markdown_carries_no_code():
    html = str(as_html(HOSTILE))
    assert "<script" not in html and "<img" not in html and "<a" not in html and "<div" not in html
    assert "<h2>Naslov</h2>" in as_html("## Naslov")
