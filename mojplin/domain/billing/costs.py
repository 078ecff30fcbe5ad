"""What bills came to by calendar month: euros with VAT, as issued, never recomputed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.foundation.months import shared_by_days

CENT = Decimal("0.01")


class IssuedDocument(NamedTuple):
    number: str
    public_id: str
    kind: str
    supply_point_id: int | None
    issued_on: date
    period_from: date | None
    period_to: date | None
    amount_eur: Decimal

    @property
    def cost_eur(self) -> Decimal:
        """Return what it adds to the costs: below zero for a credit note."""
        return -self.amount_eur if self.kind == Document.Kind.CREDIT_NOTE else self.amount_eur


def all_issued(documents: DocumentQuerySet, _payer_ids: list[int]) -> QuerySet[Document, Any]:
    """Return the rows of `IssuedDocument`, oldest first: a question for `rows_of_documents_at`."""
    return documents.order_by("issued_on", "pk").values_list(*IssuedDocument._fields)


def cost_by_month(documents: Iterable[IssuedDocument]) -> dict[date, Decimal]:
    """Return the euros of each month (key: its first day), in order; the sum of all is that of the documents.

    A document counts on the days it bills, in equal parts; one that bills no days, on the day of issue.
    """
    cents: dict[date, int] = {}
    for each in documents:
        first, last = each.period_from or each.issued_on, each.period_to or each.issued_on
        parts = shared_by_days(int(each.cost_eur / CENT), min(first, last), last)
        for month, part in parts.items():
            cents[month] = cents.get(month, 0) + part
    return {month: CENT * cents[month] for month in sorted(cents)}
