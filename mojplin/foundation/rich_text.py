"""Markdown as HTML without anything that could carry code: no HTML, no pictures, links only where asked for."""

import re
from functools import lru_cache
from typing import Any, cast

from markdown import Markdown
from markdown.inlinepatterns import LINK_RE, LinkInlineProcessor
from markupsafe import Markup

CARRY_CODE = (
    "html", "link", "reference", "short_reference", "autolink", "automail", "image_link", "image_reference",
    "short_image_ref",
)  # fmt: skip
HEADING_MARKS = re.compile(r"^#+ +", re.MULTILINE)
STARS = re.compile(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1", re.DOTALL)


SAFE_ADDRESS = re.compile(r"(?:https://|mailto:|tel:|/(?!/)|#)[^\s\\\"'<>]*")
"""Other sites by https alone, a mail, a call, a page or a part of this site; never what a browser would run."""


class _CheckedLinks(LinkInlineProcessor):
    """Links as Markdown has them, but only to a `SAFE_ADDRESS`; the others stay text."""

    def handleMatch(self, m: Any, data: str) -> Any:  # type: ignore[override]  # as in LinkInlineProcessor itself
        element, start, end = super().handleMatch(m, data)
        if element is None or isinstance(element, str):
            return element, start, end
        address = element.get("href") or ""
        cast(Any, self.md).addresses.append(address)
        return (element, start, end) if SAFE_ADDRESS.fullmatch(address) else (None, None, None)


@lru_cache(maxsize=32)
def as_html(text: str, *, links: bool = False) -> Markup:
    """Return Markdown as HTML: headings, lists, emphasis. HTML in the text is shown as text; pictures too.

    :param links: make links of `[words](address)` where the address is safe.
    """
    return _converted(_markdown(links=links), text)


def addresses_in(text: str) -> list[str]:
    """Return where the links of a text lead, the safe ones and the others."""
    markdown = _markdown(links=True)
    _converted(markdown, text)
    return list(cast(Any, markdown).addresses)


def is_safe_address(address: str) -> bool:
    return SAFE_ADDRESS.fullmatch(address) is not None


def _converted(markdown: Markdown, text: str) -> Markup:
    try:
        return Markup(markdown.convert(text))  # noqa: S704  # what could carry code was taken out
    except RecursionError:  # hundreds of lists within one another are no list that anybody means
        return Markup("<p>{}</p>").format(text)


def _markdown(*, links: bool) -> Markdown:
    markdown = Markdown()
    markdown.preprocessors.deregister("html_block")
    for name in CARRY_CODE:
        markdown.inlinePatterns.deregister(name)
    if links:
        cast(Any, markdown).addresses = []
        markdown.inlinePatterns.register(_CheckedLinks(LINK_RE, markdown), "link", 160)
    return markdown


def as_plain(text: str) -> str:
    """Return Markdown as it reads in a mail without HTML: headings and stars lose their marks, lists keep theirs."""
    return STARS.sub(r"\2", HEADING_MARKS.sub("", text))
