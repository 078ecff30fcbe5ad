"""Payments that were received, and what each closed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mojplin.domain.billing.models import Payment, Settlement

MOST_OF_A_YEAR = 1_000
"""Of all payers together; nobody reads more, and a page must have an end."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What a payment closed of one document, in euros."""

    kind: str
    number: str
    public_id: str
    payer_id: int
    supply_point_id: int | None
    document_eur: Decimal
    closed_eur: Decimal

    @property
    def is_whole(self) -> bool:
        return self.closed_eur == self.document_eur


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment with what it closed; the rest is in the payer's favour until it is set against something."""

    number: str
    payer_id: int
    received_on: date
    amount_eur: Decimal
    closed: list[Closed] = field(default_factory=list)

    @property
    def left_eur(self) -> Decimal:
        return self.amount_eur - sum((each.closed_eur for each in self.closed), Decimal(0))


def receipts_of(payer_ids: Collection[int], *, year: int) -> list[Receipt]:
    """Return the payments of a year, newest first, in two statements."""
    within = {"received_on__gte": date(year, 1, 1), "received_on__lte": date(year, 12, 31)}
    payments = Payment.objects.filter(payer_id__in=payer_ids, **within).order_by("-received_on", "-pk")
    rows = payments.values_list("pk", "number", "payer_id", "received_on", "amount_eur")[:MOST_OF_A_YEAR]
    receipts = {row[0]: Receipt(*row[1:]) for row in rows}
    settlements = Settlement.objects.filter(
        payment__payer_id__in=payer_ids, amount_eur__gt=0, **{f"payment__{name}": day for name, day in within.items()}
    )
    closed = settlements.order_by("document__issued_on", "document_id").values_list(
        "payment_id", "document__kind", "document__number", "document__public_id", "document__payer_id",
        "document__supply_point_id", "document__amount_eur", "amount_eur",
    )  # fmt: skip
    for row in closed:
        if row[0] in receipts:
            receipts[row[0]].closed.append(Closed(*row[1:]))
    return list(receipts.values())
