"""What is open, place by place: every open document and payment once, so that the sums are those of the items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mojplin.domain.billing.statement import ZERO, NewDocument, OpenItem, item_of


@dataclass(frozen=True, slots=True)
class Sums:
    """What a number of open items come to, in euros; none is below zero but what is owed."""

    to_pay_eur: Decimal
    credit_notes_eur: Decimal
    overpaid_eur: Decimal
    overdue_eur: Decimal
    """Of what is to pay."""

    @property
    def in_favour_eur(self) -> Decimal:
        return self.credit_notes_eur + self.overpaid_eur

    @property
    def owed_eur(self) -> Decimal:
        """Below zero when the supplier owes."""
        return self.to_pay_eur - self.in_favour_eur


@dataclass(frozen=True, slots=True)
class PlaceBalance:
    """The open items of one supply point (None: of no point in particular), nearest due date first, and their sums."""

    supply_point_id: int | None
    items: list[OpenItem]
    sums: Sums


@dataclass(frozen=True, slots=True)
class OpenBalance:
    places: list[PlaceBalance]
    sums: Sums


def balance_of(rows: Iterable[Sequence[Any]], *, today: date) -> OpenBalance:
    """Return the balance of the rows of `statement.open_rows`."""
    items = [item_of(NewDocument(*columns)) for _part, *columns in rows]
    items.sort(key=lambda item: (item.is_in_favour, item.due_on or date.max, item.number))
    by_point: dict[int | None, list[OpenItem]] = {}
    for item in items:
        by_point.setdefault(item.supply_point_id, []).append(item)
    places = [PlaceBalance(point, own, sums_of(own, today=today)) for point, own in by_point.items()]
    return OpenBalance(places, sums_of(items, today=today))


def sums_of(items: Iterable[OpenItem], *, today: date) -> Sums:
    to_pay = credit_notes = overpaid = overdue = ZERO
    for item in items:
        if item.kind == "payment":
            overpaid += item.open_eur
        elif item.is_in_favour:
            credit_notes += item.open_eur
        else:
            to_pay += item.open_eur
            overdue += item.open_eur if item.is_overdue(today) else ZERO
    return Sums(to_pay, credit_notes, overpaid, overdue)
