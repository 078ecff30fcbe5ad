"""Which documents of the list are asked for: kind, state, year, place, and words to search by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Subquery
from django.http import Http404, QueryDict

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.linking.access import Place

STATES = ("unpaid", "overdue", "partly_paid", "collecting", "paid", "credited", "in_favour", "settled")
LONGEST_WORDS = 40
WITH_CENTS = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,10}),(\d{1,2})|(\d{1,3}(?:,\d{3})+|\d{1,10})\.(\d{1,2})", re.ASCII)
WHOLE = re.compile(r"\d{1,10}|\d{1,3}(?:[.,]\d{3})+", re.ASCII)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Asked:
    """What of the list was asked for; what is empty was not."""

    kind: str = ""
    state: str = ""
    year: int | None = None
    place: Place | None = None
    words: str = ""
    older_than: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The address of this choice, without the page of the list."""
        parts = {
            "kind": self.kind,
            "state": self.state,
            "year": str(self.year or ""),
            "place": self.place.public_id if self.place else "",
            "q": self.words,
        }
        return {name: value for name, value in parts.items() if value}


NOTHING = Asked()


def asked_for(address: QueryDict, places: Sequence[Place]) -> Asked:
    """Read the choice of the address; what cannot be understood is left out, a place that is not one's own is a 404."""
    if not address:
        return NOTHING
    kind, state, year = (address.get(name, "") for name in ("kind", "state", "year"))
    return Asked(
        kind=kind if kind in Document.Kind.values else "",
        state=state if state in STATES else "",
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() and year > "1899" else None,
        place=_own(places, address.get("place", "")),
        words=" ".join(address.get("q", "").split())[:LONGEST_WORDS].strip(),
        older_than=address.get("older", "")[:22],
    )


def _own(places: Sequence[Place], public_id: str) -> Place | None:
    if not public_id:
        return None
    for place in places:
        if place.public_id == public_id:
            return place
    raise Http404


def chosen(mine: DocumentQuerySet, asked: Asked, today: date) -> DocumentQuerySet:
    """Return the documents of the choice, newest first, from where the page of the list begins."""
    found = mine.standing(asked.state, today)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.year:
        found = found.filter(issued_on__gte=date(asked.year, 1, 1), issued_on__lte=date(asked.year, 12, 31))
    if asked.place:
        found = found.filter(supply_point_id=asked.place.supply_point_id, payer_id=asked.place.payer_id)
    if asked.words:
        found = found.filter(_named(asked.words))
    if asked.older_than:
        last = mine.filter(public_id=asked.older_than).order_by()
        issued_on, pk = Subquery(last.values("issued_on")), Subquery(last.values("pk"))
        found = found.filter(issued_on__lte=issued_on).filter(Q(issued_on__lt=issued_on) | Q(pk__lt=pk))
    return found.newest_first()


def _named(words: str) -> Q:
    """Return what finds a document by a part of its number, or by its amount or what of it is open."""
    found = Q(number__icontains=words)
    amounts = amounts_typed(words)
    if amounts:
        found |= Q(amount_eur__range=amounts) | Q(open_eur__gt=0, open_eur__range=amounts)
    return found


def amounts_typed(words: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest amount meant: 136,84 is one, 136 everything from 136,00 to 136,99."""
    typed = re.sub(r"(?i)€|eur|[\s+\-\u2212]", "", words)
    if exact := WITH_CENTS.fullmatch(typed):
        euros, cents = (exact[1], exact[2]) if exact[1] else (exact[3], exact[4])
        amount = Decimal(f"{re.sub('[.,]', '', euros)}.{cents}")
        return amount, amount
    if WHOLE.fullmatch(typed):
        euro = Decimal(re.sub("[.,]", "", typed))
        return euro, euro + 1 - CENT
    return None
