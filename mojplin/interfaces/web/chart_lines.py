"""What a chart repeats, bar by bar and month by month, as `repeated` of the templates writes it.

Positions are ready for an SVG: in percent, with a decimal point, and never written by the localized filters.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from mojplin.foundation import formats

Basis = Literal["measured", "split", "split_long", "estimated", "partial", "flat_rate"]
"""How a month is known: each has a pattern of its own, `measured` none."""
BASES: tuple[Basis, ...] = get_args(Basis)
WHOLE: tuple[Basis, ...] = ("measured", "split", "split_long", "flat_rate")
"""Months on these bases are known from end to end and may be compared."""


@dataclass(frozen=True)
class MonthUse:
    """What was used in a month and in the same month a year before, in one unit; None where it is not known.

    `range` is from where to where an estimated month may lie.
    """

    month: date
    used: Decimal | None
    before: Decimal | None
    basis: Basis = "measured"
    before_basis: Basis = "measured"
    range: tuple[Decimal, Decimal] | None = None

    @property
    def is_comparable(self) -> bool:
        known = self.used is not None and self.before is not None
        return known and self.basis in WHOLE and self.before_basis in WHOLE


class Bar(NamedTuple):
    """A bar, as `components/_chart_bar.html` draws it."""

    chart_id: str
    kind: Literal["alone", "before", "valued"]
    """The only one of its month; that of the year before; the one beside it, with its value written above."""
    basis: Basis
    value: Decimal
    places: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    label_y: str
    """Where its value is written: above it, and above the range of an estimate."""

    @property
    def look(self) -> str:
        return f"{self.basis} {self.kind}"

    def texts(self, language: formats.Language) -> dict[str, str]:
        written = formats.number(self.value, language, self.places) if self.kind == "valued" else ""
        return self._asdict() | {"written": written}


class Tick(NamedTuple):
    """A straight line: where the month stood a year before, or from where to where an estimated month may lie."""

    x1: str
    x2: str
    y1: str
    y2: str
    look = ""

    def texts(self, _language: formats.Language) -> dict[str, str]:
        return self._asdict()


class MonthRow(NamedTuple):
    """A month in the table below a chart, as `components/_chart_month.html` draws it."""

    of: MonthUse
    places: int
    with_year: bool
    is_explained: bool
    """Whether the table says how each month is known."""
    heading_before: str
    """What the year before is called there, as HTML."""

    @property
    def look(self) -> str:
        of = self.of
        words = ["unknown" if of.used is None else of.basis, "unknown" if of.before is None else of.before_basis]
        words += ["compared"] * of.is_comparable + ["explained"] * self.is_explained + ["ranged"] * bool(of.range)
        return " ".join(words)

    def texts(self, language: formats.Language) -> dict[str, str]:
        of, places = self.of, self.places
        low, high = of.range or (None, None)
        difference = of.used - of.before if of.used is not None and of.before is not None else None
        return {
            "month": formats.month_name(of.month, language, year=self.with_year),
            "used": "" if of.used is None else formats.number(of.used, language, places),
            "before": "" if of.before is None else formats.number(of.before, language, places),
            "difference": "" if difference is None else formats.signed(difference, language, places),
            "low": "" if low is None else formats.number(low, language, places),
            "high": "" if high is None else formats.number(high, language, places),
            "heading_before": self.heading_before,
        }


class StripDay(NamedTuple):
    """A day of the strip, as `components/_strip_day.html` draws it; `look` is "closed", "open" or "open past"."""

    look: str
    x: str
    width: str

    def texts(self, _language: formats.Language) -> dict[str, str]:
        return {"x": self.x, "width": self.width}
