"""Documents as UBL 2.1 after EN 16931: the same facts as from e-SLOG, and nothing that breaks a run."""

import base64
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import SetAsideRow
from mojplin.interfaces.erp.feed.xml_document import Unreadable
from mojplin.interfaces.erp.feed.xml_reader import read_xml
from tests.erp.feeds import Feed, everything, exit_code_of, found

FOLDER = Path(__file__).parent
INVOICE = (FOLDER / "ubl" / "made_380_invoice.xml").read_bytes()
CREDIT_NOTE = (FOLDER / "ubl" / "made_381_creditnote.xml").read_bytes()
ESLOG = (FOLDER / "eslog" / "made_380_invoice.xml").read_bytes()
NUMBER = "26-U000123"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


@pytest.fixture
def feed() -> Feed:
    """An export whose payer and supply point are those of the XML files."""
    feed = Feed()
    feed.add("payers.csv", payer_number="100234", tax_number="32952902")
    feed.add("supply_points.csv", supply_point_number="OM-0004711")
    return feed


@pytest.mark.django_db
class TestTakenIn:
    def taken(self, feed, tmp_path, **files):
        feed.attached |= {f"xml/{name}.xml": content for name, content in files.items()}
        return exit_code_of(feed.write(tmp_path))

    def test_an_invoice_makes_its_document_with_lines_and_how_to_pay(self, feed, tmp_path):
        assert self.taken(feed, tmp_path, a=INVOICE) == 0
        made = Document.objects.get(number=NUMBER)
        assert (made.kind, made.xml_state, made.external_number) == ("invoice", "valid", "ZD-2026-0071")
        assert (made.payer.number, made.supply_point.number) == ("100234", "OM-0004711")
        assert (made.net_eur, made.vat_eur, made.amount_eur) == (Decimal("112.16"), Decimal("24.68"), Decimal("136.84"))
        assert (made.issued_on, made.due_on) == (date(2026, 2, 2), date(2026, 2, 20))
        assert (made.period_from, made.period_to) == (date(2026, 1, 1), date(2026, 1, 31))
        assert (made.reference, made.payee_iban) == ("SI122312345000175", "SI56020170014356205")
        lines = list(made.lines.order_by("position").values_list("unit", "unit_price_eur", "net_eur"))
        assert lines == [
            ("m3", Decimal("1.914000"), Decimal("99.53")),
            ("m3", Decimal("0.098600"), Decimal("5.13")),
            ("mesec", Decimal("7.500000"), Decimal("7.50")),
        ]

    def test_an_invoice_by_direct_debit_is_collected_when_it_is_due(self, feed, tmp_path):
        by_debit = INVOICE.replace(b">30</cbc:PaymentMeansCode>", b">59</cbc:PaymentMeansCode>")
        assert self.taken(feed, tmp_path, a=by_debit) == 0
        assert Document.objects.get(number=NUMBER).collected_on == date(2026, 2, 20)

    def test_vat_is_kept_by_rate_with_the_reason_why_there_is_none(self, feed, tmp_path):
        exempt = (
            b'<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">5.00</cbc:TaxableAmount><cbc:TaxAmount '
            b'currencyID="EUR">0.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>AE</cbc:ID><cbc:Percent>0</cbc:Percent>'
            b"<cbc:TaxExemptionReason>Obrnjena dav\xc4\x8dna obveznost</cbc:TaxExemptionReason>"
            b"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
        )
        self.taken(feed, tmp_path, a=INVOICE.replace(b"</cac:TaxSubtotal>", b"</cac:TaxSubtotal>" + exempt, 1))
        vat = Document.objects.get(number=NUMBER).vat.order_by("category")
        assert list(vat.values_list("category", "base_eur", "vat_eur", "reason")) == [
            ("AE", Decimal("5.00"), Decimal("0.00"), "Obrnjena davčna obveznost"),
            ("S", Decimal("112.16"), Decimal("24.68"), ""),
        ]

    def test_a_credit_note_names_what_it_corrects_and_gives_back(self, feed, tmp_path):
        assert self.taken(feed, tmp_path, a=INVOICE, b=CREDIT_NOTE) == 0
        note = Document.objects.get(number="26-U000124")
        assert (note.kind, note.corrects_number, note.amount_eur) == ("credit_note", NUMBER, Decimal("12.20"))
        assert note.due_on == date(2026, 2, 20)
        assert Document.objects.get(number=NUMBER).credited_eur == Decimal("12.20")

    def test_taking_it_in_again_changes_nothing(self, feed, tmp_path):
        self.taken(feed, tmp_path, a=INVOICE, b=CREDIT_NOTE)
        before = everything()
        assert exit_code_of(feed.write(tmp_path, sequence=2)) == 0
        assert everything() == before

    def test_the_pdf_inside_is_the_documents_unless_the_export_brings_another(self, feed, tmp_path):
        inner, other = b"%PDF-1.7 inside", b"%PDF-1.7 beside"
        reference = (
            b"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
            b'mimeCode="application/pdf" filename="a.pdf">' + base64.b64encode(inner)
            + b"</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        )  # fmt: skip
        with_pdf = INVOICE.replace(b"  <cac:AccountingSupplierParty>", reference + b"<cac:AccountingSupplierParty>")
        feed.attached["pdf/26-U000124.pdf"] = other
        note = with_pdf.replace(NUMBER.encode(), b"26-U000124")
        assert self.taken(feed, tmp_path, a=with_pdf, b=note) == 0
        for number, content in ((NUMBER, inner), ("26-U000124", other)):
            with default_storage.open(Document.objects.get(number=number).pdf_path) as file:
                assert file.read() == content

    def test_what_en_16931_demands_is_flagged_by_its_term_and_the_document_is_kept(self, feed, tmp_path):
        broken = INVOICE.replace(b"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>", b"")
        assert self.taken(feed, tmp_path, a=broken) == 0
        assert Document.objects.get(number=NUMBER).xml_state == "invalid"
        warning = SetAsideRow.objects.get()
        assert warning.is_warning and "Missing: BT-24" in warning.reason

    def test_sums_that_do_not_add_up_are_a_warning(self, feed, tmp_path):
        broken = INVOICE.replace(b'PayableAmount currencyID="EUR">136.84', b'PayableAmount currencyID="EUR">136.94')
        assert self.taken(feed, tmp_path, a=broken) == 0
        assert SetAsideRow.objects.get().reason.startswith("The sums do not add up: BR-CO-16")

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (b">380<", b">384<", "Documents of type 384 are not taken in"),
            (b">EUR<", b">USD<", "The amounts are in USD"),
            (b">100234<", b">1<", None),
            (b"Invoice-2", b"Order-2", "no e-SLOG 2.0 and no UBL 2.1"),
            (b"136.84", b"1e30", "Not a number with a decimal point"),
            (b"2026-02-02", b"2026-02-30", "Not a date"),
        ],
    )
    def test_what_cannot_be_taken_in_is_said(self, feed, tmp_path, old, new, reason):
        code = self.taken(feed, tmp_path, a=INVOICE.replace(old, new))
        if reason is None:  # found by the tax number
            assert code == 0 and Document.objects.get(number=NUMBER).payer.number == "100234"
        else:
            assert code == 2 and any(reason in why for _file, _line, _column, why in found())
            assert not Document.objects.filter(number=NUMBER).exists()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([INVOICE, CREDIT_NOTE, ESLOG]), st.data())
def test_whatever_is_done_to_a_file_a_reader_answers_or_says_it_is_unreadable(content, data):
    root = etree.fromstring(content)
    for _time in range(data.draw(st.integers(0, 4))):
        elements = [each for each in root.iter() if each is not root]
        if not elements:
            break
        chosen = data.draw(st.sampled_from(elements))
        match data.draw(st.sampled_from(["remove", "text", "double", "rename"])):
            case "remove":
                chosen.getparent().remove(chosen)
            case "text":
                chosen.text = data.draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
            case "double":
                chosen.addnext(etree.fromstring(etree.tostring(chosen)))
            case "rename":
                chosen.tag = f"{CBC}ID"
    try:
        found_in_it = read_xml(etree.tostring(root))
    except Unreadable:
        return
    assert isinstance(found_in_it.is_valid, bool)
    assert len(found_in_it.purpose) <= 42
    for line in found_in_it.lines:
        assert len(line.description) <= 256
