"""The reader of e-SLOG 2.0, the format of Slovenian banks and public bodies."""

import importlib.resources
from functools import cache

from django.utils.translation import gettext_noop as _
from lxml import etree

from mojplin.interfaces.erp.feed.xml_document import (
    Unreadable,
    XmlDocument,
    XmlLine,
    XmlVat,
    external_number_in,
    sums_that_fail,
    text_at,
    texts_at,
)

NAMESPACE = "urn:eslog:2.00"
ROOT = f"{{{NAMESPACE}}}Invoice"
NS = {"e": NAMESPACE}
XSD = "{http://www.w3.org/2001/XMLSchema}"
DIRECT_DEBIT = "1"
"""Of whether and how it must be paid (NBT-041)."""
AMOUNTS = {
    "lines": "79", "allowances": "260", "charges": "259", "net": "389", "vat": "176", "gross": "388", "paid": "113",
    "rounding": "366", "due": "9",
}  # fmt: skip


def read_eslog(root: etree._Element) -> XmlDocument:
    """Return what an e-SLOG 2.0 file says.

    :raises Unreadable: it holds no document.
    """
    message = root.find("e:M_INVOIC", NS)
    if message is None:
        raise Unreadable(_("The XML is no e-SLOG 2.0 document."))
    totals = _totals(message)
    return XmlDocument(
        number=_text(message, "e:S_BGM/e:C_C106/e:D_1004"),
        type_code=_text(message, "e:S_BGM/e:C_C002/e:D_1001"),
        currency=_text(message, "e:G_SG7/e:S_CUX/e:C_C504[e:D_6347='2']/e:D_6345"),
        payer_number=_text(message, f"{_party('BY')}/e:S_NAD/e:C_C082/e:D_3039"),
        payer_tax_numbers=_tax_numbers(message),
        supply_points=_supply_points(message),
        external_number=external_number_in(_texts(message, "e:S_FTX[e:D_4451='GEN']/e:C_C108")),
        issued_on=_day(message, "", "137"),
        due_on=_day(message, "e:G_SG8/", "13"),
        period_from=_day(message, "", "167"),
        period_to=_day(message, "", "168"),
        net_eur=totals.get("389", ""),
        vat_eur=totals.get("176", "0"),
        amount_eur=totals.get("388", ""),
        is_collected=_text(message, "e:S_FTX[e:D_4451='PAI']/e:C_C108/e:D_4440") == DIRECT_DEBIT,
        payee_iban=_text(message, f"{_party('SE')}/e:S_FII/e:C_C078/e:D_3194").replace(" ", ""),
        reference=_text(message, "e:G_SG1/e:S_RFF/e:C_C506[e:D_1153='PQ']/e:D_1154").replace(" ", ""),
        purpose_code=_text(message, "e:S_FTX[e:D_4451='ALQ']/e:C_C108/e:D_4440"),
        purpose=_text(message, "e:S_FTX[e:D_4451='PMD']/e:C_C108/e:D_4440")[:42].strip(),
        corrects_number=_text(message, "e:G_SG1/e:S_RFF/e:C_C506[e:D_1153='OI']/e:D_1154"),
        lines=tuple(_line(each) for each in message.findall("e:G_SG26", NS)),
        vat=_vat(message),
        format="e-SLOG 2.0",
        is_valid=_schema().validate(message.getroottree()),
        faults=sums_that_fail({name: totals.get(code, "") for name, code in AMOUNTS.items()}),
    )


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
    return text_at(element, path, NS)


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    return texts_at(element, path, NS)


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


def _vat(message: etree._Element) -> tuple[XmlVat, ...]:
    """Return the VAT by rate; why there is none is said once for the document."""
    reason = _text(message, "e:S_FTX[e:D_4451='AGM']/e:C_C108/e:D_4440")[:100].strip()
    rates = message.xpath("e:G_SG52[e:S_TAX/e:C_C241/e:D_5153='VAT']", namespaces=NS)
    return tuple(
        XmlVat(
            category=(category := _text(rate, "e:S_TAX/e:D_5305")),
            percent=_text(rate, "e:S_TAX/e:C_C243/e:D_5278") or "0",
            base_eur=_text(rate, "e:S_MOA/e:C_C516[e:D_5025='125']/e:D_5004"),
            vat_eur=_text(rate, "e:S_MOA/e:C_C516[e:D_5025='124']/e:D_5004") or "0",
            reason="" if category == "S" else reason,
        )
        for rate in rates
    )


def _totals(message: etree._Element) -> dict[str, str]:
    """Return the document's amounts by code; only those of the document itself, lines use the same codes."""
    totals: dict[str, str] = {}
    for money in message.findall("e:G_SG50/e:S_MOA/e:C_C516", NS):
        totals.setdefault(_text(money, "e:D_5025"), _text(money, "e:D_5004"))
    return totals
