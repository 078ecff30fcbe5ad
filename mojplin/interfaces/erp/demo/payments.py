"""What is still open on the day of the export, from how each customer pays; and payments nothing is set against."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mojplin.interfaces.erp.demo.cast import FIRM, HOUSEHOLD
from mojplin.interfaces.erp.demo.products import cents
from mojplin.interfaces.erp.demo.records import Document, OpenItem
from mojplin.interfaces.erp.demo.sites import Case, Site

STOPPED_DAYS = 100
"""Who stopped paying has paid nothing that was due in these last days."""
CREDIT_SET_OFF_DAYS = 14
CREDIT_KEPT_DAYS = 150
"""Some leave a credit note open for months."""
UNPAID_IN_FIRM = ("Apartma 104", "Recepcija", "Apartma 212")
LATE_SHARE = 0.05


def settle(site: Site, documents: Sequence[Document], *, until: date) -> None:
    """Set what is open of each of a place's documents on a day."""
    for document in documents:
        document.open_eur = Decimal(0) if _is_paid(site, document, until) else document.amount_eur
    newest = max((each for each in documents if each.kind == "invoice"), key=lambda each: each.issued_on, default=None)
    if site.cast and newest:
        is_unpaid = site.cast in HOUSEHOLD.points or site.cast.name in UNPAID_IN_FIRM
        newest.open_eur = newest.amount_eur if is_unpaid or site.cast not in FIRM.points else Decimal(0)
    if Case.PARTLY_PAID in site.cases and newest:
        newest.open_eur = cents(newest.amount_eur * Decimal("0.4"))


def _is_paid(site: Site, document: Document, until: date) -> bool:
    random = Random(f"{site.key} pays {document.series} {document.issued_on}")
    delay = random.randint(5, 45) if random.random() < LATE_SHARE else random.randint(-10, 2)
    if site.cast:
        return True
    if document.kind == "credit_note":
        is_kept = Case.CREDIT_NOTE in site.cases and (until - document.issued_on).days < CREDIT_KEPT_DAYS
        return not is_kept and (until - document.issued_on).days >= CREDIT_SET_OFF_DAYS
    due = document.due_on or document.issued_on
    if Case.OVERDUE in site.cases and due > until - timedelta(days=STOPPED_DAYS):
        return False
    return due + timedelta(days=delay) <= until


def open_items(documents: Iterable[Document]) -> list[OpenItem]:
    """Return a row for every document with something open."""
    return [
        OpenItem(
            item_number=f"OI-{document.document_number}",
            payer_number=document.payer_number,
            kind="document",
            document_number=document.document_number,
            open_eur=document.open_eur,
        )
        for document in documents
        if document.open_eur
    ]


def overpayments(sites: Iterable[Site], *, until: date) -> list[OpenItem]:
    """Return the payments that nothing is set against yet, in their payers' favour."""
    rows = []
    for site in sites:
        if Case.OVERPAID in site.cases:
            payer = site.tenancies[-1].payer
            amount = Decimal(Random(f"{site.key} overpaid").randint(500, 9000)) / 100
            rows.append(
                OpenItem(
                    item_number=f"OP-{until.year}-{payer.payer_number}",
                    payer_number=payer.payer_number,
                    kind="payment",
                    document_number="",
                    open_eur=amount,
                )
            )
    return rows
