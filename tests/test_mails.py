"""Every mail there is, in both languages: complete as text, nothing loaded, no stray link, no secret in its subject."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from django.conf import settings
from django.core import mail as sent_mail
from django.utils import translation

import mojplin.domain
from mojplin.foundation.mail import UNSEEN, Letter, send_now, written
from tests.mail_contexts import CODE, CONTEXTS, HOSTILE, TOKEN

DOMAIN = Path(mojplin.domain.__file__).parent
MAILS = sorted(str(folder.relative_to(DOMAIN)) for folder in DOMAIN.glob("*/mail/*/"))
KNOWN_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "div",
    "p",
    "a",
    "br",
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
}
LOADING = {"src", "srcset", "background", "poster", "data", "action", "formaction"}
WORDS = re.compile(r"""(?:_|ngettext)\(\s*"([^"]+)"(?:,\s*"([^"]+)")?|pgettext\("[^"]+",\s*"([^"]+)"\)""")
TOLD = [
    (name, number, language)
    for name in MAILS for number in range(len(CONTEXTS.get(name, []))) for language in ("sl", "en")
]  # fmt: skip


@pytest.fixture
def letter(request) -> Letter:
    name, number, language = request.param
    return written(template=name, context=CONTEXTS[name][number], language=language)


every_mail = pytest.mark.parametrize("letter", TOLD, indirect=True, ids=str)


def parsed(html: str) -> Any:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    return parser.parse(html)


def links(html: str) -> list[str]:
    return [element.get("href") for element in parsed(html).iter("a")]


def plain(text: str) -> str:
    return " ".join(text.split())


def english_texts(name: str) -> set[str]:
    """The sentences of a mail as they stand in its templates."""
    files = [*(DOMAIN / name).iterdir(), *(DOMAIN.parent / "foundation/templates/mail").iterdir()]
    return {text for file in files for found in WORDS.findall(file.read_text()) for text in found if text}


def test_every_mail_has_a_line_in_the_table_and_no_line_is_left_over():
    assert sorted(CONTEXTS) == MAILS


@every_mail
def test_the_text_says_what_the_html_says(letter):
    page = parsed(letter.html)
    with translation.override(page.get("lang")):
        of_buttons = translation.gettext("If the button does not work, copy this address into the browser:")
    said = plain(letter.text)
    for block in [*page.iter("p"), *page.iter("h1"), *page.iter("li")]:
        for line in [block.text, *(br.tail for br in block.iter("br"))]:
            if line and plain(line) not in ("Moj Butan plin", of_buttons):
                assert plain(line) in said
    assert [link for link in links(letter.html) if link not in letter.text] == []
    assert "\n\n\n" not in letter.text


@every_mail
def test_links_lead_to_the_portal_and_nothing_is_loaded(letter):
    hosts = {urlsplit(link).netloc for link in [*links(letter.html), *re.findall(r"https?://\S+", letter.text)]}
    assert hosts <= {urlsplit(settings.BASE_URL).netloc}
    for element in parsed(letter.html).iter():
        assert element.tag in KNOWN_TAGS
        assert not LOADING & set(element.attrib) and not [name for name in element.attrib if name.startswith("on")]
        assert "url(" not in element.get("style", "") and "@import" not in element.get("style", "")


@every_mail
def test_the_subject_is_one_short_line_without_a_secret(letter):
    assert letter.subject and "\n" not in letter.subject and "%(" not in letter.subject
    assert not [secret for secret in (TOKEN, CODE, "http") if secret in letter.subject]
    assert parsed(letter.html).find("head/title").text == letter.subject


@every_mail
def test_names_are_shown_as_written_and_can_disguise_nothing(letter):
    assert HOSTILE not in letter.html
    assert "&amp;lt;" not in letter.html and "&lt;" not in letter.text.replace(HOSTILE, "")
    assert not [part for part in (letter.subject, letter.text, letter.html) if UNSEEN.search(part)]
    visible = "".join(parsed(letter.html).itertext())
    assert (HOSTILE in letter.text) == (HOSTILE in visible)


@pytest.mark.parametrize(("name", "number"), [told[:2] for told in TOLD if told[2] == "sl"], ids=str)
def test_a_slovene_mail_holds_no_english_and_the_other_way_round(name, number):
    for language, other in (("sl", "en"), ("en", "sl")):
        letter = written(template=name, context=CONTEXTS[name][number], language=language)
        assert parsed(letter.html).get("lang") == language
        with translation.override(other):
            texts = [translation.gettext(text) for text in english_texts(name)]
        if other == "sl":  # what is not its own sentence in the catalogue (the plural forms) comes back in English
            texts = [text for text in texts if text not in english_texts(name)]
        strays = [part for text in texts for part in re.split(r"%\(\w+\)s", text) if len(part.strip(" .,:?“”»«")) > 12]
        assert [part for part in strays if part in letter.subject + letter.text] == []


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_says_that_a_machine_sent_it(name, settings):
    settings.MAIL_GOES_TO_DEMO_MAILBOX = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_now(to="ana@example.si", template=name, context=CONTEXTS[name][0], language="sl", message_id="abc")
    (message,) = sent_mail.outbox
    received = message.message()
    assert received["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in received.walk()][1:] == ["text/plain", "text/html"]
