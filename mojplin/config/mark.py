"""The supplier's mark: a drawing in SVG that can do nothing but be looked at."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from lxml import etree

LARGEST_BYTES = 32_768
SVG = "{http://www.w3.org/2000/svg}"
_words = re.compile(r"[\w-]+").findall
SHAPES = frozenset(
    _words(
        "svg g defs title desc path circle ellipse rect line polyline polygon linearGradient radialGradient stop"
        " clipPath"
    )
)
ATTRIBUTES = frozenset(
    _words(
        "id viewBox width height version d cx cy r rx ry x y x1 y1 x2 y2 fx fy points transform fill fill-opacity"
        " fill-rule clip-rule clip-path opacity stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin"
        " stroke-miterlimit stroke-dasharray offset stop-color stop-opacity gradientUnits gradientTransform"
        " spreadMethod clipPathUnits preserveAspectRatio"
    )
)
"""What draws. Nothing here runs, loads or leads anywhere; `style` is left out because the portal allows none."""

STANDARD = Path(__file__).with_name("mark.svg")


def standard_mark(colours: Mapping[str, str]) -> str:
    """Return the portal's own mark in these colours: for a supplier whose file names none."""
    return Template(STANDARD.read_text(encoding="utf-8")).substitute(colours)


def mark_from(path: Path) -> str:
    """Return the drawing of the file, as one line of SVG.

    :raises ValueError: no such file, no drawing, or one that holds more than shapes; says what.
    """
    root = _parsed(_read(path))
    faults = list(_faults(root))
    if faults:
        raise ValueError("; ".join(dict.fromkeys(faults)))
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ValueError(f"{path}: {fault.strerror}") from None
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"the file has {len(content)} bytes, at most {LARGEST_BYTES} are taken")
    return content


def _parsed(content: bytes) -> etree._Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("a drawing with a DOCTYPE is not taken; save it as plain SVG")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_blank_text=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise ValueError(f"no SVG: {str(fault)[:100]}") from None
    if root.tag != f"{SVG}svg":
        raise ValueError("no SVG: its root is not svg of http://www.w3.org/2000/svg")
    return root


def _faults(root: etree._Element) -> Iterator[str]:
    if root.getprevious() is not None or root.getnext() is not None:
        yield "instructions beside the drawing are not taken"
    if not _is_square(root.get("viewBox", "")):
        yield "a square viewBox is needed, as in viewBox='0 0 32 32'"
    for element in root.iter():
        name = str(element.tag).removeprefix(SVG)
        if not isinstance(element.tag, str) or name not in SHAPES:
            yield f"{name if isinstance(element.tag, str) else 'an instruction'} is not taken, only shapes are"
            continue
        for attribute, value in ((str(name), str(said)) for name, said in element.items()):
            if attribute not in ATTRIBUTES:
                yield f"the attribute {attribute} of {name} is not taken"
            elif ("url" in value.lower() or "\\" in value) and not re.fullmatch(r"url\(#[\w-]+\)", value):
                yield f"the attribute {attribute} of {name} leads elsewhere"


def _is_square(view: str) -> bool:
    try:
        _x, _y, width, height = map(float, view.replace(",", " ").split())
    except ValueError:
        return False
    return 0 < width == height < float("inf")
