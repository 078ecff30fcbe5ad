"""Mails: one button, the same words as text, and nothing loaded from anywhere."""

import pytest
from django.template.loader import get_template
from django.utils import translation

CONTEXT = {
    "subject": "Potrdite prijavo (oznaka 47)",
    "preheader": "Nekdo se z vašim geslom prijavlja v Moj Butan plin.",
    "action_url": "https://moj.example.si/potrditev/abc?a=1&b=2",
    "action_label": "Potrdite prijavo",
}


@pytest.mark.parametrize("language", ["sl", "en"])
def test_a_mail_in_html_has_one_button_and_shows_its_address(language):
    with translation.override(language):
        html = get_template("mail/layout.html").render(dict(CONTEXT))
    assert html.count(">Potrdite prijavo</a>") == 1
    assert html.count("https://moj.example.si/potrditev/abc?a=1&amp;b=2") == 3
    assert "<img" not in html and "<script" not in html and "url(" not in html and "080" in html


def test_a_mail_as_text_gives_the_address_untouched():
    text = get_template("mail/layout.txt").render(dict(CONTEXT))
    assert "Potrdite prijavo:\nhttps://moj.example.si/potrditev/abc?a=1&b=2\n" in text


def test_a_mail_that_only_tells_has_no_button():
    told = {name: value for name, value in CONTEXT.items() if not name.startswith("action")}
    assert "<a href" not in get_template("mail/layout.html").render(told)
