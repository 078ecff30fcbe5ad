"""A document of the demo supplier as e-SLOG 2.0 XML: 380 invoice, 381 credit note, 383 debit note."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from mojplin.interfaces.erp.demo import supplier
from mojplin.interfaces.erp.demo.products import WITH_VAT, cents
from mojplin.interfaces.erp.demo.records import BilledReading, Document, Line

NAMESPACE = "urn:eslog:2.00"
DOCUMENT_CODES = {"invoice": "380", "credit_note": "381", "debit_note": "383"}
PROCESS_CODES = {"invoice": "P2", "credit_note": "P9", "debit_note": "P2"}
UNIT_CODES = {"m3": "MTQ", "l": "LTR", "mesec": "MON", "kos": "H87"}
NAME_SIZE = 70
STREET_SIZE = 35

Element = etree._Element
E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


def document_xml(document: Document) -> bytes:
    """Return the document as UTF-8 XML, valid against the schema of e-SLOG 2.0."""
    message = E.M_INVOIC(
        *_head(document),
        *_references(document),
        *_parties(document),
        E.G_SG7(E.S_CUX(E.C_C504(E.D_6347("2"), E.D_6345("EUR")))),
        *_payment(document),
        *(part for position, line in enumerate(document.lines, start=1) for part in _line(document, position, line)),
        E.S_UNS(E.D_0081("D")),
        *_totals(document),
        Id="data",
    )
    return etree.tostring(E.Invoice(message), xml_declaration=True, encoding="UTF-8")


def _head(document: Document) -> Iterator[Element]:
    yield E.S_UNH(
        E.D_0062(document.document_number), E.C_S009(E.D_0065("INVOIC"), E.D_0052("D"), E.D_0054("01B"), E.D_0051("UN"))
    )
    yield E.S_BGM(E.C_C002(E.D_1001(DOCUMENT_CODES[document.kind])), E.C_C106(E.D_1004(document.document_number)))
    yield _day("137", document.issued_on)
    yield _day("35", document.period_to or document.issued_on)
    yield from _period(document)
    process = PROCESS_CODES[document.kind]
    yield E.S_FTX(E.D_4451("DOC"), E.C_C107(E.D_4441(process)), E.C_C108(E.D_4440("urn:cen.eu:en16931:2017")))
    yield _text("PAI", "0")
    yield _text("ALQ", document.purpose_code)
    if document.external_document_number:
        yield _text("GEN", f"Številka zunanjega dokumenta: {document.external_document_number}")


def _period(document: Document) -> Iterator[Element]:
    if document.period_from and document.period_to:
        yield _day("167", document.period_from)
        yield _day("168", document.period_to)


def _references(document: Document) -> Iterator[Element]:
    if document.contract_number:
        yield E.G_SG1(_reference("CT", document.contract_number))
    if document.corrects:
        corrected = document.corrects
        yield E.G_SG1(_reference("OI", corrected.document_number), _day("384", corrected.issued_on))
    yield E.G_SG1(_reference("PQ", document.reference))


def _parties(document: Document) -> Iterator[Element]:
    payer, point = document.payer, document.point
    buyer = _address("BY", payer.payer_number, payer.name, payer.street, payer.town, payer.post_code)
    taxes = [E.G_SG3(_reference("AHP", payer.tax_number))]
    if payer.kind == "company":
        taxes.insert(0, E.G_SG3(_reference("VA", f"SI{payer.tax_number}")))
    yield E.G_SG2(buyer, *taxes)
    yield E.G_SG2(
        _address("SE", "", supplier.NAME, supplier.STREET, supplier.TOWN, supplier.POST_CODE),
        E.S_FII(E.D_3035("RB"), E.C_C078(E.D_3194(document.payee_iban)), E.C_C088(E.D_3433(supplier.BIC))),
        E.G_SG3(_reference("VA", f"SI{supplier.TAX_NUMBER}")),
        E.G_SG3(_reference("AHP", supplier.TAX_NUMBER)),
    )
    yield E.G_SG2(
        _address("DP", point.recipient_number, point.recipient_name, point.street, point.town, point.post_code)
    )


def _address(role: str, number: str, name: str, street: str, town: str, post_code: str) -> Element:
    identity = [E.C_C082(E.D_3039(number))] if number else []
    names = [
        E("D_3036" if not index else f"D_3036_{index + 1}", part) for index, part in enumerate(_cut(name, NAME_SIZE))
    ]
    streets = [
        E("D_3042" if not index else f"D_3042_{index + 1}", part)
        for index, part in enumerate(_cut(street, STREET_SIZE))
    ]
    return E.S_NAD(
        E.D_3035(role),
        *identity,
        E.C_C080(*names),
        E.C_C059(*streets),
        E.D_3164(town),
        E.D_3251(post_code),
        E.D_3207("SI"),
    )


def _cut(text: str, size: int) -> list[str]:
    """Return the text in parts of at most `size` characters, cut between words."""
    parts = [""]
    for word in text.split():
        longer = f"{parts[-1]} {word}".strip()
        if len(longer) <= size:
            parts[-1] = longer
        else:
            parts.append(word)
    return parts


def _payment(document: Document) -> Iterator[Element]:
    if document.due_on:
        yield E.G_SG8(E.S_PAT(E.D_4279("1")), _day("13", document.due_on), E.S_PAI(E.C_C534(E.D_4461("30"))))


def _line(document: Document, position: int, line: Line) -> Iterator[Element]:
    vat = cents(line.net_eur * WITH_VAT) - line.net_eur
    yield E.G_SG26(
        E.S_LIN(E.D_1082(str(position))),
        E.S_IMD(E.D_7077("F"), E.C_C273(E.D_7008(line.description))),
        E.S_QTY(E.C_C186(E.D_6063("47"), E.D_6060(f"{line.quantity:.3f}"), E.D_6411(UNIT_CODES[line.unit]))),
        *_period(document),
        *(_reading(row) for row in document.readings if line.unit == "m3" and position == 1),
        E.G_SG27(_money("203", line.net_eur)),
        E.G_SG27(_money("38", line.net_eur + vat)),
        E.G_SG29(E.S_PRI(E.C_C509(E.D_5125("AAA"), E.D_5118(f"{line.unit_price_eur:.6f}")))),
        E.G_SG30(_reference("AVE", document.supply_point_number)),
        _vat("G_SG34", line.vat_percent, line.net_eur, vat),
    )


def _reading(row: BilledReading) -> Element:
    """Return the counter of a billed meter as a free attribute of the line."""
    states = f"{row.value_from_m3.normalize():f} - {row.value_to_m3.normalize():f} m3"
    return E.S_FTX(E.D_4451("ACF"), E.C_C108(E.D_4440(f"Stanje števca {row.meter_number}"), E.D_4440_2(states)))


def _totals(document: Document) -> Iterator[Element]:
    for code, amount in (
        ("79", document.net_eur),
        ("389", document.net_eur),
        ("176", document.vat_eur),
        ("388", document.amount_eur),
        ("9", document.amount_eur),
    ):
        yield E.G_SG50(_money(code, amount))
    yield _vat("G_SG52", document.lines[0].vat_percent, document.net_eur, document.vat_eur)


def _vat(group: str, percent: Decimal, base: Decimal, tax: Decimal) -> Element:
    return E(
        group,
        E.S_TAX(
            E.D_5283("7"), E.C_C241(E.D_5153("VAT")), E.C_C243(E.D_5278(f"{percent.normalize():f}")), E.D_5305("S")
        ),
        _money("125", base),
        _money("124", tax),
    )


def _money(code: str, amount: Decimal) -> Element:
    return E.S_MOA(E.C_C516(E.D_5025(code), E.D_5004(f"{amount:.2f}")))


def _day(code: str, day: date) -> Element:
    return E.S_DTM(E.C_C507(E.D_2005(code), E.D_2380(day.isoformat())))


def _reference(code: str, number: str) -> Element:
    return E.S_RFF(E.C_C506(E.D_1153(code), E.D_1154(number)))


def _text(code: str, text: str) -> Element:
    return E.S_FTX(E.D_4451(code), E.C_C108(E.D_4440(text)))
