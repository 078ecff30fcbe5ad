"""Documents as e-SLOG XML and PDF: tied, read, flagged, and never obeyed."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from mojplin.domain.billing.models import Document, DocumentLine
from mojplin.domain.supply.models import SetAsideRow
from tests.erp.feeds import Feed, everything, exit_code_of, found, last_run

pytestmark = pytest.mark.django_db

ESLOG = Path(__file__).parent / "eslog"
INVOICE, CREDIT_NOTE, DEBIT_NOTE = (
    (ESLOG / f"made_{name}.xml").read_bytes() for name in ("380_invoice", "381_creditnote", "383_debitnote")
)
NUMBER = "26-0001234"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.fixture
def feed() -> Feed:
    """An export whose payer and supply point are those of the XML files."""
    feed = Feed()
    feed.add("payers.csv", payer_number="100234", tax_number="32952902")
    feed.add("supply_points.csv", supply_point_number="OM-0004711")
    return feed


def with_xml(feed: Feed, **files: bytes) -> Feed:
    feed.attached = {f"xml/{name}.xml": content for name, content in files.items()}
    return feed


def stored(path: str) -> bytes:
    with default_storage.open(path) as file:
        return file.read()


class TestXmlAlone:
    def test_invoice_credit_note_and_debit_note_make_their_documents(self, feed, tmp_path):
        folder = with_xml(feed, a=INVOICE, b=CREDIT_NOTE, c=DEBIT_NOTE).write(tmp_path)

        assert exit_code_of(folder) == 0
        made = Document.objects.exclude(xml_path="")
        assert set(made.values_list("kind", flat=True)) == {"invoice", "credit_note", "debit_note"}
        assert set(made.values_list("payer__number", "supply_point__number")) == {("100234", "OM-0004711")}
        assert made.exclude(xml_state="valid").count() == 0
        assert made.get(kind="credit_note").corrects_number == NUMBER
        assert made.get(kind="credit_note").amount_eur == Decimal("12.20")

    def test_an_invoice_brings_its_lines_and_how_to_pay(self, feed, tmp_path):
        exit_code_of(with_xml(feed, a=INVOICE).write(tmp_path))

        document = Document.objects.get(number=NUMBER)
        assert (document.reference, document.payee_iban) == ("SI122312345000175", "SI56020170014356205")
        assert document.purpose_code == "GASB"
        assert sum(line.net_eur for line in document.lines.all()) == document.net_eur
        assert document.net_eur + document.vat_eur == document.amount_eur

    def test_an_invoice_by_direct_debit_is_collected_when_it_is_due(self, feed, tmp_path):
        by_debit = INVOICE.replace(
            b"<S_FTX>", b"<S_FTX><D_4451>PAI</D_4451><C_C108><D_4440>1</D_4440></C_C108></S_FTX><S_FTX>", 1
        )
        exit_code_of(with_xml(feed, a=by_debit, b=DEBIT_NOTE).write(tmp_path))
        made = Document.objects.get(number=NUMBER)
        assert made.collected_on == made.due_on
        assert Document.objects.get(kind="debit_note").collected_on is None

    def test_vat_is_kept_by_rate_as_it_was_issued(self, feed, tmp_path):
        second = (
            b"<G_SG52><S_TAX><D_5283>7</D_5283><C_C241><D_5153>VAT</D_5153></C_C241><C_C243><D_5278>9.5</D_5278></C_C243>"
            b"<D_5305>S</D_5305></S_TAX><S_MOA><C_C516><D_5025>125</D_5025><D_5004>10.00</D_5004></C_C516></S_MOA>"
            b"<S_MOA><C_C516><D_5025>124</D_5025><D_5004>0.97</D_5004></C_C516></S_MOA></G_SG52>"
        )
        exit_code_of(with_xml(feed, a=INVOICE.replace(b"<G_SG52>", second + b"<G_SG52>", 1)).write(tmp_path))
        made = Document.objects.get(number=NUMBER)
        assert list(made.vat.order_by("vat_percent").values_list("category", "vat_percent", "base_eur", "vat_eur")) == [
            ("S", Decimal("9.50"), Decimal("10.00"), Decimal("0.97")),
            ("S", Decimal("22.00"), Decimal("100.00"), Decimal("22.00")),
        ]
        assert ("xml/a.xml", "vat_eur") in {(file, column) for file, _line, column, _reason in found()}

    def test_taken_in_twice_it_changes_nothing(self, feed, tmp_path):
        folder = with_xml(feed, a=INVOICE, b=CREDIT_NOTE).write(tmp_path)
        exit_code_of(folder)
        before = everything()

        assert exit_code_of(folder) == 0
        assert everything() == before

    def test_the_payer_is_found_by_the_tax_number_too(self, feed, tmp_path):
        feed.rows["payers.csv"].pop()
        exit_code_of(with_xml(feed, a=INVOICE).write(tmp_path))

        assert Document.objects.get(number=NUMBER).payer.number == "20418837"

    def test_the_open_item_of_an_xml_document_counts(self, feed, tmp_path):
        feed.add("open_items.csv", item_number="2", payer_number="100234", document_number=NUMBER, open_eur="5.00")

        assert exit_code_of(with_xml(feed, a=INVOICE).write(tmp_path)) == 0
        assert exit_code_of(tmp_path) == 0
        assert Document.objects.get(number=NUMBER).open_eur == Decimal("5.00")

    @pytest.mark.parametrize(
        ("before", "after", "reason"),
        [
            (b"<D_1001>380<", b"<D_1001>384<", "Documents of type 384 are not taken in; 380, 381 and 383 are."),
            (b"<D_6345>EUR<", b"<D_6345>DKK<", "The amounts are in DKK, not in EUR."),
            (b"<D_2380>2026-02-02<", b"<D_2380>2. 2. 2026<", "Not a date of the form 2026-11-23."),
        ],
    )
    def test_what_cannot_be_a_document_here_is_set_aside(self, feed, tmp_path, before, after, reason):
        content = INVOICE.replace(before, after)
        assert content != INVOICE

        assert exit_code_of(with_xml(feed, a=content).write(tmp_path)) == 2
        assert ("xml/a.xml", 0, reason) in [(file, line, why) for file, line, _column, why in found()]
        assert not Document.objects.filter(number=NUMBER).exists()

    def test_an_unknown_payer_is_said_so(self, feed, tmp_path):
        content = INVOICE.replace(b"<D_3039>100234<", b"<D_3039>1<").replace(b"50223054", b"10000020")

        assert exit_code_of(with_xml(feed, a=content).write(tmp_path)) == 2
        assert found() == [("xml/a.xml", 0, "payer_number", "The payer is not known.")]


class TestXmlOfARow:
    def test_it_is_tied_to_its_row_and_stored_by_its_content(self, feed, tmp_path):
        feed.change("documents.csv", document_number=NUMBER)
        for name in ("document_lines.csv", "document_vat.csv", "open_items.csv", "settlements.csv"):
            feed.change(name, document_number=NUMBER)

        assert exit_code_of(with_xml(feed, a=INVOICE).write(tmp_path)) == 0
        document = Document.objects.get()
        assert (document.amount_eur, document.xml_state) == (Decimal("136.84"), "valid")
        assert document.lines.count() == 1
        assert stored(document.xml_path) == INVOICE

    def test_a_broken_schema_is_stored_and_flagged(self, feed, tmp_path):
        content = INVOICE.replace(b"<S_UNS>", b"<S_XYZ/><S_UNS>")

        assert exit_code_of(with_xml(feed, a=content).write(tmp_path)) == 0
        document = Document.objects.get(number=NUMBER)
        assert (document.xml_state, default_storage.exists(document.xml_path)) == ("invalid", True)
        assert SetAsideRow.objects.get().is_warning

    def test_sums_that_do_not_add_up_are_a_warning(self, feed, tmp_path):
        content = INVOICE.replace(b"<D_5025>79</D_5025><D_5004>", b"<D_5025>79</D_5025><D_5004>9")

        assert exit_code_of(with_xml(feed, a=content).write(tmp_path)) == 0
        warning = SetAsideRow.objects.get()
        assert warning.is_warning and warning.reason.startswith("The sums do not add up: BR-CO-13")

    def test_an_xml_that_no_longer_travels_stays_tied(self, feed, tmp_path):
        exit_code_of(with_xml(feed, a=INVOICE).write(tmp_path))
        feed.attached = {}

        assert exit_code_of(feed.write(tmp_path, sequence=2)) == 0
        assert Document.objects.get(number=NUMBER).xml_path
        assert DocumentLine.objects.filter(document__number=NUMBER).exists()


class TestHostileXml:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "DOCTYPE"),
            (f"<!DOCTYPE x [{LAUGHS}]><x>&l9;</x>".encode(), "DOCTYPE"),
            ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"), "DOCTYPE"),
            (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>', "DOCTYPE"),
            (b"<Invoice>", "Not well-formed"),
            (b"", "Not well-formed"),
            (b"\x00\x01\x02", "Not well-formed"),
            (b"<a>" * 100_000, "Not well-formed"),
            (b"<Invoice/>", "no e-SLOG"),
            (b'<Invoice xmlns="urn:eslog:2.00"><M_INVOIC/></Invoice>', "names no document"),
            (b"<x>" + b"a" * 10_000_001 + b"</x>", "too big"),
            (
                b'<Invoice xmlns="urn:eslog:2.00" xmlns:i="http://www.w3.org/2001/XInclude">'
                b'<i:include href="file:///etc/passwd" parse="text"/></Invoice>',
                "no e-SLOG",
            ),
        ],
    )
    def test_it_is_set_aside_and_the_rest_goes_in(self, feed, tmp_path, content, reason):
        assert exit_code_of(with_xml(feed, a=content, b=INVOICE).write(tmp_path)) == 2
        ((file, _line, _column, why),) = found()
        assert file == "xml/a.xml" and reason in why
        assert Document.objects.filter(number=NUMBER).exists()


class TestPdf:
    def test_a_pdf_is_tied_by_its_name(self, feed, tmp_path):
        feed.attached = {"pdf/26-OGR-104417.pdf": b"%PDF-1.7 invoice"}

        assert exit_code_of(feed.write(tmp_path)) == 0
        path = Document.objects.get().pdf_path
        assert path.startswith("pdf/") and stored(path) == b"%PDF-1.7 invoice"
        assert last_run().counts["pdf"]["added"] == 1

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("pdf/26-OGR-104417.pdf", b"<html>", "The file is no PDF."),
            ("pdf/unknown.pdf", b"%PDF-1.7", "There is no such document."),
        ],
    )
    def test_another_file_or_another_document_is_set_aside(self, feed, tmp_path, name, content, reason):
        feed.attached = {name: content}

        assert exit_code_of(feed.write(tmp_path)) == 2
        assert found() == [(name, 0, "", reason)]
        assert Document.objects.get().pdf_path == ""
