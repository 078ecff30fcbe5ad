"""The words of a mail that has no plain text: its HTML without styles, and without the mail it quotes.

Reads each letter once whatever the HTML is; Python's own reader goes back to the beginning at every broken tag.
"""

import re
from html import unescape

TAG = re.compile(r"<(?:!--(?P<comment>)|(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*>)")
LINES = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "pre"}
UNSHOWN = {"script", "style", "head", "title", "template", "blockquote"}
"""`blockquote` is how mail programs quote."""


def text_of_html(html: str) -> str:
    written: list[str] = []
    unshown: list[str] = []
    at = 0
    while (tag := TAG.search(html, at)) is not None:
        if not unshown:
            written.append(_words(html[at : tag.start()]))
        at = tag.end()
        if tag["comment"] is not None:
            end = html.find("-->", at)
            at = len(html) if end < 0 else end + 3
        else:
            _go_through(tag["name"].lower(), bool(tag["close"]), written, unshown)
    if not unshown:
        written.append(_words(html[at:]))
    lines = (" ".join(line.split()) for line in "".join(written).split("\n"))
    return "\n".join(lines).strip()


def _go_through(name: str, closes: bool, written: list[str], unshown: list[str]) -> None:
    if closes and name in unshown:
        while unshown.pop() != name:
            pass
    elif name in UNSHOWN and not closes:
        unshown.append(name)
    elif name in LINES and not unshown:
        written.append("\n")


def _words(text: str) -> str:
    return unescape(text.replace("\n", " "))
