"""One e-SLOG 2.0 document as plain facts: number, parties, lines, sums. XML is data here, never instructions."""

import importlib.resources
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from django.utils.translation import gettext_noop as _
from lxml import etree

NAMESPACE = "urn:eslog:2.00"
NS = {"e": NAMESPACE}
XSD = "{http://www.w3.org/2001/XMLSchema}"
LARGEST_XML_BYTES = 10_000_000
TOLERANCE_EUR = Decimal("0.01")
EXTERNAL_NUMBER = re.compile(r"zunanjega dokumenta:?\s*(\S+)", re.IGNORECASE)


class Unreadable(Exception):
    """The file is no e-SLOG document that may be read; the text says why."""


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
class XmlDocument:
    """Texts as they stand in the file; empty when absent. `faults` name the sums that do not add up."""

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
    payee_iban: str
    reference: str
    purpose_code: str
    purpose: str
    corrects_number: str
    lines: tuple[XmlLine, ...]
    is_valid: bool
    faults: tuple[str, ...]


def read_xml(content: bytes) -> XmlDocument:
    """Return what the file says.

    :raises Unreadable: not XML, with a DOCTYPE, too big, or no e-SLOG 2.0 invoice.
    """
    message = _message(content)
    totals = _totals(message)
    return XmlDocument(
        number=_text(message, "e:S_BGM/e:C_C106/e:D_1004"),
        type_code=_text(message, "e:S_BGM/e:C_C002/e:D_1001"),
        currency=_text(message, "e:G_SG7/e:S_CUX/e:C_C504[e:D_6347='2']/e:D_6345"),
        payer_number=_text(message, f"{_party('BY')}/e:S_NAD/e:C_C082/e:D_3039"),
        payer_tax_numbers=_tax_numbers(message),
        supply_points=_supply_points(message),
        external_number=_external_number(message),
        issued_on=_day(message, "", "137"),
        due_on=_day(message, "e:G_SG8/", "13"),
        period_from=_day(message, "", "167"),
        period_to=_day(message, "", "168"),
        net_eur=totals.get("389", ""),
        vat_eur=totals.get("176", "0"),
        amount_eur=totals.get("388", ""),
        payee_iban=_text(message, f"{_party('SE')}/e:S_FII/e:C_C078/e:D_3194").replace(" ", ""),
        reference=_text(message, "e:G_SG1/e:S_RFF/e:C_C506[e:D_1153='PQ']/e:D_1154").replace(" ", ""),
        purpose_code=_text(message, "e:S_FTX[e:D_4451='ALQ']/e:C_C108/e:D_4440"),
        purpose=_text(message, "e:S_FTX[e:D_4451='PMD']/e:C_C108/e:D_4440")[:42].strip(),
        corrects_number=_text(message, "e:G_SG1/e:S_RFF/e:C_C506[e:D_1153='OI']/e:D_1154"),
        lines=tuple(_line(each) for each in message.findall("e:G_SG26", NS)),
        is_valid=_schema().validate(message.getroottree()),
        faults=tuple(_sums_that_fail(totals)),
    )


def _message(content: bytes) -> etree._Element:
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
    message = root.find("e:M_INVOIC", NS)
    if root.tag != f"{{{NAMESPACE}}}Invoice" or message is None:
        raise Unreadable(_("The XML is no e-SLOG 2.0 document."))
    return message


@cache
def _schema() -> etree.XMLSchema:
    """The schema inside pyslog, without the signature, whose own schema it names but does not bring."""
    text = importlib.resources.files("pyslog.eslog2.schemas").joinpath("eSLOG20_INVOIC_v200.xsd").read_bytes()
    root = etree.XML(text)
    for element in list(root.iter(f"{XSD}import", f"{XSD}element")):
        parent = element.getparent()
        if parent is not None and (element.tag == f"{XSD}import" or element.get("ref") == "ds:Signature"):
            parent.remove(element)
    return etree.XMLSchema(root)


