"""How the supplier looks: its colours, each legible on what it stands on, and its mark.

Greys, the red of what is wrong and the green of what is done are the portal's own; they stand in portal.css.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from mojplin.config.wrong import Wrong

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0
"""Contrasts that WCAG 2.2 asks for at level AA: of text (1.4.3), and of what is not text (1.4.11)."""

GROUNDS: dict[Scheme, dict[str, str]] = {
    "light": {
        "bg": "#f1f4f5", "surface": "#ffffff", "inset": "#e7eef0", "ink": "#10242b", "ink_2": "#43585f",
        "error_on_deep": "#ffa79e", "white": "#ffffff",
    },
    "dark": {
        "bg": "#0b1619", "surface": "#122227", "inset": "#1b3037", "ink": "#e9f1f3", "ink_2": "#a9bec4",
        "error_on_deep": "#ffa79e",
    },
}  # fmt: skip
"""The portal's own colours that the supplier's stand beside, as in portal.css."""

PAIRS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("brand", ("surface", "bg", "inset", "brand_soft", "flame_soft"), TEXT),
    ("brand_hover", ("surface", "bg", "inset", "brand_soft", "flame_soft"), TEXT),
    ("on_brand", ("brand", "brand_hover"), TEXT),
    ("ink", ("brand_soft", "flame_soft"), TEXT),
    ("ink_2", ("brand_soft", "flame_soft"), TEXT),
    ("on_deep", ("deep", "deep_2"), TEXT),
    ("on_deep_2", ("deep",), TEXT),
    ("error_on_deep", ("deep",), TEXT),
    ("flame", ("deep",), SHAPE),
    ("on_flame", ("flame", "flame_hover"), TEXT),
    ("flame_ink", ("flame_soft", "surface", "bg"), TEXT),
    ("focus", ("surface", "bg", "brand_soft", "flame_soft"), SHAPE),
    ("white", ("focus",), TEXT),
)
"""What is written or drawn on what, and the contrast it needs. `white`: numbers in the picture of an invoice."""


def _colour(text: str) -> str:
    if not is_colour(text):
        raise ValueError("give a colour as #0b5566")
    return text.lower()


def is_colour(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("#[0-9A-Fa-f]{6}", value) is not None


Colour = Annotated[str, AfterValidator(_colour)]


class Palette(BaseModel):
    """The supplier's colours in one scheme, each as `#rrggbb`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    brand: Colour
    """Links, ordinary buttons, bars of charts."""
    brand_hover: Colour
    """The same under the pointer."""
    brand_soft: Colour
    """Ground of notices and of what is chosen."""
    on_brand: Colour
    """Words of buttons, on `brand`."""
    deep: Colour
    """Ground of the one task of a page, of signed-out pages and of the office's header."""
    deep_2: Colour
    """The same under the pointer."""
    on_deep: Colour
    """Words on `deep`."""
    on_deep_2: Colour
    """Second words on `deep`."""
    flame: Colour
    """The button of the one thing to do now; shapes on `deep`."""
    flame_hover: Colour
    """The same under the pointer."""
    on_flame: Colour
    """Words of that button."""
    flame_ink: Colour
    """Words that warn, on the page and on `flame_soft`."""
    flame_soft: Colour
    """Ground of what warns."""
    focus: Colour
    """The ring around what the keyboard is at."""


def faults_of_contrast(colours: Mapping[str, Any], scheme: Scheme) -> Iterator[Wrong]:
    """Yield each pair of colours that people with weak sight could not tell apart, with its figures.

    :param colours: by name; what is no colour is passed over, it is named elsewhere.
    """
    known = GROUNDS[scheme] | {name: value for name, value in colours.items() if is_colour(value)}
    for name, grounds, least in PAIRS:
        for ground in grounds:
            if name in known and ground in known and (found := contrast(known[name], known[ground])) < least:
                yield _too_weak(name, ground, known, scheme, f"{found:.2f} : 1, {least} : 1 is needed")


def _too_weak(name: str, ground: str, known: Mapping[str, str], scheme: Scheme, figures: str) -> Wrong:
    """Name the supplier's colour of the pair: only that one can be changed."""
    if name in GROUNDS[scheme]:
        reason = f"contrast with {name} ({known[name]}) is {figures}"
        return Wrong(f"brand.{scheme}.{ground}", reason, repr(known[ground]))
    return Wrong(f"brand.{scheme}.{name}", f"contrast with {ground} ({known[ground]}) is {figures}", repr(known[name]))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG, from 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
