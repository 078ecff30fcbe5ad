"""The reader of UBL 2.1 invoices and credit notes after EN 16931, as the rest of Europe writes them."""

import base64
import binascii
from decimal import Decimal, InvalidOperation

from lxml import etree

from mojplin.interfaces.erp.feed.xml_document import (
    XmlDocument,
    XmlLine,
    XmlVat,
    external_number_in,
    sums_that_fail,
    text_at,
    texts_at,
)

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
INVOICE, CREDIT_NOTE = f"{{{UBL}:Invoice-2}}Invoice", f"{{{UBL}:CreditNote-2}}CreditNote"
NS = {"cbc": f"{UBL}:CommonBasicComponents-2", "cac": f"{UBL}:CommonAggregateComponents-2"}
SIX_PLACES = Decimal("0.000001")
BUYER = "cac:AccountingCustomerParty/cac:Party"
SELLER = "cac:AccountingSupplierParty/cac:Party"
TOTAL = "cac:LegalMonetaryTotal"
MEANS = "cac:PaymentMeans"
RATES = "cac:TaxTotal/cac:TaxSubtotal[cac:TaxCategory/cac:TaxScheme/cbc:ID='VAT']"
AMOUNTS = {
    "lines": "cbc:LineExtensionAmount", "allowances": "cbc:AllowanceTotalAmount", "charges": "cbc:ChargeTotalAmount",
    "net": "cbc:TaxExclusiveAmount", "gross": "cbc:TaxInclusiveAmount", "paid": "cbc:PrepaidAmount",
    "rounding": "cbc:PayableRoundingAmount", "due": "cbc:PayableAmount",
}  # fmt: skip
DIRECT_DEBIT = ("49", "59")
"""Means of payment (BT-81): direct debit, and that of SEPA."""
PDF = "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject[@mimeCode='application/pdf']"
DEMANDED = {
    "BT-1 (number)": "cbc:ID",
    "BT-2 (issue date)": "cbc:IssueDate",
    "BT-3 (type)": "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode",
    "BT-5 (currency)": "cbc:DocumentCurrencyCode",
    "BT-24 (specification)": "cbc:CustomizationID",
    "BT-27 (seller)": f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName",
    "BT-40 (seller's country)": f"{SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    "BT-44 (buyer)": f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName",
    "BT-55 (buyer's country)": f"{BUYER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    "BT-106 (sum of lines)": f"{TOTAL}/{AMOUNTS['lines']}",
    "BT-109 (net)": f"{TOTAL}/{AMOUNTS['net']}",
    "BT-112 (gross)": f"{TOTAL}/{AMOUNTS['gross']}",
    "BT-115 (due)": f"{TOTAL}/{AMOUNTS['due']}",
    "BG-23 (VAT breakdown)": "cac:TaxTotal/cac:TaxSubtotal",
    "BG-25 (line)": "cac:InvoiceLine | cac:CreditNoteLine",
}
"""What every document after EN 16931 has; UBL's own schema does not demand the half of it."""
DEMANDED_OF_LINES = {
    "BT-126 (number of a line)": "cbc:ID",
    "BT-129 (quantity)": "cbc:InvoicedQuantity | cbc:CreditedQuantity",
    "BT-131 (amount of a line)": "cbc:LineExtensionAmount",
    "BT-146 (price)": "cac:Price/cbc:PriceAmount",
    "BT-151 (VAT category of a line)": "cac:Item/cac:ClassifiedTaxCategory/cbc:ID",
    "BT-153 (name of a line)": "cac:Item/cbc:Name",
}


