"""Open documents that can have no payment slip: the office is warned of each, because a wrong slip is never shown."""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_slip import Fault, Slip, party, slip_of
from mojplin.interfaces.erp.contract import DOCUMENTS
from mojplin.interfaces.erp.feed.findings import Findings

REASONS: dict[Fault, tuple[str, str, str]] = {
    "iban": ("payee_iban", "payee_iban", _("No payment slip is shown: the IBAN is missing or wrong.")),
    "other_iban": (
        "payee_iban",
        "payee_iban",
        _("No payment slip is shown: the IBAN is none of the accounts in the supplier's file."),
    ),
    "reference": ("reference", "reference", _("No payment slip is shown: the payment reference is missing or wrong.")),
    "amount": ("amount_eur", "open_eur", _("No payment slip is shown: the amount cannot stand on one.")),
    "payer": (
        "payer_number",
        "number",
        _("No payment slip is shown: the payer's name or address has nothing a slip can hold."),
    ),
    "purpose": ("purpose_code", "purpose_code", _("No payment slip is shown: the purpose or its code is wrong.")),
}
"""By fault: the column of the file, the field whose value is told, and why."""


def warn_of_missing_slips(findings: Findings) -> None:
    """Warn of every open document that its payer cannot pay by a slip, at its line of documents.csv."""
    payee = party(**settings.PAYEE)
    lines = _lines()
    still_open = Document.objects.filter(open_eur__gt=0).exclude(kind=Document.Kind.CREDIT_NOTE)
    for document in still_open.select_related("payer").order_by("pk").iterator():
        fault = slip_of(document, payee=payee, ibans=settings.PAYEE_IBANS)
        if not isinstance(fault, Slip) and document.number in lines:
            column, field, reason = REASONS[fault]
            findings.warn(DOCUMENTS.name, lines[document.number], column, str(getattr(document, field)), reason)


def _lines() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.document_number, s.line FROM feed_documents s JOIN {Document._meta.db_table} d"
            " ON d.number = s.document_number WHERE d.open_eur > 0"
        )
        return dict(cursor.fetchall())
