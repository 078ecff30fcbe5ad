"""What a payer reads about documents: the state of each, and what is open in all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet, Value

from mojplin.domain.billing.models import Document, DocumentQuerySet, State, UnallocatedPayment, is_collecting

ZERO = Decimal(0)
NEWEST, OPEN = "newest", "open"


def state_of(
    kind: str,
    amount_eur: Decimal,
    open_eur: Decimal,
    credited_eur: Decimal,
    due_on: date | None,
    today: date,
    collecting_on: date | None = None,
) -> State:
    """Return how a document stands; `DocumentQuerySet.standing` asks the same of the database."""
    if kind == Document.Kind.CREDIT_NOTE:
        return "in_favour" if open_eur else "settled"
    if not open_eur:
        return "credited" if credited_eur and credited_eur >= amount_eur else "paid"
    if is_collecting(collecting_on, today):
        return "collecting"
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
    amount_eur: Decimal
    open_eur: Decimal
    collecting_on: date | None

    def is_overdue(self, today: date) -> bool:
        late = not self.is_in_favour and self.due_on is not None and self.due_on < today
        return late and not self.is_collecting(today)

    def is_collecting(self, today: date) -> bool:
        """Return whether direct debit pays it."""
        return is_collecting(self.collecting_on, today)

    @property
    def is_in_favour(self) -> bool:
        return self.kind in (Document.Kind.CREDIT_NOTE, "payment")

    @property
    def owed_eur(self) -> Decimal:
        return -self.open_eur if self.is_in_favour else self.open_eur


class NewDocument(NamedTuple):
    """A document as a list of documents needs it."""

    pk: int
    public_id: str
    kind: str
    number: str
    supply_point_id: int | None
    period_from: date | None
    issued_on: date
    due_on: date | None
    amount_eur: Decimal
    open_eur: Decimal
    credited_eur: Decimal
    collecting_on: date | None


COLUMNS = ("part", *NewDocument._fields)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open: `owed_eur` in euros, below zero when the supplier owes; `unpaid` nearest due date first."""

    owed_eur: Decimal
    unpaid: list[OpenItem]

    @property
    def nearest_due_on(self) -> date | None:
        return self.unpaid[0].due_on if self.unpaid else None


@dataclass(frozen=True, slots=True)
class Statement:
    """The newest documents of a payer, newest first, and what is open in all."""

    newest: list[NewDocument]
    balance: Balance


def newest_and_open(documents: DocumentQuerySet, payer_ids: list[int], count: int) -> QuerySet[Document, Any]:
    """Return rows for `statement_of`, in one statement: the newest of these documents, the open ones, and payments of
    these payers."""
    if connection.features.supports_slicing_ordering_in_compound:
        newest = documents.newest_first()[:count]
    else:  # SQLite cuts only a whole statement
        newest = documents.filter(pk__in=documents.newest_first().values("pk")[:count]).order_by()
    parts = _open_parts(documents, payer_ids)
    return newest.with_collection().annotate(part=Value(NEWEST)).values_list(*COLUMNS).union(*parts, all=True)


def open_rows(documents: DocumentQuerySet, payer_ids: list[int]) -> QuerySet[Document, Any]:
    """Return rows like those of `newest_and_open`, of what is open alone."""
    still_open, payments = _open_parts(documents, payer_ids)
    return still_open.union(payments, all=True)


def _open_parts(documents: DocumentQuerySet, payer_ids: list[int]) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    still_open = documents.filter(open_eur__gt=0).order_by().with_collection()
    payments = UnallocatedPayment.objects.filter(payer_id__in=payer_ids, open_eur__gt=0)
    return still_open.annotate(part=Value(OPEN)).values_list(*COLUMNS), _like_documents(payments)


def _like_documents(payments: QuerySet[UnallocatedPayment]) -> QuerySet[UnallocatedPayment, Any]:
    """Return the columns of documents, most of them empty, of payments that are not yet set against one."""
    number, day = Document._meta.get_field("id"), Document._meta.get_field("due_on")
    return payments.annotate(
        part=Value(OPEN), kind=Value("payment"), public_id=Value(""), amount_eur=F("open_eur"),
        point=Value(None, number), from_on=Value(None, day), made_on=Value(None, day), last_on=Value(None, day),
        credited=Value(ZERO, Document._meta.get_field("credited_eur")), taken_on=Value(None, day),
    ).values_list(
        "part", "pk", "public_id", "kind", "number", "point", "from_on", "made_on", "last_on", "amount_eur", "open_eur",
        "credited", "taken_on",
    )  # fmt: skip


def item_of(row: NewDocument) -> OpenItem:
    return OpenItem(
        row.kind, row.number, row.public_id, row.supply_point_id, row.period_from, row.due_on, row.amount_eur,
        row.open_eur, row.collecting_on,
    )  # fmt: skip


def statement_of(rows: Iterable[Sequence[Any]]) -> Statement:
    """Return the statement of the rows of `newest_and_open`."""
    newest, items = [], []
    for part, *columns in rows:
        each = NewDocument(*columns)
        if part == NEWEST:
            newest.append(each)
        else:
            items.append(item_of(each))
    newest.sort(key=lambda each: (each.issued_on, each.pk), reverse=True)
    unpaid = [item for item in items if not item.is_in_favour]
    unpaid.sort(key=lambda item: (item.due_on or date.max, item.number))
    return Statement(newest, Balance(owed_eur=sum((item.owed_eur for item in items), ZERO), unpaid=unpaid))
