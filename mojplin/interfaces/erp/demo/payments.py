"""What is still open on the day of the export, from how each customer pays; and payments nothing is set against."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mojplin.interfaces.erp.demo.bills import is_issued_anew
from mojplin.interfaces.erp.demo.cast import FIRM, HOUSEHOLD, UNLINKED
from mojplin.interfaces.erp.demo.products import cents
from mojplin.interfaces.erp.demo.records import Document, OpenItem, Payment, Settlement
from mojplin.interfaces.erp.demo.sites import Case, Site

STOPPED_DAYS = 100
"""Who stopped paying has paid nothing that was due in these last days."""
CREDIT_SET_OFF_DAYS = 14
CREDIT_KEPT_DAYS = 150
"""Some leave a credit note open for months."""
UNPAID_IN_FIRM = ("Apartma 104", "Recepcija", "Apartma 212")
BY_DIRECT_DEBIT = (*UNLINKED.points, next(each for each in FIRM.points if each.name == "Recepcija"))
LATE_SHARE = 0.05
CAST_PAYS_DAYS_BEFORE = 2
RECEIPT_DAYS = 730


def settle(site: Site, documents: Sequence[Document], *, until: date) -> None:
    """Set what is open of each of a place's documents on a day."""
    for document in documents:
        document.paid_on = _paid_on(site, document, until)
        document.open_eur = Decimal(0) if document.paid_on else document.amount_eur
    for note in documents:
        if note.corrects and note.kind == "credit_note" and note.amount_eur == note.corrects.amount_eur:
            note.corrects.open_eur = Decimal(0)
    newest = max((each for each in documents if each.kind == "invoice"), key=lambda each: each.issued_on, default=None)
    if site.cast and newest:
        is_unpaid = site.cast in HOUSEHOLD.points or site.cast.name in UNPAID_IN_FIRM
        newest.open_eur = newest.amount_eur if is_unpaid or site.cast not in FIRM.points else Decimal(0)
    if site.cast in BY_DIRECT_DEBIT and newest:
        newest.collected_on = newest.due_on
    if Case.PARTLY_PAID in site.cases and newest:
        newest.open_eur = cents(newest.amount_eur * Decimal("0.4"))


def _paid_on(site: Site, document: Document, until: date) -> date | None:
    """Return the day on which a document was paid, or set against others; None while it is open."""
    random = Random(f"{site.key} pays {document.series} {document.issued_on}")
    delay = random.randint(5, 45) if random.random() < LATE_SHARE else random.randint(-10, 2)
    due = document.due_on or document.issued_on
    if is_issued_anew(site, document):
        return None
    if site.cast:
        return min(due - timedelta(days=CAST_PAYS_DAYS_BEFORE), until)
    if document.kind == "credit_note":
        is_kept = Case.CREDIT_NOTE in site.cases and (until - document.issued_on).days < CREDIT_KEPT_DAYS
        set_off_on = document.issued_on + timedelta(days=CREDIT_SET_OFF_DAYS)
        return None if is_kept or set_off_on > until else set_off_on
    if Case.OVERDUE in site.cases and due > until - timedelta(days=STOPPED_DAYS):
        return None
    return due + timedelta(days=delay) if due + timedelta(days=delay) <= until else None


def receipts(documents: Iterable[Document], *, until: date) -> tuple[list[Payment], list[Settlement]]:
    """Return the payments of the last two years, one for what a payer paid on a day, and what each closed."""
    paid: dict[tuple[date, str], list[Document]] = {}
    for document in documents:
        is_money = document.kind != "credit_note" and document.amount_eur > document.open_eur
        if is_money and document.paid_on and document.paid_on > until - timedelta(days=RECEIPT_DAYS):
            paid.setdefault((document.paid_on, document.payer_number), []).append(document)
    payments, settlements = [], []
    for (received_on, payer_number), closed in sorted(paid.items(), key=lambda each: each[0]):
        number = f"PL-{received_on:%y%m%d}-{payer_number}"
        amounts = [each.amount_eur - each.open_eur for each in closed]
        payments.append(
            Payment(
                payment_number=number,
                payer_number=payer_number,
                received_on=received_on,
                amount_eur=sum(amounts, Decimal(0)),
            )
        )
        settlements += [
            Settlement(payment_number=number, document_number=each.document_number, amount_eur=amount)
            for each, amount in zip(closed, amounts, strict=True)
        ]
    return payments, settlements


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
