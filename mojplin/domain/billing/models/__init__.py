"""Documents and payments as the ERP has them, and what customers arrange about paying."""

from mojplin.domain.billing.models.archives import DocumentArchive
from mojplin.domain.billing.models.documents import OWED_EUR, Document, DocumentLine, DocumentQuerySet, State
from mojplin.domain.billing.models.payments import UnallocatedPayment

__all__ = ["OWED_EUR", "Document", "DocumentArchive", "DocumentLine", "DocumentQuerySet", "State", "UnallocatedPayment"]
