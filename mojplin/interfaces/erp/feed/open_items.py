"""What is open: set on the documents and on payments not yet set against one, after all documents stand."""

import csv
from collections import Counter
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.billing.models import Document, UnallocatedPayment
from mojplin.domain.supply.models import Payer
from mojplin.interfaces.erp.contract import DOCUMENTS, OPEN_ITEMS
from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.staging import remove, staging_name
from mojplin.interfaces.erp.feed.swap import Counts

ITEMS = staging_name(OPEN_ITEMS)
NEW_DOCUMENTS = f"{staging_name(DOCUMENTS)}_change"
DOCUMENT, PAYER, PAYMENT = (model._meta.db_table for model in (Document, Payer, UnallocatedPayment))
SUMS = "SELECT document_number, SUM(open_eur) AS open_eur FROM feed_open_items WHERE kind = 'document' GROUP BY 1"
UNSURE = "SELECT document_number FROM feed_open_unsure"


def settle(folder: Path, encoding: str, findings: Findings, counts: Counts) -> None:
    """Set open amounts to what the items say: a document without an item is paid, a payment without one is used up.

    A document whose item was set aside stays as it was known (in full, when it is new): nobody is told that
    something is paid while the ERP says otherwise.
    """
    _set_aside_wrong(findings)
    _note_unsure(folder, encoding, findings)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO feed_open_by_document {SUMS}")
        for statement in _statements():
            cursor.execute(statement)
            counts.changed += max(cursor.rowcount, 0)
        cursor.execute(f"SELECT COUNT(*) FROM {ITEMS}")
        counts.unchanged = max(cursor.fetchone()[0] - counts.changed, 0)
    counts.set_aside = findings.set_aside[OPEN_ITEMS.name]


def _statements() -> list[str]:
    by_document = "SELECT document_number FROM feed_open_by_document"
    return [
        f"UPDATE {DOCUMENT} SET open_eur = amount_eur WHERE number IN ({UNSURE})"
        f" AND number IN (SELECT number FROM {NEW_DOCUMENTS} WHERE id IS NULL)",
        f"UPDATE {DOCUMENT} SET open_eur = 0 WHERE open_eur > 0"
        f" AND number NOT IN ({by_document}) AND number NOT IN ({UNSURE})",
        f"UPDATE {DOCUMENT} SET open_eur = o.open_eur FROM feed_open_by_document o"
        f" WHERE o.document_number = number AND {DOCUMENT}.open_eur <> o.open_eur AND number NOT IN ({UNSURE})",
        f"UPDATE {PAYMENT} SET open_eur = 0 WHERE open_eur > 0"
        f" AND number NOT IN (SELECT item_number FROM {ITEMS} WHERE kind = 'payment')",
        f"UPDATE {PAYMENT} SET open_eur = s.open_eur, payer_id = p.id FROM {ITEMS} s"
        f" JOIN {PAYER} p ON p.number = s.payer_number WHERE s.kind = 'payment' AND s.item_number = {PAYMENT}.number"
        f" AND ({PAYMENT}.open_eur <> s.open_eur OR {PAYMENT}.payer_id <> p.id)",
        f"INSERT INTO {PAYMENT} (number, payer_id, open_eur) SELECT s.item_number, p.id, s.open_eur"
        f" FROM {ITEMS} s JOIN {PAYER} p ON p.number = s.payer_number"
        f" WHERE s.kind = 'payment' AND s.item_number NOT IN (SELECT number FROM {PAYMENT})",
    ]


def _set_aside_wrong(findings: Findings) -> None:
    to_document = f"FROM {ITEMS} s LEFT JOIN {DOCUMENT} d ON d.number = s.document_number"
    with_payer = f"{to_document} LEFT JOIN {PAYER} p ON p.id = d.payer_id WHERE s.kind = 'document'"
    wrong = [
        ("payer_number", f"FROM {ITEMS} s LEFT JOIN {PAYER} p ON p.number = s.payer_number WHERE p.id IS NULL",
         _("There is no such row in payers.csv.")),
        ("document_number", f"{to_document} WHERE s.kind = 'document' AND d.id IS NULL",
         _("There is no such row in documents.csv.")),
        ("payer_number", f"{with_payer} AND p.number <> s.payer_number", _("The document is another payer's.")),
        ("open_eur", f"{to_document} JOIN ({SUMS}) o ON o.document_number = s.document_number"
         " WHERE o.open_eur > d.amount_eur", _("More is open than the document's amount.")),
    ]  # fmt: skip
    for column, found, reason in wrong:
        remove(OPEN_ITEMS, f"SELECT s.line, s.{column} {found}", column, reason, findings)


def _note_unsure(folder: Path, encoding: str, findings: Findings) -> None:
    """Note the documents of which not all items could be taken in."""
    if not findings.set_aside[OPEN_ITEMS.name]:
        return
    with (folder / OPEN_ITEMS.name).open(encoding=encoding, newline="") as text:
        named = Counter(row.get("document_number") or "" for row in csv.DictReader(text))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT document_number FROM {ITEMS} WHERE document_number <> ''")
        named.subtract(Counter(number for (number,) in cursor.fetchall()))
        unsure = [(number.replace("\x00", ""),) for number, left in named.items() if left and number]
        cursor.executemany("INSERT INTO feed_open_unsure VALUES (%s)", unsure)
