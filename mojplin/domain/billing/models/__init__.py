"""Documents and payments as the ERP has them, and what customers arrange about paying."""

from mojplin.domain.billing.models.archives import DocumentArchive
from mojplin.domain.billing.models.collection import SEEN_WITHIN, is_collecting, mandate_is_revoked
from mojplin.domain.billing.models.documents import (
    OWED_EUR,
    Document,
    DocumentLine,
    DocumentQuerySet,
    DocumentVat,
    State,
)
from mojplin.domain.billing.models.payments import Payment, Settlement, UnallocatedPayment, last_payment_on
from mojplin.domain.billing.models.requests import PayerRequest, RequestAnswer

__all__ = [
    "OWED_EUR",
    "SEEN_WITHIN",
    "Document",
    "DocumentArchive",
    "DocumentLine",
    "DocumentQuerySet",
    "DocumentVat",
    "PayerRequest",
    "Payment",
    "RequestAnswer",
    "Settlement",
    "State",
    "UnallocatedPayment",
    "is_collecting",
    "last_payment_on",
    "mandate_is_revoked",
]
