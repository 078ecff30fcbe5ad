"""What three typed numbers prove: whose they are together, or how near they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.foundation.prepared import rows
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slovenia import folded

FRESH = timedelta(days=95)
"""A document up to this old counts as one from the last letter."""
IN_THE_POST = timedelta(days=14)
"""Until then the newest document may not have reached its payer."""
LOOKED_AT = 20


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What was typed, in the ERP's writing."""

    tax: str
    payer: str
    document: str

    @classmethod
    def typed(cls, *, tax: str, payer: str, document: str) -> "Numbers":
        return cls(tax=tax, payer=folded(payer), document=folded(document))

    @property
    def tax_hash(self) -> str:
        return lookup_hash(self.tax)


class FoundDocument(NamedTuple):
    id: int
    payer_id: int
    payer_tax_hash: str
    supply_point_id: int | None
    issued_on: date
    is_cancelled: bool

    def is_fresh(self, today: date) -> bool:
        return today - self.issued_on <= FRESH


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`payer_id` and `document` are set when all three numbers belong together; otherwise what came near.

    near_payer_ids: payers of whom two numbers were right; single_payer_ids: those with one right number.
    """

    payer_id: int | None = None
    contact: str = ""
    document: FoundDocument | None = None
    near_payer_ids: frozenset[int] = frozenset()
    single_payer_ids: frozenset[int] = frozenset()

    @property
    def concerned_ids(self) -> frozenset[int]:
        """Return every payer of whom a number was right."""
        return self.near_payer_ids | self.single_payer_ids | ({self.payer_id} if self.payer_id else set())


def examine(numbers: Numbers) -> Finding:
    """Look the three numbers up: always the same three questions, whatever the answers."""
    by_number = rows(_payer_of_number, (numbers.payer,))
    payer_id, tax_of_payer, contact = by_number[0] if by_number else (None, None, "")
    of_tax = {payer_of_tax for (payer_of_tax,) in rows(_payers_of_tax, (numbers.tax_hash,))}
    documents = [FoundDocument(*row) for row in rows(_documents, (numbers.document,))]
    of_payer = [each for each in documents if each.payer_id == payer_id]
    standing = [each for each in of_payer if not each.is_cancelled]
    if tax_of_payer == numbers.tax_hash and standing:
        return Finding(payer_id=payer_id, contact=contact, document=standing[0])
    near = {each.payer_id for each in of_payer} | {each.payer_id for each in documents if each.payer_id in of_tax}
    if payer_id in of_tax and payer_id is not None:
        near.add(payer_id)
    matched = of_tax | ({payer_id} if payer_id is not None else set())
    return Finding(near_payer_ids=frozenset(near), single_payer_ids=frozenset(matched - near))


def newest_numbers(payer_id: int, supply_point_id: int, today: date) -> frozenset[str]:
    """Return the external numbers of the payer's newest documents for a supply point, or for all of theirs.

    All of the newest day; and of the day before it while the newest may still be in the post. Empty: there is none.
    """
    at = Q(supply_point=supply_point_id) | Q(supply_point=None)
    documents = Document.objects.filter(at, ~Exists(_cancelling()), payer=payer_id).exclude(external_number="")
    newest = documents.order_by("-issued_on", "-pk").values_list("issued_on", "external_number")[:LOOKED_AT]
    days = sorted({issued_on for issued_on, _number in newest}, reverse=True)
    taken = days[: 2 if days and today - days[0] <= IN_THE_POST else 1]
    return frozenset(number for issued_on, number in newest if issued_on in taken)


def points_paid_by(payer_id: int, supply_point_id: int | None, today: date) -> list[SupplyPoint]:
    """Return the supply points a document opens: its own, or all of its payer; those the payer pays for today."""
    current = PayerPeriod.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), payer_id=payer_id, starts_on__lte=today
    )
    points = SupplyPoint.objects.filter(pk__in=current.values("supply_point")).order_by("number")
    return list(points.filter(pk=supply_point_id) if supply_point_id else points)


def _payer_of_number(typed: Sequence[str]) -> QuerySet[Any]:
    return Payer.objects.filter(number=typed[0]).values_list("id", "tax_number_hash", "email")


def _payers_of_tax(typed_hash: Sequence[str]) -> QuerySet[Any]:
    return Payer.objects.filter(tax_number_hash=typed_hash[0]).values_list("id")[:LOOKED_AT]


def _documents(typed: Sequence[str]) -> QuerySet[Any]:
    """The documents with that external number."""
    found = Document.objects.filter(external_number=typed[0]).exclude(external_number="")
    found = found.annotate(is_cancelled=Exists(_cancelling())).order_by("-issued_on", "-pk")
    columns = ("id", "payer_id", "payer__tax_number_hash", "supply_point_id", "issued_on", "is_cancelled")
    return found.values_list(*columns)[:LOOKED_AT]


def _cancelling() -> QuerySet[Document]:
    """Return the credit notes over the whole amount of the document they correct: they cancel it."""
    return Document.objects.filter(
        payer=OuterRef("payer"),
        kind=Document.Kind.CREDIT_NOTE,
        corrects_number=OuterRef("number"),
        amount_eur__gte=OuterRef("amount_eur"),
    )