def read_ubl(root: etree._Element) -> XmlDocument:
    """Return what a UBL 2.1 invoice or credit note says."""
    lines = root.xpath("cac:InvoiceLine | cac:CreditNoteLine", namespaces=NS)
    currency = _text(root, "cbc:DocumentCurrencyCode")
    amounts = {name: _text(root, f"{TOTAL}/{path}") for name, path in AMOUNTS.items()}
    vat = _text(root, f"cac:TaxTotal/cbc:TaxAmount[@currencyID='{currency}']") if currency.isalpha() else ""
    missing = tuple(_missing(root, lines))
    return XmlDocument(
        number=_text(root, "cbc:ID"),
        type_code=_text(root, "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode"),
        currency=currency,
        payer_number=_text(root, f"{BUYER}/cac:PartyIdentification/cbc:ID"),
        payer_tax_numbers=tuple(
            each.replace(" ", "").removeprefix("SI")
            for each in _texts(root, f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID")
        ),
        supply_points=_supply_points(root, lines),
        external_number=external_number_in(_texts(root, "cbc:Note")),
        issued_on=_day(root, "cbc:IssueDate"),
        due_on=_day(root, "cbc:DueDate") or _day(root, f"{MEANS}/cbc:PaymentDueDate"),
        period_from=_day(root, "cac:InvoicePeriod/cbc:StartDate"),
        period_to=_day(root, "cac:InvoicePeriod/cbc:EndDate"),
        net_eur=amounts["net"],
        vat_eur=vat or "0",
        amount_eur=amounts["gross"],
        is_collected=_text(root, f"{MEANS}/cbc:PaymentMeansCode") in DIRECT_DEBIT,
        payee_iban=_text(root, f"{MEANS}/cac:PayeeFinancialAccount/cbc:ID").replace(" ", ""),
        reference=_text(root, f"{MEANS}/cbc:PaymentID").replace(" ", ""),
        purpose_code="",
        purpose=_text(root, f"{MEANS}/cbc:InstructionNote")[:42].strip(),
        corrects_number=_text(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        lines=tuple(_line(each, str(position)) for position, each in enumerate(lines, start=1)),
        vat=tuple(_vat(each) for each in root.xpath(RATES, namespaces=NS)),
        format="UBL 2.1, EN 16931",
        is_valid=not missing,
        faults=sums_that_fail(amounts | {"vat": vat}),
        missing=missing,
        pdf=_pdf(root),
    )


def _missing(root: etree._Element, lines: list[etree._Element]) -> list[str]:
    missing = [name for name, path in DEMANDED.items() if not _text(root, path)]
    return missing + [name for name, path in DEMANDED_OF_LINES.items() if not all(_text(line, path) for line in lines)]


def _supply_points(root: etree._Element, lines: list[etree._Element]) -> tuple[str, ...]:
    """Return what may be the supply point's number: the object of a line, or the place of delivery."""
    objects = [number for line in lines for number in _texts(line, "cac:DocumentReference/cbc:ID")]
    return tuple(dict.fromkeys(objects)) + _texts(root, "cac:Delivery/cac:DeliveryLocation/cbc:ID")


def _line(line: etree._Element, position: str) -> XmlLine:
    """Lines are counted: their own numbers may be letters."""
    quantity = "cbc:InvoicedQuantity | cbc:CreditedQuantity"
    units = line.xpath(f"({quantity})/@unitCode", namespaces=NS)
    return XmlLine(
        position=position,
        description=_text(line, "cac:Item/cbc:Name")[:256],
        quantity=_text(line, quantity),
        unit=str(units[0]) if units else "",
        unit_price_eur=_price_of_one(
            _text(line, "cac:Price/cbc:PriceAmount"), _text(line, "cac:Price/cbc:BaseQuantity")
        ),
        net_eur=_text(line, "cbc:LineExtensionAmount"),
        vat_percent=_text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent") or "0",
    )


def _vat(rate: etree._Element) -> XmlVat:
    return XmlVat(
        category=_text(rate, "cac:TaxCategory/cbc:ID"),
        percent=_text(rate, "cac:TaxCategory/cbc:Percent") or "0",
        base_eur=_text(rate, "cbc:TaxableAmount"),
        vat_eur=_text(rate, "cbc:TaxAmount") or "0",
        reason=_text(rate, "cac:TaxCategory/cbc:TaxExemptionReason")[:100].strip(),
    )


def _price_of_one(price: str, base_quantity: str) -> str:
    """Return the price of one unit where it is told of several, such as of 1000 kWh."""
    try:
        return str((Decimal(price) / Decimal(base_quantity)).quantize(SIX_PLACES)) if base_quantity else price
    except (InvalidOperation, ZeroDivisionError):
        return price


def _pdf(root: etree._Element) -> bytes:
    try:
        return base64.b64decode(_text(root, PDF).replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _text(element: etree._Element, path: str) -> str:
    return text_at(element, path, NS)


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    return texts_at(element, path, NS)


def _day(element: etree._Element, path: str) -> str:
    """Return the date as YYYY-MM-DD; XML dates may carry a zone behind it."""
    return _text(element, path)[:10]
