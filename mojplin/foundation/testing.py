"""What must hold on every page any test opens: one heading, labels, unique ids, valid HTML, strict headers."""

import os
import re
from functools import cache, lru_cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import html5lib  # type: ignore[import-untyped]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
SOUND_PAGES = "SOUND_PAGES"
"""Names in the environment the file in which the processes of one run of all tests tell each other of sound pages."""
UNLABELLED_TYPES = {"hidden", "submit", "button"}
ERROR_PREFIXES = ("Napaka: ", "Error: ")
BY_LOT = re.compile(r"(?<![\w-])(?=[\w-]*[0-9])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{22,}")
"""Keys of forms and ids in addresses: what differs in pages that are otherwise the same."""


class _Outline(HTMLParser):
    """Collects what the checks look at, in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.references: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self.summaries = 0
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.append(str(attributes["id"]))
        if tag == "label" and attributes.get("for"):
            self.labels.add(str(attributes["for"]))
        if tag in ("input", "select", "textarea") and attributes.get("type") not in UNLABELLED_TYPES:
            self.fields.append(attributes | {"in_label": "yes" if "label" in self.inside else None})
        for name in ("aria-describedby", "aria-labelledby"):
            self.references += (attributes.get(name) or "").split()
        self.inline += [f"<{tag} {name}>" for name in attributes if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not attributes.get("src")):
            self.inline.append(f"<{tag}>")
        self.summaries += "data-errors" in attributes
        if tag == "h1":
            self.headings.append("")
        if tag in ("h1", "title", "label"):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if "h1" in self.inside:
            self.headings[-1] += data
        elif "title" in self.inside and not self.headings:
            self.title += data


def faults_of_page(html: str) -> list[str]:
    """Return what is wrong with a page of ours, one sentence each; an empty list is a good page.

    What was drawn by lot is numbered as it comes, so that a page which tests open again and again is judged once.
    """
    numbers: dict[str, str] = {}
    return list(_faults(BY_LOT.sub(lambda found: numbers.setdefault(found[0], f"By-lot-{len(numbers)}"), html)))


@lru_cache(maxsize=4096)
def _faults(html: str) -> tuple[str, ...]:
    """Judge the page, or believe a process of the same run that has found this very page sound."""
    file, digest = os.environ.get(SOUND_PAGES, ""), sha256(html.encode()).digest()
    if not file:
        return _judged(html)
    if digest in _sound_before(file):
        return ()
    faults = _judged(html)
    if not faults:
        with Path(file).open("ab") as sound:
            sound.write(digest)
    return faults


@cache
def _sound_before(file: str) -> frozenset[bytes]:
    told = Path(file).read_bytes() if Path(file).exists() else b""
    size = sha256().digest_size
    return frozenset(told[at : at + size] for at in range(0, len(told), size))


def _judged(html: str) -> tuple[str, ...]:
    outline = _Outline()
    outline.feed(html)
    faults = [f"inline code: {where}" for where in outline.inline]
    faults += [f"id used twice: {each}" for each in sorted({i for i in outline.ids if outline.ids.count(i) > 1})]
    faults += [f"refers to a missing id: {each}" for each in outline.references if each not in outline.ids]
    faults += [
        f"field without a label: {field.get('name')}" for field in outline.fields if not _is_labelled(field, outline)
    ]
    if outline.summaries > 1:
        faults.append(f"{outline.summaries} summaries of errors")
    if len(outline.headings) != 1:
        faults.append(f"{len(outline.headings)} h1 headings: {outline.headings}")
    elif not _same_words(outline.title, outline.headings[0]):
        faults.append(f"title {outline.title!r} does not start with the heading {outline.headings[0]!r}")
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except html5lib.html5parser.ParseError as error:
        faults.append(f"invalid HTML: {error!r}")
    return tuple(faults)


def faults_of_headers(headers: Any) -> list[str]:
    """Return which security headers are missing or weak."""
    faults = [f"{name} is {headers.get(name)!r}" for name, value in HEADERS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        faults.append(f"weak content policy: {policy!r}")
    if "no-store" not in headers.get("Cache-Control", ""):
        faults.append(f"may be cached: {headers.get('Cache-Control')!r}")
    return faults


def _is_labelled(field: dict[str, str | None], outline: _Outline) -> bool:
    named = field.get("aria-label") or field.get("aria-labelledby") or field.get("in_label")
    return bool(named) or field.get("id") in outline.labels


def _same_words(title: str, heading: str) -> bool:
    def words(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()

    start = words(title)
    for prefix in ERROR_PREFIXES:
        start = start.removeprefix(prefix)
    return start.startswith(words(heading))
