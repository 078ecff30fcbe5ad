"""A page of the portal made harmless: what it shows stays, what it could do goes."""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

CONTROLS = {"button", "input", "select", "textarea"}
VOID = {"br", "hr", "img", "input", "wbr", "source", "path", "rect", "circle", "line", "use"}
KEPT_ATTRIBUTES = (
    "class", "id", "for", "type", "value", "checked", "selected", "role", "scope", "colspan", "rowspan", "lang", "alt",
    "translate", "datetime", "start", "open", "hidden", "inputmode", "rows", "min", "max", "label", "title",
)  # fmt: skip
KEPT_PREFIXES = ("aria-",)
SVG = {"svg", "g", "path", "rect", "circle", "line", "text", "defs", "pattern", "title", "desc", "ellipse", "polyline"}
DROPPED = {"script", "style", "iframe", "object", "dialog", "template"}


def read_only(page: str, leads: Callable[[str], str | None]) -> tuple[str, str]:
    """Return the heading of a page and the inside of its <main>, without forms, live controls and links.

    :param leads: where a link may lead instead, or None for one that becomes text.
    """
    reader = _Reader(leads)
    reader.feed(page)
    return " ".join("".join(reader.heading).split()), "".join(reader.written)


class _Reader(HTMLParser):
    def __init__(self, leads: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.leads = leads
        self.written: list[str] = []
        self.heading: list[str] = []
        self.in_main = self.in_heading = False
        self.dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.in_main = True
        elif self.in_main:
            self.open_tag(tag, dict(attrs))

    def open_tag(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in DROPPED:
            self.dropped += 1
        if self.dropped or (tag == "input" and given.get("type") == "hidden"):
            return
        if tag == "img" and not (given.get("src") or "").startswith("/static/"):
            self.written.append(f'<span class="muted">{escape(given.get("alt") or "")}</span>')
            return
        self.in_heading = self.in_heading or tag == "h1"
        name = "div" if tag == "form" else tag
        kept = {key: value for key, value in given.items() if is_kept(tag, key)}
        if tag in CONTROLS:
            kept |= {"disabled": None}
        if tag == "a" and (address := self.leads(given.get("href") or "")):
            kept |= {"href": address}
        if tag == "img":
            kept |= {"src": given.get("src")}
        self.written.append(f"<{name}{''.join(map(attribute, kept.items()))}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID or tag in SVG:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.in_main = False
        elif self.in_main and tag in DROPPED:
            self.dropped -= 1
        elif self.in_main and not self.dropped and (tag not in VOID or tag in SVG):
            self.in_heading = self.in_heading and tag != "h1"
            self.written.append(f"</{'div' if tag == 'form' else tag}>")

    def handle_data(self, data: str) -> None:
        if self.in_main and not self.dropped:
            self.written.append(escape(data, quote=False))
            if self.in_heading:
                self.heading.append(data)


def is_kept(tag: str, name: str) -> bool:
    if tag in SVG:
        return not name.startswith(("on", "href", "xlink", "style"))
    return name in KEPT_ATTRIBUTES or name.startswith(KEPT_PREFIXES)


def attribute(pair: tuple[str, str | None]) -> str:
    name, value = pair
    return f" {name}" if value is None else f' {name}="{escape(value)}"'
