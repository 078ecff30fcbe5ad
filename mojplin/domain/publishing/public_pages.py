"""The pages that anybody may read: the office's newest text of each, else the one that comes with the portal.

A text is Markdown with its title on the first line. It may name places in braces, which are filled in for the reader:
what the supplier's file says, pages of the portal, cookies, pictures.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from markupsafe import Markup

from mojplin.domain.publishing.models import PageVersion
from mojplin.domain.support.opening import opening_lines
from mojplin.foundation.formats import Language
from mojplin.foundation.rich_text import addresses_in, as_html, is_safe_address

TEXTS = Path(__file__).parent / "texts"
PAGES = {
    "contact": "web:contact",
    "meter": "web:meter_help",
    "numbers": "web:numbers_help",
    "questions": "web:questions",
    "safety": "web:safety",
    "privacy": "web:privacy",
    "accessibility": "web:accessibility",
    "cookies": "web:cookies",
}
"""Where each page stands in the portal, by the name of its text."""
ALSO = ("terms", "support", "home", "readings", "gauge", "link", "places", "contracts", "orders", "cylinders", "moves")
LEADS_TO = {f"{name}_page": route for name, route in PAGES.items()} | {f"{name}_page": f"web:{name}" for name in ALSO}
PICTURES = ("meter_picture", "invoice_picture")
"""Places that stand in a paragraph of their own and are drawn by the page."""
PLACE = re.compile(r"\{(\w+)\}")
_PICTURE_PARAGRAPH = re.compile(rf"<p>\{{({'|'.join(PICTURES)})\}}</p>")


@dataclass(frozen=True, slots=True)
class Texts:
    """A page's text in both languages; version 0 came with the portal."""

    version: int
    text_sl: str
    text_en: str

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_sl


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it is read: its title, and pieces that are HTML or the name of one of the `PICTURES`."""

    title: str
    pieces: tuple[Markup | str, ...]


def current_texts(name: str) -> Texts:
    """Return what stands on the page now."""
    rows = PageVersion.objects.filter(name=name).order_by("-version").values_list("version", "text_sl", "text_en")
    newest = rows.first()
    return Texts(*newest) if newest else shipped_texts(name)


def every_current_text() -> dict[str, Texts]:
    """Return what stands on each of the `PAGES` now, in one statement."""
    later = PageVersion.objects.filter(name=OuterRef("name"), version__gt=OuterRef("version"))
    newest = PageVersion.objects.filter(~Exists(later)).only("name", "version", "text_sl", "text_en")
    published = {each.name: Texts(each.version, each.text_sl, each.text_en) for each in newest}
    return {name: published.get(name) or shipped_texts(name) for name in PAGES}


@lru_cache(maxsize=16)
def shipped_texts(name: str) -> Texts:
    slovene, english = ((TEXTS / f"{name}.{language}.md").read_text(encoding="utf-8") for language in ("sl", "en"))
    return Texts(0, slovene, english)


def title_of(text: str) -> str:
    return text.partition("\n")[0].removeprefix("#").strip()


def as_read(text: str, language: Language) -> ReadPage:
    """Return a page as its readers see it in that language."""
    return _read(text, language, settings.ROOT_URLCONF)


@lru_cache(maxsize=64)
def _read(text: str, language: Language, _urlconf: str) -> ReadPage:
    _heading, _line, body = text.partition("\n")
    html = str(as_html(filled(body, language), links=True))
    pieces = [
        each if each in PICTURES else Markup(each)  # noqa: S704  # as_html has made it, cut between paragraphs
        for each in _PICTURE_PARAGRAPH.split(html)
        if each.strip()
    ]
    return ReadPage(title_of(text), tuple(pieces))


def filled(text: str, language: Language) -> str:
    """Fill in the places a text names; one that is no place stays as it was typed."""
    known = places(language)
    return PLACE.sub(lambda found: known.get(found[1], found[0]), text)


def places(language: Language) -> dict[str, str]:
    """Return what a text may name besides pictures: the supplier, the cookies of this server, pages of the portal."""
    supplier = {f"supplier_{name}": str(value) for name, value in settings.SUPPLIER.items()}
    supplier["portal_name"] = supplier.pop("supplier_portal_name")
    for name in ("supplier_phone", "supplier_emergency_phone"):
        supplier[name] = supplier[name].replace(" ", "\N{NO-BREAK SPACE}")
    cookies = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "sign_in_cookie": settings.SIGN_IN_COOKIE_NAME,
        "device_cookie": settings.DEVICE_COOKIE_NAME,
        "kept_form_cookie": settings.KEPT_FORM_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "theme_cookie": settings.THEME_COOKIE_NAME,
    }
    hours = {"opening_hours": "; ".join(f"{days}, {times}" for days, times in opening_lines(language))}
    with translation.override(language):
        pages = {place: reverse(route) for place, route in LEADS_TO.items()}
    return supplier | cookies | hours | pages


def unknown_places(text: str, language: Language) -> list[str]:
    """Return the names in braces that are no place."""
    known = {*places(language), *PICTURES}
    return [found for found in PLACE.findall(text) if found not in known]


def wrong_addresses(text: str, language: Language) -> list[str]:
    """Return the addresses a text leads to that are not safe, or no page of this portal."""
    return [each for each in addresses_in(filled(text, language)) if not (is_safe_address(each) and _leads_on(each))]


def _leads_on(address: str) -> bool:
    if not address.startswith("/"):
        return True
    path = re.split(r"[?#]", address)[0]
    with translation.override("en" if path.startswith("/en/") else "sl"):
        try:
            resolve(path)
        except Resolver404:
            return False
    return True
