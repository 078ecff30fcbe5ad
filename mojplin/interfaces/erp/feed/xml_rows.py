"""XML documents without a row in documents.csv become staged rows themselves, checked like rows of a file."""

from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext_noop as _

from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.protected import lookup_hash
from mojplin.interfaces.erp.contract import DOCUMENT_LINES, DOCUMENT_VAT, DOCUMENTS, File
from mojplin.interfaces.erp.feed.checks import check_of
from mojplin.interfaces.erp.feed.findings import Findings
from mojplin.interfaces.erp.feed.reading import Chunk, set_aside_bad
from mojplin.interfaces.erp.feed.staging import Stage
from mojplin.interfaces.erp.feed.xml_document import XmlDocument

KINDS = {"380": "invoice", "381": "credit_note", "383": "debit_note"}
UNITS = {"MTQ": "m3", "LTR": "l", "KGM": "kg", "KWH": "kWh", "MON": "mesec", "H87": "kos", "C62": "kos"}
NO_LINE = 0


class UnknownPayer(Exception):
    """Neither the payer number nor the tax number is known."""


def stage_documents_of_xml(found: Mapping[str, XmlDocument], findings: Findings) -> None:
    """Stage a document with its lines for every XML whose number no row of documents.csv has."""
    alone = _without_row(found)
    if not alone:
        return
    people = _People()
    documents: list[tuple[str, list[str]]] = []
    lines: dict[str, list[list[str]]] = {}
    vat: dict[str, list[list[str]]] = {}
    for name, document in alone.items():
        if complaint := _complaint(document):
            findings.put_aside(name, NO_LINE, "", document.number, complaint)
            continue
        try:
            payer = people.payer_of(document)
        except UnknownPayer:
            findings.put_aside(name, NO_LINE, "payer_number", document.payer_number, _("The payer is not known."))
            continue
        documents.append((name, _document_row(document, payer, people.supply_point_of(document))))
        lines[name] = _line_rows(document)
        vat[name] = _vat_rows(document)
    good = _staged(DOCUMENTS, documents, findings)
    _staged(DOCUMENT_LINES, [(name, row) for name in good for row in lines[name]], findings)
    _staged(DOCUMENT_VAT, [(name, row) for name in good for row in vat[name]], findings)


class _People:
    """Payers and supply points of this export and of earlier ones."""

    def __init__(self) -> None:
        self.payers = {number: number for number in _numbers("feed_payers", "payer_number")}
        self.payers |= {number: number for number in Payer.objects.values_list("number", flat=True)}
        self.points = set(_numbers("feed_supply_points", "supply_point_number"))
        self.points |= set(SupplyPoint.objects.values_list("number", flat=True))
        self.by_tax_hash: dict[str, set[str]] = {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT tax_number_hash, payer_number FROM feed_payers")
            pairs = [*cursor.fetchall(), *Payer.objects.values_list("tax_number_hash", "number")]
        for digest, number in pairs:
            self.by_tax_hash.setdefault(digest, set()).add(number)

    def payer_of(self, document: XmlDocument) -> str:
        if document.payer_number in self.payers:
            return document.payer_number
        for tax_number in document.payer_tax_numbers:
            numbers = self.by_tax_hash.get(lookup_hash(tax_number), set())
            if len(numbers) == 1:
                return next(iter(numbers))
        raise UnknownPayer

    def supply_point_of(self, document: XmlDocument) -> str:
        known = [number for number in document.supply_points if number in self.points]
        return known[0] if known else ""


def _without_row(found: Mapping[str, XmlDocument]) -> dict[str, XmlDocument]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.document_number FROM feed_attached a JOIN feed_documents s"
            " ON s.document_number = a.document_number WHERE a.xml_path <> ''"
        )
        with_row = {number for (number,) in cursor.fetchall()}
    alone: dict[str, XmlDocument] = {}
    taken: set[str] = set()
    for name, document in found.items():
        if document.number not in with_row and document.number not in taken:
            alone[name] = document
            taken.add(document.number)
    return alone


def _complaint(document: XmlDocument) -> str | None:
    if document.type_code not in KINDS:
        return f"Documents of type {document.type_code[:10]} are not taken in; 380, 381 and 383 are."
    if document.currency != "EUR":
        return f"The amounts are in {document.currency[:10] or 'no currency'}, not in EUR."
    return None


def _document_row(document: XmlDocument, payer: str, supply_point: str) -> list[str]:
    return [
        document.number, KINDS[document.type_code], payer, supply_point, document.external_number,
        document.issued_on, document.due_on, document.period_from, document.period_to,
        document.net_eur, document.vat_eur, document.amount_eur,
        document.payee_iban, document.reference, document.purpose_code, document.purpose, document.corrects_number,
        document.due_on if document.is_collected else "",
    ]  # fmt: skip


def _line_rows(document: XmlDocument) -> list[list[str]]:
    return [
        [document.number, line.position, line.description, line.quantity, UNITS.get(line.unit, line.unit),
         line.unit_price_eur, line.net_eur, line.vat_percent, ""]
        for line in document.lines
    ]  # fmt: skip


def _vat_rows(document: XmlDocument) -> list[list[str]]:
    """One for each category and rate: of two with the same the first is kept."""
    rates = {(each.category, each.percent): each for each in reversed(document.vat)}
    return [
        [document.number, each.category, each.percent, each.base_eur, each.vat_eur, each.reason]
        for each in rates.values()
    ]


def _staged(file: File, rows: list[tuple[str, list[str]]], findings: Findings) -> list[str]:
    """Stage the rows that keep the contract; return the names of their XML files."""
    good: list[str] = []
    chunks: list[Chunk] = []
    for name, row in rows:
        line = findings.line_of_xml(name)
        chunk = Chunk([line], [[value] for value in row])
        set_aside_bad(file, [check_of(column) for column in file.columns], chunk, findings, file.name)
        if chunk.lines:
            good.append(name)
            chunks.append(chunk)
    Stage(file).write(iter(chunks))
    return good


def _numbers(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [number for (number,) in cursor.fetchall()]
