"""A business document in XML as plain facts, whatever format it came in, and what the readers of the formats share.

XML is data here, never instructions.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_noop as _
from lxml import etree

LARGEST_XML_BYTES = 10_000_000
TOLERANCE_EUR = Decimal("0.01")
EXTERNAL_NUMBER = re.compile(r"zunanjega dokumenta:?\s*(\S+)", re.IGNORECASE)


class Unreadable(Exception):
    """The file is no business document that may be read; the text says why."""


@dataclass(frozen=True)
class XmlLine:
    position: str
    description: str
    quantity: str
    unit: str
    unit_price_eur: str
    net_eur: str
    vat_percent: str


@dataclass(frozen=True)
class XmlVat:
    """The VAT of one rate."""

    category: str
    percent: str
    base_eur: str
    vat_eur: str
    reason: str


@dataclass(frozen=True)
class XmlDocument:
    """Texts as they stand in the file; empty when absent.

    `is_collected`: the payee takes the money by direct debit on the due day;
    `missing` names what the format demands and the file has not; `faults` the sums that do not add up; `pdf` is the
    picture of the document that the file carries inside.
    """

    number: str
    type_code: str
    currency: str
    payer_number: str
    payer_tax_numbers: tuple[str, ...]
    supply_points: tuple[str, ...]
    external_number: str
    issued_on: str
    due_on: str
    period_from: str
    period_to: str
    net_eur: str
    vat_eur: str
    amount_eur: str
    is_collected: bool
    payee_iban: str
    reference: str
    purpose_code: str
    purpose: str
    corrects_number: str
    lines: tuple[XmlLine, ...]
    vat: tuple[XmlVat, ...]
    format: str
    is_valid: bool
    faults: tuple[str, ...]
    missing: tuple[str, ...] = ()
    pdf: bytes = b""


def parsed(content: bytes) -> etree._Element:
    """Return the root of a file that may be read.

    :raises Unreadable: not XML, with a DOCTYPE, or too big.
    """
    if len(content) > LARGEST_XML_BYTES:
        raise Unreadable(_("The XML is too big."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    if b"<!DOCTYPE" in content.replace(b"\x00", b""):
        raise Unreadable(_("The XML has a DOCTYPE, which is refused."))
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable(_("Not well-formed XML.")) from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(_("The XML has a DOCTYPE, which is refused."))
    return root


def text_at(element: etree._Element, path: str, namespaces: Mapping[str, str]) -> str:
    """Return the text of the first element there, blanks made one; empty when there is none."""
    found = element.xpath(f"string(({path})[1])", namespaces=dict(namespaces))
    return " ".join(str(found).split())


def texts_at(element: etree._Element, path: str, namespaces: Mapping[str, str]) -> tuple[str, ...]:
    found = element.xpath(path, namespaces=dict(namespaces))
    return tuple(" ".join("".join(each.itertext()).split()) for each in found)


def external_number_in(notes: Iterable[str]) -> str:
    """Return the external document number that one of the notes names."""
    for note in notes:
        if found := EXTERNAL_NUMBER.search(note):
            return found[1]
    return ""


def sums_that_fail(amounts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the rules of EN 16931 that the amounts break by more than a cent.

    :param amounts: by name: lines, allowances, charges, net, vat, gross, paid, rounding, due.
    """

    def amount(name: str) -> Decimal:
        try:
            found = Decimal(amounts.get(name) or "0")
        except InvalidOperation:
            return Decimal(0)
        return found if found.is_finite() and abs(found) < Decimal("1e15") else Decimal(0)

    net, gross = amount("net"), amount("gross")
    sums = [
        ("BR-CO-13", net, amount("lines") - amount("allowances") + amount("charges")),
        ("BR-CO-15", gross, net + amount("vat")),
        ("BR-CO-16", amount("due"), gross - amount("paid") + amount("rounding")),
    ]
    return tuple(
        f"{rule}: {said} is not {reckoned}." for rule, said, reckoned in sums if abs(said - reckoned) > TOLERANCE_EUR
    )
