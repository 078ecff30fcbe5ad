"""Renders pieces of templates for tests, and looks at every piece the way the portal's rules ask."""

from collections import Counter
from typing import Any

import html5lib
from django.template import engines
from django.utils import translation

HOSTILE = "<script>alert('x')</script>\" onfocus=\"alert(1)"
LONG = "Apartma Pod Velikim Vrhom – vzhodno krilo, pritličje, prizidek k prizidku"


def rendered(source: str, *, language: str = "sl", **context: Any) -> str:
    """Return what the template source gives, after checking that it is sound HTML without anything inline."""
    with translation.override(language):
        html = engines["jinja2"].from_string(source).render(context)
    check(html)
    return html


def component(call: str, *, language: str = "sl", **context: Any) -> str:
    """Render one macro: component("badges.badge('paid')")."""
    module, _, macro = call.partition(".")
    source = f'{{% import "components/{module}.html" as the %}}{{{{ the.{macro} }}}}'
    return rendered(source, language=language, **context)


def check(html: str) -> None:
    """Fail on broken HTML, doubled ids, dangling references, inline styles, scripts and handlers."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(html) if html.lstrip().startswith("<!doctype") else parser.parseFragment(html)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    for element in elements:
        inline = [name for name in element.attrib if name == "style" or str(name).startswith("on")]
        assert not inline, f"inline {inline} on <{element.tag}>"
        assert element.tag != "style" and (element.tag != "script" or element.get("src")), f"inline <{element.tag}>"
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    assert not [name for name, times in ids.items() if times > 1], f"doubled ids: {ids}"
    for element in elements:
        for name in ("for", "aria-labelledby", "aria-controls"):
            for reference in (element.get(name) or "").split():
                assert reference in ids, f"{name}={reference!r} leads nowhere"
