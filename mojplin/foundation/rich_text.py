"""Markdown as HTML: for what staff write, without anything that could carry code, and for what the portal ships."""

import re
from functools import lru_cache

from markdown import Markdown
from markupsafe import Markup

CARRY_CODE = (
    "html", "link", "reference", "short_reference", "autolink", "automail", "image_link", "image_reference",
    "short_image_ref",
)  # fmt: skip
HEADING_MARKS = re.compile(r"^#+ +", re.MULTILINE)
STARS = re.compile(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1", re.DOTALL)


@lru_cache(maxsize=32)
def as_html(text: str, *, links: bool = False) -> Markup:
    """Return Markdown as HTML: headings, lists, emphasis. HTML in the text is shown as text; pictures too.

    :param links: make links of `[words](address)`; only for texts that come with the portal.
    """
    markdown = Markdown()
    markdown.preprocessors.deregister("html_block")
    for name in CARRY_CODE:
        if not (links and name == "link"):
            markdown.inlinePatterns.deregister(name)
    return Markup(markdown.convert(text))  # noqa: S704  # what could carry code was taken out above


def as_plain(text: str) -> str:
    """Return Markdown as it reads in a mail without HTML: headings and stars lose their marks, lists keep theirs."""
    return STARS.sub(r"\2", HEADING_MARKS.sub("", text))
