"""What bills came to by calendar month: euros with VAT, as issued, never recomputed."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet

from mojplin.domain.billing.models import Document, DocumentLine, DocumentQuerySet
from mojplin.foundation.months import shared_by_days

CENT = Decimal("0.01")
REMEMBERED_PLACES = 128


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


@lru_cache(maxsize=REMEMBERED_PLACES)
def cost_by_month(documents: tuple[IssuedDocument, ...]) -> Mapping[date, Decimal]:
    """Return the euros of each month (key: its first day), in order; the sum of all is that of the documents.

    A document counts on the days it bills, in equal parts; one that bills no days, on the day of issue. The caller
    changes nothing in it: it is remembered.
    """
    cents: dict[date, int] = {}
    for each in documents:
        first, last = each.period_from or each.issued_on, each.period_to or each.issued_on
        parts = shared_by_days(int(each.cost_eur / CENT), min(first, last), last)
        for month, part in parts.items():
            cents[month] = cents.get(month, 0) + part
    return {month: CENT * cents[month] for month in sorted(cents)}


def costs_by_quantity(public_ids: Collection[str], unit: str) -> dict[str, Decimal]:
    """Return what of each document goes by the quantity of gas, levies on it included: euros with VAT, in cents.

    :param public_ids: of documents that may be shown; asked in one statement.
    :param unit: the unit of the lines that count: m3 or l.
    """
    lines = DocumentLine.objects.filter(document__public_id__in=public_ids, unit=unit).order_by()
    costs: dict[str, Decimal] = {}
    for public_id, net_eur, vat_percent in lines.values_list("document__public_id", "net_eur", "vat_percent"):
        costs[public_id] = costs.get(public_id, Decimal(0)) + net_eur * (100 + vat_percent) / 100
    return {public_id: cost.quantize(CENT, ROUND_HALF_UP) for public_id, cost in costs.items()}
