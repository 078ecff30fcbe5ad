"""A document as e-SLOG 2.0 XML, figures as issued: where the supplier's own has not come, marked as a copy."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import groupby

from lxml import etree

from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat

NAMESPACE = "urn:eslog:2.00"
TYPES = {"invoice": "380", "credit_note": "381", "debit_note": "383"}
PROCESSES = {"invoice": "P2", "credit_note": "P9", "debit_note": "P2"}
UNITS = {"m3": "MTQ", "l": "LTR", "kg": "KGM", "kWh": "KWH", "mesec": "MON", "kos": "H87"}
PIECE = "C62"
NAME_SIZE, STREET_SIZE, MESSAGE_SIZE = 70, 35, 14
CENT, ZERO = Decimal("0.01"), Decimal(0)
MARK = "Informativna kopija, narejena v portalu. Velja dokument, kot ga je izdal dobavitelj."

Element = etree._Element


class _Elements:
    """Makes elements: `E.D_1001("380")`, or with a computed name `E("D_3036_2", "...")`."""

    def __getattr__(self, tag: str) -> Callable[..., Element]:
        return partial(self, tag)

    def __call__(self, tag: str, *content: str | Element, **attributes: str) -> Element:
        made = etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, {None: NAMESPACE})  # type: ignore[dict-item]  # None: no prefix
        for part in content:
            if isinstance(part, str):
                made.text = part
            else:
                made.append(part)
        return made


E = _Elements()


@dataclass(frozen=True, kw_only=True)
class Party:
    """A seller or a buyer; a number that is not known is left out."""

    name: str
    street: str
    post_code: str
    town: str
    number: str = ""
    tax_number: str = ""
    is_company: bool = False
    iban: str = ""


def eslog_of(
    document: Document,
    lines: Sequence[DocumentLine],
    vat: Sequence[DocumentVat] = (),
    *,
    seller: Party,
    buyer: Party,
    mark: str = MARK,
) -> bytes:
    """Return the document as UTF-8 XML, valid against the schema of e-SLOG 2.0.

    :param lines: in their order, at least one: the format has no document without.
    :param vat: by rate, as issued; where none came it is reckoned from the lines, as the format needs it.
    :param mark: what the file says of itself; empty in the supplier's own.
    """
    message = E.M_INVOIC(
        *_head(document, mark, next((each.reason for each in vat if each.reason), "")),
        *_references(document),
        _party("BY", buyer),
        _party("SE", seller),
        *_place(document),
        E.G_SG7(E.S_CUX(E.C_C504(E.D_6347("2"), E.D_6345("EUR")))),
        *_due(document),
        *(_line(document, position, line) for position, line in enumerate(lines, start=1)),
        E.S_UNS(E.D_0081("D")),
        *_totals(document, lines, vat),
        Id="data",
    )
    return etree.tostring(E.Invoice(message), xml_declaration=True, encoding="UTF-8")


def _head(document: Document, mark: str, no_vat_because: str) -> Iterator[Element]:
    message = E.C_S009(E.D_0065("INVOIC"), E.D_0052("D"), E.D_0054("01B"), E.D_0051("UN"))
    yield E.S_UNH(E.D_0062(document.number[-MESSAGE_SIZE:]), message)
    yield E.S_BGM(E.C_C002(E.D_1001(TYPES[document.kind])), E.C_C106(E.D_1004(document.number)))
    yield _day("137", document.issued_on)
    yield _day("35", document.period_to or document.issued_on)
    yield from _period(document)
    process = E.C_C107(E.D_4441(PROCESSES[document.kind]))
    yield E.S_FTX(E.D_4451("DOC"), process, E.C_C108(E.D_4440("urn:cen.eu:en16931:2017")))
    yield _text("PAI", _must_be_paid(document))
    if document.purpose_code:
        yield _text("ALQ", document.purpose_code)
    if document.purpose:
        yield _text("PMD", document.purpose)
    if mark:
        yield _text("GEN", mark)
    if no_vat_because:
        yield _text("AGM", no_vat_because)
    if document.external_number:
        yield _text("GEN", f"Številka zunanjega dokumenta: {document.external_number}")


def _must_be_paid(document: Document) -> str:
    """Return 0: pay, 1: direct debit, 2: is paid, 3: nothing is to be paid; so no program pays a copy once more."""
    if document.kind == Document.Kind.CREDIT_NOTE:
        return "3"
    if not document.open_eur:
        return "2"
    return "1" if document.collected_on else "0"


def _period(document: Document) -> Iterator[Element]:
    if document.period_from and document.period_to:
        yield _day("167", document.period_from)
        yield _day("168", document.period_to)


def _references(document: Document) -> Iterator[Element]:
    if document.corrects_number:
        yield E.G_SG1(_reference("OI", document.corrects_number))
    if document.reference:
        yield E.G_SG1(_reference("PQ", document.reference))


def _party(role: str, party: Party) -> Element:
    identity = [E.C_C082(E.D_3039(party.number))] if party.number else []
    group = E.G_SG2(
        E.S_NAD(
            E.D_3035(role),
            *identity,
            E.C_C080(*_parts("D_3036", party.name, NAME_SIZE)),
            E.C_C059(*_parts("D_3042", party.street, STREET_SIZE)),
            E.D_3164(party.town),
            E.D_3251(party.post_code),
            E.D_3207("SI"),
        )
    )
    if party.iban:
        group.append(E.S_FII(E.D_3035("RB"), E.C_C078(E.D_3194(party.iban))))
    if party.tax_number and party.is_company:
        group.append(E.G_SG3(_reference("VA", f"SI{party.tax_number}")))
    if party.tax_number:
        group.append(E.G_SG3(_reference("AHP", party.tax_number)))
    return group


def _place(document: Document) -> Iterator[Element]:
    point = document.supply_point
    if point:
        yield _party(
            "DP",
            Party(
                number=point.recipient_number,
                name=point.recipient_name,
                street=point.street,
                post_code=point.post_code,
                town=point.town,
            ),
        )


def _parts(tag: str, text: str, size: int) -> list[Element]:
    """Return the text in at most three elements of `size` characters, cut between words where it can be."""
    parts = [""]
    for word in text.split() or ["-"]:
        for piece in (word[start : start + size] for start in range(0, len(word), size)):
            longer = f"{parts[-1]} {piece}".strip()
            if len(longer) <= size:
                parts[-1] = longer
            else:
                parts.append(piece)
    return [E(tag if not index else f"{tag}_{index + 1}", part) for index, part in enumerate(parts[:3])]


def _due(document: Document) -> Iterator[Element]:
    if document.due_on:
        yield E.G_SG8(E.S_PAT(E.D_4279("1")), _day("13", document.due_on), E.S_PAI(E.C_C534(E.D_4461("30"))))


def _line(document: Document, position: int, line: DocumentLine) -> Element:
    vat = _cents(line.net_eur * line.vat_percent / 100)
    unit = UNITS.get(line.unit, PIECE)
    group = E.G_SG26(
        E.S_LIN(E.D_1082(str(position))),
        E.S_IMD(E.D_7077("F"), E.C_C273(E.D_7008(line.description))),
        E.S_QTY(E.C_C186(E.D_6063("47"), E.D_6060(f"{line.quantity:.3f}"), E.D_6411(unit))),
        *_period(document),
        E.G_SG27(_money("203", line.net_eur)),
        E.G_SG27(_money("38", line.net_eur + vat)),
        E.G_SG29(E.S_PRI(E.C_C509(E.D_5125("AAA"), E.D_5118(f"{line.unit_price_eur:.6f}")))),
    )
    if document.supply_point:
        group.append(E.G_SG30(_reference("AVE", document.supply_point.number)))
    group.append(_vat("G_SG34", line.vat_percent, line.net_eur, vat))
    return group


def _totals(document: Document, lines: Sequence[DocumentLine], vat: Sequence[DocumentVat]) -> Iterator[Element]:
    """Yield the sums as issued; what the lines have more or less than the net amount is a discount or a charge."""
    of_lines = sum((line.net_eur for line in lines), ZERO)
    more = of_lines - document.net_eur
    for code, amount in (
        ("79", of_lines),
        ("260", max(more, ZERO)),
        ("259", max(-more, ZERO)),
        ("389", document.net_eur),
        ("176", document.vat_eur),
        ("388", document.amount_eur),
        ("9", document.amount_eur),
    ):
        if amount or code not in ("260", "259"):
            yield E.G_SG50(_money(code, amount))
    for each in vat:
        yield _vat("G_SG52", each.vat_percent, each.base_eur, each.vat_eur, each.category)
    for percent, base, tax in [] if vat else vat_by_rate(document, lines):
        yield _vat("G_SG52", percent, base, tax)


def vat_by_rate(document: Document, lines: Sequence[DocumentLine]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Return rate, base and tax of each rate, highest first; together they are the net amount and VAT as issued."""
    ordered = sorted(lines, key=lambda line: line.vat_percent, reverse=True)
    rates = [
        (percent, sum((line.net_eur for line in of_rate), ZERO))
        for percent, of_rate in groupby(ordered, key=lambda line: line.vat_percent)
    ]
    found = [(percent, base, _cents(base * percent / 100)) for percent, base in rates]
    percent, base, tax = found[0]
    missing_base = document.net_eur - sum((base for _percent, base, _tax in found), ZERO)
    missing_tax = document.vat_eur - sum((tax for _percent, _base, tax in found), ZERO)
    return [(percent, base + missing_base, tax + missing_tax), *found[1:]]


def _vat(group: str, percent: Decimal, base: Decimal, tax: Decimal, category: str = "") -> Element:
    rate = E.C_C243(E.D_5278(f"{percent.normalize():f}"))
    return E(
        group,
        E.S_TAX(E.D_5283("7"), E.C_C241(E.D_5153("VAT")), rate, E.D_5305(category or ("S" if percent else "Z"))),
        _money("125", base),
        _money("124", tax),
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _money(code: str, amount: Decimal) -> Element:
    return E.S_MOA(E.C_C516(E.D_5025(code), E.D_5004(f"{amount:.2f}")))


def _day(code: str, day: date) -> Element:
    return E.S_DTM(E.C_C507(E.D_2005(code), E.D_2380(day.isoformat())))


def _reference(code: str, number: str) -> Element:
    return E.S_RFF(E.C_C506(E.D_1153(code), E.D_1154(number)))


def _text(code: str, text: str) -> Element:
    return E.S_FTX(E.D_4451(code), E.C_C108(E.D_4440(text)))
