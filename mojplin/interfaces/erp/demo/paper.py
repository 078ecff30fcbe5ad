"""Documents of the demo supplier as tagged PDF, marked as samples."""

from decimal import Decimal
from pathlib import Path

from mojplin.foundation.formats import day, day_range, euros, number, quantity
from mojplin.foundation.pdf import pdf_of
from mojplin.interfaces.erp.demo import supplier
from mojplin.interfaces.erp.demo.records import BilledReading, Document, Line

TEMPLATE = Path(__file__).with_name("invoice.typ")
TITLES = {"invoice": "Račun", "credit_note": "Dobropis", "debit_note": "Bremepis"}
BASES = {
    "customer_reported": "sporočeno stanje",
    "technician": "odčitek serviserja",
    "remote": "daljinski odčitek",
    "flat_rate": "pavšalni obračun",
    "settlement": "poračun",
    "exchange": "menjava števca",
}
UNITS = {"m3": "m³", "kos": "kos", "l": "l", "mesec": "mesec"}
NOTICE = "Vzorčni dokument izmišljenega dobavitelja za predstavitev portala. Ne plačujte ga."


def pdf(document: Document) -> bytes:
    """Return the document as PDF; the same document gives the same bytes."""
    return pdf_of(TEMPLATE, _words(document))


def _words(document: Document) -> dict[str, object]:
    payer, point, issued_on = document.payer, document.point, document.issued_on
    return {
        "number": document.document_number,
        "title": f"{TITLES[document.kind]} {document.document_number}",
        "issued": {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day},
        "seller": {
            "name": supplier.NAME,
            "address": f"{supplier.STREET}, {supplier.POST_CODE} {supplier.TOWN}",
            "line": f"{supplier.NAME}, ID za DDV SI{supplier.TAX_NUMBER}",
        },
        "payer": {"name": payer.name, "street": payer.street, "town": f"{payer.post_code} {payer.town}"},
        "point": {
            "number": point.supply_point_number,
            "recipient": point.recipient_name,
            "street": point.street,
            "town": f"{point.post_code} {point.town}",
        },
        "facts": _facts(document),
        "meters": [_meter(row) for row in document.readings],
        "lines": [_line(line, has_rate=len(document.vat_rows()) > 1) for line in document.lines],
        "totals": [
            ["Osnova", euros(document.net_eur, "sl")],
            *_vat(document),
            [
                "V vaše dobro" if document.kind == "credit_note" else "Skupaj za plačilo",
                euros(document.amount_eur, "sl"),
            ],
        ],
        "pay": _payment(document),
        "notice": NOTICE,
    }


def _facts(document: Document) -> list[list[str]]:
    facts = [
        ["Davčna številka plačnika", document.payer.tax_number],
        ["Številka plačnika", document.payer_number],
        ["Številka prejemnika", document.point.recipient_number],
    ]
    if document.external_document_number:
        facts.append(["Številka zunanjega dokumenta", document.external_document_number])
    facts.append(["Izdano", day(document.issued_on, "sl")])
    if document.period_from and document.period_to:
        facts.append(["Obdobje", day_range(document.period_from, document.period_to, "sl")])
    if document.corrects:
        facts.append(["K dokumentu", document.corrects.document_number])
    return facts


def _meter(row: BilledReading) -> list[str]:
    return [
        row.meter_number,
        BASES[row.basis],
        quantity(row.value_from_m3, "m³", "sl", grouped=False),
        quantity(row.value_to_m3, "m³", "sl", grouped=False),
        quantity(row.consumption_m3, "m³", "sl"),
    ]


def _vat(document: Document) -> list[list[str]]:
    """Return the VAT; of several rates each with what it is of."""
    rows = document.vat_rows()
    if len(rows) == 1:
        return [[_rate(rows[0].vat_percent), euros(rows[0].vat_eur, "sl")]]
    return [[f"{_rate(row.vat_percent)} od {euros(row.base_eur, 'sl')}", euros(row.vat_eur, "sl")] for row in rows]


def _rate(percent: Decimal) -> str:
    return f"DDV {number(percent, 'sl', 0 if percent == int(percent) else 1)} %"


def _line(line: Line, *, has_rate: bool) -> list[str]:
    return [
        f"{line.description}, {_rate(line.vat_percent)}" if has_rate else line.description,
        quantity(line.quantity, UNITS[line.unit], "sl"),
        f"{number(line.unit_price_eur, 'sl', 4)} €",
        euros(line.net_eur, "sl"),
    ]


def _payment(document: Document) -> list[list[str]]:
    if document.kind == "credit_note" or not document.due_on:
        return []
    if document.collected_on:
        return [["Direktna obremenitev", day(document.collected_on, "sl")]]
    return [
        ["Rok plačila", day(document.due_on, "sl")],
        ["IBAN", document.payee_iban],
        ["Referenca", f"{document.reference[:4]} {document.reference[4:]}"],
        ["Namen", f"{document.purpose}, {document.purpose_code}"],
    ]