def _party(role: str) -> str:
    return f"e:G_SG2[e:S_NAD/e:D_3035='{role}']"


def _text(element: etree._Element, path: str) -> str:
    found = element.xpath(f"string(({path})[1])", namespaces=NS)
    return " ".join(str(found).split())


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    found = element.xpath(path, namespaces=NS)
    return tuple(" ".join("".join(each.itertext()).split()) for each in found)


def _day(element: etree._Element, path: str, code: str) -> str:
    """Return the date as YYYY-MM-DD; XML dates may carry a zone behind it."""
    return _text(element, f"{path}e:S_DTM/e:C_C507[e:D_2005='{code}']/e:D_2380")[:10]


def _tax_numbers(message: etree._Element) -> tuple[str, ...]:
    path = f"{_party('BY')}/e:G_SG3/e:S_RFF/e:C_C506[e:D_1153='VA' or e:D_1153='AHP']/e:D_1154"
    return tuple(each.replace(" ", "").removeprefix("SI") for each in _texts(message, path))


def _supply_points(message: etree._Element) -> tuple[str, ...]:
    """Return what may be the supply point's number: the metering point of a line, or the place of delivery."""
    metering_points = _texts(message, "e:G_SG26/e:G_SG30/e:S_RFF/e:C_C506[e:D_1153='AVE']/e:D_1154")
    return tuple(dict.fromkeys(metering_points)) + _texts(message, f"{_party('DP')}/e:S_NAD/e:C_C082/e:D_3039")


def _external_number(message: etree._Element) -> str:
    for note in _texts(message, "e:S_FTX[e:D_4451='GEN']/e:C_C108"):
        if found := EXTERNAL_NUMBER.search(note):
            return found[1]
    return ""


def _line(line: etree._Element) -> XmlLine:
    return XmlLine(
        position=_text(line, "e:S_LIN/e:D_1082"),
        description=_text(line, "e:S_IMD[e:D_7077='F']/e:C_C273/e:D_7008")[:256],
        quantity=_text(line, "e:S_QTY/e:C_C186[e:D_6063='47']/e:D_6060"),
        unit=_text(line, "e:S_QTY/e:C_C186[e:D_6063='47']/e:D_6411"),
        unit_price_eur=_text(line, "e:G_SG29/e:S_PRI/e:C_C509[e:D_5125='AAA']/e:D_5118"),
        net_eur=_text(line, "e:G_SG27/e:S_MOA/e:C_C516[e:D_5025='203']/e:D_5004"),
        vat_percent=_text(line, "e:G_SG34[e:S_TAX/e:C_C241/e:D_5153='VAT']/e:S_TAX/e:C_C243/e:D_5278") or "0",
    )


def _totals(message: etree._Element) -> dict[str, str]:
    """Return the document's amounts by code; only those of the document itself, lines use the same codes."""
    totals: dict[str, str] = {}
    for money in message.findall("e:G_SG50/e:S_MOA/e:C_C516", NS):
        totals.setdefault(_text(money, "e:D_5025"), _text(money, "e:D_5004"))
    return totals


def _sums_that_fail(totals: dict[str, str]) -> list[str]:
    def amount(code: str) -> Decimal:
        try:
            found = Decimal(totals.get(code, "0"))
        except InvalidOperation:
            return Decimal(0)
        return found if found.is_finite() and abs(found) < Decimal("1e15") else Decimal(0)

    net, gross = amount("389"), amount("388")
    sums = [
        ("BR-CO-13", net, amount("79") - amount("260") + amount("259")),
        ("BR-CO-15", gross, net + amount("176")),
        ("BR-CO-16", amount("9"), gross - amount("113") + amount("366")),
    ]
    return [
        f"{rule}: {said} is not {reckoned}." for rule, said, reckoned in sums if abs(said - reckoned) > TOLERANCE_EUR
    ]
