"""What credit notes give back, noted on the documents they name, after all documents stand."""

from django.db import connection

from mojplin.domain.billing.models import Document

DOCUMENT = Document._meta.db_table
GIVEN_BACK = (
    f"SELECT corrects_number AS number, payer_id, SUM(amount_eur) AS eur FROM {DOCUMENT}"
    " WHERE corrects_number <> '' AND kind = 'credit_note' GROUP BY corrects_number, payer_id"
)


def note_credits() -> None:
    """Set on each document the sum of the same payer's credit notes that name it, where it differs."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {DOCUMENT} SET credited_eur = 0 WHERE credited_eur > 0 AND NOT EXISTS"
            f" (SELECT 1 FROM ({GIVEN_BACK}) c WHERE c.number = {DOCUMENT}.number"
            f" AND c.payer_id = {DOCUMENT}.payer_id)"
        )
        cursor.execute(
            f"UPDATE {DOCUMENT} SET credited_eur = c.eur FROM ({GIVEN_BACK}) c WHERE c.number = {DOCUMENT}.number"
            f" AND c.payer_id = {DOCUMENT}.payer_id AND {DOCUMENT}.credited_eur <> c.eur"
        )
