"""Checks of one column, compiled once: a fast one for a whole chunk of values, and a slow one that names the fault.

A million rows are checked without a Python object for each: a chunk is looked at value by value only when the fast
check of its column failed.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_noop as _

from mojplin.interfaces.erp.contract import Column, Kind

FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)
KNOWN_VALUES = 100_000


class Check(ABC):
    """Says whether values keep the contract of a column."""

    def __init__(self, column: Column) -> None:
        self.column = column

    @abstractmethod
    def all_good(self, values: Sequence[str]) -> bool:
        """Return False when at least one value is bad."""

    @abstractmethod
    def fault(self, value: str) -> str | None:
        """Return what is wrong with a value that is not empty, or None."""

    def complaint(self, value: str) -> str | None:
        """Return what is wrong with a value, as a sentence, or None."""
        if not value:
            return _("The value is missing.") if self.column.required else None
        return self.fault(value)


class TextCheck(Check):
    def all_good(self, values: Sequence[str]) -> bool:
        if (self.column.required and "" in values) or max(map(len, values)) > self.column.size:
            return False
        text = "\n".join(values)
        if "\n " in text or " \n" in text or text[0:1] == " " or text[-1:] == " ":
            return False
        together = "".join(values)
        return together.isprintable() or FORBIDDEN.search(together) is None

    def fault(self, value: str) -> str | None:
        if FORBIDDEN.search(value):
            return _("The text holds a control character.")
        if len(value) > self.column.size:
            return f"The text is longer than {self.column.size} characters."
        if value != value.strip(" "):
            return _("The text starts or ends with a blank.")
        return None


class KnownValuesCheck(Check):
    """For columns of few different values: each is looked at once."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self.known: set[str] = set() if column.required else {""}

    def all_good(self, values: Sequence[str]) -> bool:
        if self.known.issuperset(values):
            return True
        new = set(values) - self.known
        if any(self.complaint(value) for value in new):
            return False
        if len(self.known) < KNOWN_VALUES:
            self.known |= new
        return True


class CodeCheck(KnownValuesCheck):
    def fault(self, value: str) -> str | None:
        return None if value in self.column.codes else f"Not one of: {', '.join(self.column.codes)}."


class DateCheck(KnownValuesCheck):
    def fault(self, value: str) -> str | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return _("Not a date of the form 2026-11-23.")
        if day.isoformat() != value:
            return _("Not a date of the form 2026-11-23.")
        return None if EARLIEST <= day <= LATEST else _("The date is out of reach.")


class IntegerCheck(KnownValuesCheck):
    def fault(self, value: str) -> str | None:
        if not re.fullmatch("[0-9]{1,18}", value):
            return _("Not a whole number.")
        smallest, biggest = int(self.column.minimum or 0), int(self.column.maximum or 0)
        return None if smallest <= int(value) <= biggest else f"Not between {smallest} and {biggest}."


class DecimalCheck(Check):
    def __init__(self, column: Column) -> None:
        super().__init__(column)
        sign = "-?" if column.minimum is None else ""
        places = f"(?:[.][0-9]{{1,{column.places}}})?" if column.places else ""
        number = f"{sign}[0-9]{{1,{column.size - column.places}}}{places}"
        self.one = re.compile(number)
        self.many = re.compile(f"(?:{number}\n)*+" if column.required else f"(?:(?:{number})?\n)*+")

    def all_good(self, values: Sequence[str]) -> bool:
        text = "\n".join(values) + "\n"
        return self.many.fullmatch(text) is not None and text.count("\n") == len(values)

    def fault(self, value: str) -> str | None:
        if self.one.fullmatch(value):
            return None
        if value.startswith("-") and self.column.minimum is not None:
            return _("The number is below zero.")
        digits = self.column.size - self.column.places
        return f"Not a number with a decimal point, up to {digits} digits and {self.column.places} after the point."


CHECKS: dict[Kind, type[Check]] = {
    Kind.TEXT: TextCheck,
    Kind.CODE: CodeCheck,
    Kind.DATE: DateCheck,
    Kind.INTEGER: IntegerCheck,
    Kind.DECIMAL: DecimalCheck,
}


def check_of(column: Column) -> Check:
    return CHECKS[column.kind](column)


def composed(values: Sequence[str]) -> Sequence[str]:
    """Return texts in Unicode's composed form (NFC), so that č is one letter however the ERP wrote it."""
    text = "".join(values)
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return values
    return [unicodedata.normalize("NFC", value) for value in values]
