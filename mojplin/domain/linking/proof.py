"""What three typed numbers prove: whose they are together, or how near they came."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.foundation.protected import lookup_hash

PAYER_NUMBERS_PRINTED_FROM = date(2023, 6, 1)
"""Invoices issued before carry no payer number."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What was typed, in the ERP's writing."""

    tax: str
    payer: str
    document: str

    @property
    def tax_hash(self) -> str:
        return lookup_hash(self.tax)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`payer` and `document` are set when all three numbers belong together; otherwise what came near.

    near_payer_ids: payers of whom two numbers were right; single: hashes of numbers that alone are somebody's.
    """

    payer: Payer | None = None
    document: Document | None = None
    near_payer_ids: set[int] = field(default_factory=set)
    single: tuple[str, ...] = ()
    is_recipient_number: bool = False
    is_old_document: bool = False


def examine(numbers: Numbers) -> Finding:
    """Look the three numbers up: always the same questions, whatever the answers."""
    by_number = Payer.objects.filter(number=numbers.payer).first()
    tax_is_known = Payer.objects.filter(tax_number_hash=numbers.tax_hash).exists()
    documents = list(
        Document.objects.select_related("payer", "supply_point")
        .filter(Q(external_number=numbers.document) | Q(external_number="", number=numbers.document))
        .order_by("-issued_on", "-pk")[:20]
    )
    same_tax = [each for each in documents if each.payer.tax_number_hash == numbers.tax_hash]
    same_payer = [each for each in documents if by_number and each.payer_id == by_number.pk and each.external_number]
    tax_and_number = by_number is not None and by_number.tax_number_hash == numbers.tax_hash
    if tax_and_number and same_payer:
        return Finding(payer=by_number, document=same_payer[0])
    old = any(each.issued_on < PAYER_NUMBERS_PRINTED_FROM for each in same_tax)
    recipient = not old and any(_has_recipient(each, numbers.payer) for each in same_tax)
    near = {each.payer_id for each in same_payer} | (set() if recipient else {each.payer_id for each in same_tax})
    if by_number is not None and tax_and_number:
        near.add(by_number.pk)
    single = tuple(
        lookup_hash(number)
        for number, known in ((numbers.tax, tax_is_known), (numbers.payer, by_number is not None))
        if known and not near
    )
    return Finding(near_payer_ids=near, single=single, is_recipient_number=recipient, is_old_document=old)


def points_paid_by(payer: Payer, document: Document, today: date) -> list[SupplyPoint]:
    """Return the supply points the document opens: its own, or all of its payer; those the payer pays for today."""
    current = PayerPeriod.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), payer=payer)
    points = SupplyPoint.objects.filter(pk__in=current.values("supply_point")).order_by("number")
    return list(points.filter(pk=document.supply_point_id) if document.supply_point_id else points)


def _has_recipient(document: Document, number: str) -> bool:
    if document.supply_point is not None:
        return document.supply_point.recipient_number == number
    of_payer = SupplyPoint.objects.filter(payer_periods__payer_id=document.payer_id, recipient_number=number)
    return of_payer.exists()
