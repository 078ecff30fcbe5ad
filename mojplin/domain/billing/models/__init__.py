"""Documents and payments as the ERP has them, and what customers arrange about paying."""

from mojplin.domain.billing.models.documents import OWED_EUR, Document, DocumentLine, DocumentQuerySet
from mojplin.domain.billing.models.payments import Payment, Settlement, UnallocatedPayment

__all__ = ["OWED_EUR", "Document", "DocumentLine", "DocumentQuerySet", "Payment", "Settlement", "UnallocatedPayment"]
