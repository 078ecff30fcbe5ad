"""VAT by rate that does not add up to the document's: shown as it was issued, and the office is warned of it."""

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.interfaces.erp.contract import DOCUMENTS
from mojplin.interfaces.erp.feed.findings import Findings

IN_ALL = "SELECT document_number, SUM(base_eur) AS base_eur, SUM(vat_eur) AS vat_eur FROM feed_document_vat GROUP BY 1"


def warn_of_vat_that_differs(findings: Findings) -> None:
    """Warn of each staged document whose VAT rows come to another base or another tax."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line, v.vat_eur FROM feed_documents s JOIN ({IN_ALL}) v ON v.document_number = s.document_number"
            " WHERE ABS(v.base_eur - s.net_eur) > 0.005 OR ABS(v.vat_eur - s.vat_eur) > 0.005"
        )
        for line, vat in cursor.fetchall():
            reason = _("The VAT by rate does not add up to the document's.")
            findings.warn(DOCUMENTS.name, line, "vat_eur", str(vat), reason)
