"""What a person typed as a reading, understood: the one parser for every page, table and message.

A meter has black digits, and decimals that are asked for (usually none). With none asked, 4.399 is four thousand and
what follows a comma is dropped. With decimals asked, a lone separator before exactly three digits may mean either.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext_lazy as _

from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form

LONGEST = 60
_UNIT = re.compile(r"\s*m\s*3?$", re.IGNORECASE)
_DASHES = re.compile(r"^[-\u2010-\u2015\u2212]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ '’](?=\d)")
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in ".,"}


class NotANumber(Refused):
    field = "typed"
    message = _("Enter digits only, for example 4399.")


class NegativeReading(Refused):
    field = "typed"
    message = _("A reading cannot be negative. Enter the digits as the counter shows them.")


class ExponentTyped(Refused):
    field = "typed"
    message = _("Write the reading out in digits, without the letter e, for example 4399.")


class TooManyDigits(Refused):
    """`likely_m3` is the reading without the digits that do not fit on the counter."""

    field = "typed"
    message = _("The counter has %(digits)s black digits, you entered %(typed)s. Leave out the red ones.")


@dataclass(frozen=True, slots=True)
class ParsedReading:
    """The counter in cubic metres, and what has to be said or asked about how it was understood."""

    value_m3: Decimal
    dropped: str = ""
    """Digits after the decimal mark that this meter does not ask for."""
    other_m3: Decimal | None = None
    """The other meaning of what was typed; the person has to choose."""


def parse_reading(typed: str, *, digits: int, decimals: int) -> ParsedReading:
    """Return what was typed as the counter of a meter with so many black digits and decimals asked.

    :raises NotANumber, NegativeReading, ExponentTyped, TooManyDigits: with the sentence for the person.
    """
    text = _plain(typed)
    whole, fraction, other_whole = _parts(text, decimals)
    value = _value(whole, fraction, digits, decimals)
    other = (
        _value(other_whole, "", digits, decimals) if other_whole and len(other_whole.lstrip("0")) <= digits else None
    )
    dropped = fraction[decimals:] if fraction[decimals:].strip("0") or not decimals else ""
    return ParsedReading(value, dropped, other)


def _plain(typed: str) -> str:
    """Return the digits and marks alone: no unit, no spaces of any kind, no full-width characters."""
    text = "".join(each for each in in_one_form(typed, "NFKC") if unicodedata.category(each) != "Cf")
    text = _UNIT.sub("", " ".join(text.split()))
    if not text or len(text) > LONGEST:
        raise NotANumber
    if _DASHES.match(text) and re.search(r"\d", text):
        raise NegativeReading
    if re.fullmatch(r"\+?[\d.,]+[eE][+-]?\d+", text):
        raise ExponentTyped
    text = _BETWEEN_DIGITS.sub("", text)
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*[.,]?", text):
        raise NotANumber
    return text.rstrip(".,")


def _parts(text: str, decimals: int) -> tuple[str, str, str]:
    """Return whole part, decimals, and the whole part of the other meaning ("" when there is one meaning only)."""
    marks = [each for each in text if each in ".,"]
    if not marks:
        return text, "", ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return *_two_kinds_of_marks(text, last), ""
    if len(marks) > 1:
        return _groups(text, last), "", ""
    whole, fraction = text.split(last)
    may_be_group = len(fraction) == 3 and len(whole) <= 3 and whole.strip("0") != ""
    if decimals and may_be_group:
        return whole, fraction, whole + fraction
    if may_be_group and last == ".":
        return whole + fraction, "", ""
    return whole, fraction, ""


def _two_kinds_of_marks(text: str, last: str) -> tuple[str, str]:
    before, _mark, fraction = text.rpartition(last)
    if last in before:
        raise NotANumber
    return _groups(before, "." if last == "," else ","), fraction


def _groups(text: str, mark: str) -> str:
    if not _GROUPED[mark].fullmatch(text):
        raise NotANumber
    return text.replace(mark, "")


def _value(whole: str, fraction: str, digits: int, decimals: int) -> Decimal:
    shown = whole.lstrip("0") or "0"
    if len(shown) > digits:
        raise TooManyDigits(digits=digits, typed=len(shown), likely_m3=Decimal(shown[:digits]))
    return Decimal(f"{shown}.{fraction or 0}").quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
