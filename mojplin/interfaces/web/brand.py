"""The supplier's looks as files: its colours as a style sheet, its mark, and icons drawn from the mark.

Their addresses carry a hash of what they hold, so browsers keep them for good. They are answered before anything that
needs the database: pages that say it is away have their colours, too.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mojplin.foundation.pdf import picture_of

ROOT = "/brand/"
COLOURS, MARK = "colours.css", "mark.svg"
ICONS = {
    "icon-192.png": (192, 1.0),
    "icon-512.png": (512, 1.0),
    "icon-maskable-512.png": (512, 0.6),
    "icon-apple-180.png": (180, 0.8),
}
"""Side in pixels, and how much of it the mark takes. Where that is not all, the rest is ground to the edges, of which
each phone cuts its shape."""
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
_ICON = Path(__file__).with_name("icon.typ")


class BrandMiddleware:
    """Answers with the supplier's files at their addresses, and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ROOT) and request.method in ("GET", "HEAD"):
            return _answer(request.path_info.removeprefix(_folder())) or self.get_response(request)
        return self.get_response(request)


def _answer(name: str) -> HttpResponse | None:
    if name == COLOURS:
        return _kept(colours_css(settings.BRAND).encode(), "text/css; charset=utf-8")
    if name == MARK:
        return _kept(settings.MARK_SVG.encode(), "image/svg+xml")
    if name in ICONS:
        return _kept(icon_png(settings.MARK_SVG, settings.ICON_GROUND, *ICONS[name]), "image/png")
    return None


def brand_url(name: str) -> str:
    """Return the address of one of the supplier's files: `colours.css`, `mark.svg`, or one of `ICONS`."""
    return f"{_folder()}{name}"


def _kept(content: bytes, content_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Cache-Control": KEPT_FOR_GOOD})


def _folder() -> str:
    return _folder_of(colours_css(settings.BRAND), settings.MARK_SVG, settings.ICON_GROUND)


@lru_cache(maxsize=4)
def _folder_of(*parts: str) -> str:
    return f"{ROOT}{hashlib.sha256(''.join(parts).encode()).hexdigest()[:12]}/"


def colours_css(brand: Mapping[str, Mapping[str, str]]) -> str:
    """Return the colours as custom properties, in the layer that portal.css keeps for them.

    Those that begin with --paper are the light ones in either scheme: for pictures that are always on white.
    """
    light, dark = _properties(brand["light"]), _properties(brand["dark"])
    paper = _properties(brand["light"], "paper-")
    return (
        f"@layer tokens{{:root{{{light}{paper}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}}}\n'
    )


def _properties(colours: Mapping[str, str], prefix: str = "") -> str:
    return "".join(f"--{prefix}{name.replace('_', '-')}:{value};" for name, value in colours.items())


@lru_cache(maxsize=len(ICONS))
def icon_png(mark: str, ground: str, pixels: int, share: float) -> bytes:
    """Return the mark in the middle of a square; drawn once in the life of a process."""
    return picture_of(_ICON, {"mark": mark, "ground": ground, "pixels": pixels, "share": share})
