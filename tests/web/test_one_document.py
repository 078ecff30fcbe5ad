"""One invoice or note: its figures, how to pay it, its files and copies."""

from datetime import date
from decimal import Decimal
from unittest.mock import ANY

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat
from mojplin.foundation.files import kept_path
from mojplin.interfaces.erp.feed.xml_reader import read_xml
from tests.cast import PortalTestCase
from tests.codes import read_code
from tests.pdfs import text_of_pdf
from tests.standing import words

LIST = "/racuni/"
STATEMENTS_OF_DOCUMENT = 5


class OneDocument(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.invoice = self.given_document(
            self.anas_payer, self.anas_house, "26-OGR-104417", open_eur=Decimal("136.84"), due_on=date(2026, 11, 30),
            payee_iban="SI56020170014356205", reference="SI0026104417", purpose="Račun 26-OGR-104417",
            purpose_code="GASB", period_from=date(2026, 10, 1), period_to=date(2026, 10, 31),
        )  # fmt: skip
        DocumentLine.objects.create(
            document=self.invoice, position=1, description="Utekočinjeni naftni plin", quantity=Decimal(52), unit="m3",
            unit_price_eur=Decimal("1.914"), net_eur=Decimal("99.53"), vat_percent=Decimal(22),
        )  # fmt: skip
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="4260", value_to_m3="4312",
            document_number="26-OGR-104417",
        )  # fmt: skip
        self.address = f"{LIST}{self.invoice.public_id}/"
        self.code, self.picture = f"{self.address}upn-qr.svg", f"{self.address}upn-qr.png"

    def test_shows_facts_lines_totals_and_how_to_pay(self):
        html = words(self.ana.opens(self.address))
        for phrases in (
            "136,84 €", "do ponedeljka, 30. novembra", "SI56 0201 7001 4356 205", "SI00 26104417", "4260 → 4312 m³",
            "Sporočeno stanje", "Utekočinjeni naftni plin", "52 m³", "1,9140 €", "DDV 22 %", "1. 10. do 31. 10. 2026",
        ):  # fmt: skip
            assert phrases in html, phrases

    def test_vat_stands_by_rate_as_it_was_issued_on_the_page_and_on_the_copies(self):
        for category, percent, base, tax, reason in (
            ("S", "22.00", "99.53", "21.91", ""), ("S", "9.50", "10.00", "0.97", ""),
            ("AE", "0.00", "5.00", "0.00", "Obrnjena davčna obveznost"),
        ):  # fmt: skip
            DocumentVat.objects.create(
                document=self.invoice, category=category, vat_percent=percent, base_eur=base, vat_eur=tax, reason=reason
            )
        told = ("DDV 22 % od 99,53 €", "21,91 €", "DDV 9,5 % od 10,00 €", "0,97 €", "DDV 0 % od 5,00 €")
        with self.assertNumQueries(STATEMENTS_OF_DOCUMENT):
            html = words(self.ana.opens(self.address))
        paper = text_of_pdf(self.ana.browser.get(f"{self.address}pdf/").getvalue()).replace("\u00a0", " ")
        for phrases in told:
            assert phrases in html and phrases in paper, phrases
        assert "Obrnjena davčna obveznost" in html
        xml = read_xml(self.ana.browser.get(f"{self.address}xml/").getvalue())
        assert [(each.percent, each.vat_eur) for each in xml.vat] == [("22", "21.91"), ("9.5", "0.97"), ("0", "0.00")]
        assert xml.vat[2].reason == "Obrnjena davčna obveznost"

    def test_the_code_asks_for_what_remains_to_the_supplier_for_this_document(self):
        type(self.invoice).objects.filter(pk=self.invoice.pk).update(open_eur=Decimal("36.80"))
        assert f'<img src="{self.code}"' in words(self.ana.opens(self.address))
        assert self.ana.browser.get(self.code)["Content-Type"] == "image/svg+xml"
        picture = self.ana.browser.get(self.picture)
        assert picture["Content-Disposition"].startswith("attachment;")
        assert read_code(picture.content).text.split("\n") == [
            "UPNQR", "", "", "", "", "Ana Novak", self.anas_payer.street,
            f"{self.anas_payer.post_code} {self.anas_payer.town}", "00000003680", "", "", "GASB",
            "Račun 26-OGR-104417", "30.11.2026", "SI56020170014356205", "SI0026104417", "Vzorčni plin, d. d.",
            "Zgledna ulica 1", "1000 Ljubljana", ANY, "",
        ]  # fmt: skip

    def test_the_code_is_nobody_elses_and_ends_with_the_debt(self):
        for address in (self.code, self.picture):
            self.cilka.opens(address, status=404)
        type(self.invoice).objects.filter(pk=self.invoice.pk).update(open_eur=Decimal(0))
        assert "upn-qr" not in words(self.ana.opens(self.address))
        self.ana.opens(self.code, status=404)

    def test_wrong_payment_data_show_a_sentence_instead_of_a_wrong_slip(self):
        for wrong in ({"payee_iban": "SI56020170014356208"}, {"reference": "SI1226104417"}, {"reference": ""}):
            type(self.invoice).objects.filter(pk=self.invoice.pk).update(
                **{"payee_iban": "SI56020170014356205", "reference": "SI0026104417"} | wrong
            )
            html = words(self.ana.opens(self.address))
            assert "Podatkov za plačilo tega dokumenta trenutno ne moremo pokazati" in html
            assert "SI56" not in html
            self.ana.opens(self.picture, status=404)

    def test_a_credit_note_asks_for_no_payment(self):
        note = self.given_document(
            self.anas_payer, self.anas_house, "26-D-1", kind="credit_note", open_eur=Decimal("18.40"),
            amount_eur=Decimal("18.40"), payee_iban="SI56020170014356205",
        )  # fmt: skip
        html = words(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert "V vaše dobro" in html
        assert "SI56 0201" not in html

    def test_a_reading_of_another_payer_with_the_same_document_number_is_not_shown(self):
        self.given_billed(
            self.bojans_meters[0], self.bojans_firm, month=date(2026, 10, 1), value_from_m3="777", value_to_m3="778",
            document_number="26-OGR-104417",
        )  # fmt: skip
        assert "777" not in words(self.ana.opens(self.address))

    def keeps(self, kind, content):
        path = kept_path(content, folder=kind, suffix=f".{kind}")
        Document.objects.filter(pk=self.invoice.pk).update(**{f"{kind}_path": path})
        return path

    def test_the_suppliers_files_are_downloads_that_may_run_nothing(self):
        for kind, content in (("pdf", b"%PDF-1.7"), ("xml", b"<Invoice/>")):
            path = self.keeps(kind, content)
            response = self.ana.browser.get(f"{self.address}{kind}/")
            assert b"".join(response.streaming_content) == content
            assert response["Content-Disposition"] == f'attachment; filename="26-OGR-104417.{kind}"'
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in response["Cache-Control"]
            self.cilka.opens(f"{self.address}{kind}/", status=404)
            default_storage.delete(path)
            self.ana.opens(f"{self.address}{kind}/", status=404)

    def test_a_file_whose_bytes_have_changed_is_not_given_out(self):
        path = self.keeps("pdf", b"%PDF-1.7 as it came")
        default_storage.delete(path)
        default_storage.save(path, ContentFile(b"%PDF-1.7 with another IBAN"))
        self.addCleanup(default_storage.delete, path)
        self.ana.opens(f"{self.address}pdf/", status=404)

    def test_where_the_supplier_sent_no_pdf_there_is_an_informative_copy_with_the_same_figures(self):
        assert "PDF, informativna kopija" in words(self.ana.opens(self.address))
        for address, phrases in (
            (self.address, ("Informativna kopija", "Račun 26-OGR-104417", "136,84 €", "4260 m³", "52 m³", "99,53 €")),
            (f"/en/documents/{self.invoice.public_id}/", ("Informative copy", "Invoice 26-OGR-104417", "€136.84")),
        ):
            response = self.ana.browser.get(f"{address}pdf/")
            content = b"".join(response.streaming_content)
            assert "26-OGR-104417" in response["Content-Disposition"]
            text = text_of_pdf(content)
            for each in ("Ana Novak", "20418837", "ZD-26-OGR-104417", *phrases):
                assert each in text, each
            assert "SI56" not in text
        self.cilka.opens(f"{self.address}pdf/", status=404)

    def test_where_the_supplier_sent_no_xml_there_is_e_slog_with_the_same_figures(self):
        assert "XML, informativna kopija" in words(self.ana.opens(self.address))
        said = read_xml(b"".join(self.ana.browser.get(f"{self.address}xml/").streaming_content))
        assert said.is_valid
        assert (said.number, said.amount_eur, said.payer_number) == ("26-OGR-104417", "136.84", "20418837")
        assert said.payer_tax_numbers == (self.anas_payer.tax_number,)
        assert [line.description for line in said.lines] == ["Utekočinjeni naftni plin"]
        self.cilka.opens(f"{self.address}xml/", status=404)
        DocumentLine.objects.all().delete()
        assert "XML" not in words(self.ana.opens(self.address))
        self.ana.opens(f"{self.address}xml/", status=404)

    def test_a_copy_prints_hostile_words_as_they_are(self):
        hostile = '#read("/etc/passwd") $x$ <b> *a* \\ č'
        DocumentLine.objects.update(description=hostile)
        Document.objects.filter(pk=self.invoice.pk).update(amount_eur=Decimal("999999999.99"))
        content = b"".join(self.ana.browser.get(f"{self.address}pdf/").streaming_content)
        text = text_of_pdf(content)
        assert "passwd" in text and "root:" not in text
        assert "999.999.999,99 €" in text

    def test_notes_and_what_they_correct_lead_to_each_other(self):
        note = self.given_document(
            self.anas_payer, self.anas_house, "26-DOB-1", kind="credit_note", corrects_number="26-OGR-104417",
            amount_eur="18.40",
        )  # fmt: skip
        elsewhere = self.given_supply_point(self.anas_payer, "1042-9999")
        self.given_document(self.anas_payer, elsewhere, "26-DOB-2", corrects_number="26-OGR-104417")
        self.given_document(self.bojans_firm, None, "26-DOB-3", corrects_number="26-OGR-104417")
        html = words(self.ana.opens(self.address))
        assert f'<a href="{LIST}{note.public_id}/">Dobropis 26-DOB-1</a>' in html and "−18,40 €" in html
        assert "26-DOB-2" not in html and "26-DOB-3" not in html
        back = words(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert f'<a href="{self.address}">26-OGR-104417</a>' in back

    def test_a_note_on_a_document_that_is_not_shown_names_it_without_leading_there(self):
        note = self.given_document(
            self.anas_payer, self.anas_house, "26-DOB-1", kind="credit_note", corrects_number="19-OLD"
        )
        html = words(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert '<dd class="num">19-OLD</dd>' in html

    def test_each_kind_of_line_is_explained_in_plain_words(self):
        assert "Kaj pomenijo postavke?" not in words(self.ana.opens(self.address))
        DocumentLine.objects.update(kind="levy")
        html = words(self.ana.opens(self.address))
        assert "Kar država zaračuna na vsako enoto plina" in html
        assert "najemnina" not in html

    def test_lines_of_several_vat_rates_say_which_is_whose(self):
        DocumentLine.objects.create(
            document=self.invoice, position=2, description="Knjiga", quantity=1, unit="kos",
            unit_price_eur=1, net_eur=1, vat_percent=Decimal("9.5"),
        )  # fmt: skip
        html = words(self.ana.opens(self.address))
        assert "DDV 9,5 %" in html and "DDV 22 %" in html

    def test_the_number_of_statements_is_fixed(self):
        for number in range(3):
            self.given_document(
                self.anas_payer, self.anas_house, f"26-D-{number}", kind="credit_note", corrects_number="26-OGR-104417"
            )
        with self.assertNumQueries(STATEMENTS_OF_DOCUMENT):
            self.ana.opens(self.address)
