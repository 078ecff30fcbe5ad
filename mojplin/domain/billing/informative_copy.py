"""A document as PDF where the supplier's own has not come: the same figures, marked as an informative copy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mojplin.domain.billing.as_issued import Content, rate_in_words, vat_in_words
from mojplin.domain.billing.models import Document, DocumentLine
from mojplin.foundation import formats
from mojplin.foundation.pdf import pdf_of

TEMPLATE = Path(__file__).with_name("informative_copy.typ")
UNITS = {"m3": "m³"}


def informative_copy(
    document: Document,
    *,
    content: Content,
    counters: Sequence[Sequence[str]],
    supplier: Mapping[str, Any],
    language: formats.Language,
) -> bytes:
    """Return one document as PDF; the same document gives the same bytes.

    It asks for no payment: what is needed to pay stands on the page, where it is checked.

    :param counters: for each billed meter its number, the billing basis, the counter from and to, and the usage.
    :param supplier: name and address.
    """
    with override(language):
        return pdf_of(TEMPLATE, _words(document, content, counters, supplier, language))


def title_of(document: Document) -> str:
    """Return "Invoice 26-OGR-104417" in the active language."""
    return f"{document.get_kind_display()} {document.number}"


def _words(
    document: Document,
    content: Content,
    counters: Sequence[Sequence[str]],
    supplier: Mapping[str, Any],
    language: formats.Language,
) -> dict[str, Any]:
    payer, issued_on = document.payer, document.issued_on
    return {
        "language": language,
        "title": title_of(document),
        "issued": {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day},
        "supplier": {"name": supplier["name"], "address": supplier["address"]},
        "mark": _("Informative copy"),
        "notice": _(
            "This copy was made by the portal from the supplier's figures, exactly as they were issued. What counts is "
            "the document as you received it."
        ),
        "payer": [_("Payer"), payer.name, payer.street, f"{payer.post_code} {payer.town}"],
        "facts": _facts(document, language),
        "counters": [
            [_("Meter"), _("Billing basis"), _("From"), _("To"), _("Usage")],
            *(list(row) for row in counters),
        ]
        if counters
        else [],
        "lines": [
            [_("Item"), _("Quantity"), _("Price without VAT"), _("VAT"), _("Amount")],
            *(_line(line, language) for line in content.lines),
        ],
        "totals": [
            [_("Net amount"), formats.euros(document.net_eur, language)],
            *([label, formats.euros(tax, language)] for label, tax in vat_in_words(document, content, language)),
            [_("Total"), formats.euros(document.amount_eur, language)],
        ],
        "headings": {"counters": _("What is billed"), "lines": _("Items")},
    }


def _facts(document: Document, language: formats.Language) -> list[list[str]]:
    facts = [[_("Payer number"), document.payer.number]]
    if document.external_number:
        facts.append([_("External document"), document.external_number])
    facts.append([_("Issued"), formats.day(document.issued_on, language)])
    if document.due_on and document.kind != Document.Kind.CREDIT_NOTE:
        facts.append([_("Due date"), formats.day(document.due_on, language)])
    if document.period_from and document.period_to:
        facts.append([_("Period"), formats.day_range(document.period_from, document.period_to, language)])
    if document.corrects_number:
        facts.append([_("Corrects the document"), document.corrects_number])
    return facts


def _line(line: DocumentLine, language: formats.Language) -> list[str]:
    return [
        line.description,
        formats.quantity(line.quantity, UNITS.get(line.unit, line.unit), language),
        formats.unit_price(line.unit_price_eur, language),
        rate_in_words(line.vat_percent, language),
        formats.euros(line.net_eur, language),
    ]
