"""What a payer reads about documents: the state of each, and what is open in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.db.models import F, QuerySet, Value

from mojplin.domain.billing.models import Document, DocumentQuerySet, UnallocatedPayment

State = Literal["paid", "unpaid", "partly_paid", "overdue", "settled", "in_favour"]
ZERO = Decimal(0)


def state_of(kind: str, amount_eur: Decimal, open_eur: Decimal, due_on: date | None, today: date) -> State:
    """Return how a document stands: `settled` and `in_favour` are credit notes, the others what must be paid."""
    if kind == Document.Kind.CREDIT_NOTE:
        return "in_favour" if open_eur else "settled"
    if not open_eur:
        return "paid"
    if due_on is not None and due_on < today:
        return "overdue"
    return "partly_paid" if open_eur < amount_eur else "unpaid"


class OpenItem(NamedTuple):
    """A document or a payment with something open; `kind` is "payment" for one not yet set against a document."""

    kind: str
    number: str
    public_id: str
    supply_point_id: int | None
    period_from: date | None
    due_on: date | None
    open_eur: Decimal

    @property
    def is_in_favour(self) -> bool:
        return self.kind in (Document.Kind.CREDIT_NOTE, "payment")

    @property
    def owed_eur(self) -> Decimal:
        return -self.open_eur if self.is_in_favour else self.open_eur


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open: `owed_eur` in euros, below zero when the supplier owes; `unpaid` nearest due date first."""

    owed_eur: Decimal
    unpaid: list[OpenItem]

    @property
    def nearest_due_on(self) -> date | None:
        return self.unpaid[0].due_on if self.unpaid else None


def open_items(documents: DocumentQuerySet, payer_ids: list[int]) -> QuerySet[Document, tuple[object, ...]]:
    """Return rows for `balance_of`, in one statement: the open ones of these documents, payments of these payers."""
    of_documents = documents.filter(open_eur__gt=0).order_by()
    of_payments = UnallocatedPayment.objects.filter(payer_id__in=payer_ids, open_eur__gt=0)
    return of_documents.values_list(
        "kind", "number", "public_id", "supply_point_id", "period_from", "due_on", "open_eur"
    ).union(
        of_payments.annotate(
            kind=Value("payment"), public_id=Value(""), point=Value(None, Document._meta.get_field("id")),
            first_on=Value(None, Document._meta.get_field("due_on")), last_on=F("first_on"),
        ).values_list("kind", "number", "public_id", "point", "first_on", "last_on", "open_eur"),
        all=True,
    )  # fmt: skip


def balance_of(rows: Iterable[tuple[object, ...]]) -> Balance:
    """Return the balance of the rows of `open_items`."""
    items = [OpenItem(*row) for row in rows]  # type: ignore[arg-type]
    unpaid = [item for item in items if not item.is_in_favour]
    unpaid.sort(key=lambda item: (item.due_on or date.max, item.number))
    return Balance(owed_eur=sum((item.owed_eur for item in items), ZERO), unpaid=unpaid)
