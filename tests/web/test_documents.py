"""Invoices and notes: the list, one document, its files; and who must not see them."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from unittest.mock import ANY

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.models import Link
from mojplin.foundation.files import kept_path
from mojplin.interfaces.erp.feed.xml_reader import read_xml
from tests.cast import PortalTestCase, moment
from tests.codes import read_code
from tests.pdfs import text_of_pdf

LIST = "/racuni/"
STATEMENTS_OF_LIST, OF_OLDER, STATEMENTS_OF_DOCUMENT = 3, 4, 5


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class DocumentsList(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def test_shows_own_documents_newest_first_with_state_and_place(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 10, 12))
        self.given_document(
            self.anas_payer, self.anas_house, "26-2", open_eur=Decimal("136.84"), due_on=date(2126, 11, 30)
        )
        self.given_document(self.anas_payer, None, "26-3", kind="credit_note", issued_on=date(2026, 11, 20))
        html = text_of(self.ana.opens(LIST))
        assert re.findall(r"26-\d(?=</a>)", html) == ["26-3", "26-2", "26-1"]
        assert "Plačano" in html and "Neplačano" in html and "Upoštevano" in html
        assert "−136,84 €" in html
        assert 'value="136.84"' in html

    def test_a_stranger_sees_nothing_of_it(self):
        document = self.given_document(self.anas_payer, self.anas_house, "26-1")
        assert "26-1" not in text_of(self.cilka.opens(LIST))
        assert "26-1" not in text_of(self.bojan.opens(LIST))
        foreign = self.cilka.opens(f"{LIST}{document.public_id}/", status=404)
        unknown = self.cilka.opens(f"{LIST}{'x' * 22}/", status=404)
        assert _same_but_address(foreign, document.public_id) == _same_but_address(unknown, "x" * 22)

    def test_a_document_of_the_payer_elsewhere_stays_hidden(self):
        elsewhere = self.given_supply_point(self.anas_payer, "1042-9999")
        document = self.given_document(self.anas_payer, elsewhere, "26-7")
        assert "26-7" not in text_of(self.ana.opens(LIST))
        self.ana.opens(f"{LIST}{document.public_id}/", status=404)

    def test_an_ended_link_shows_nothing_more(self):
        document = self.given_document(self.anas_payer, self.anas_house, "26-1")
        Link.objects.filter(user=self.ana.user).update(ended_at=moment(2026, 11, 1))
        assert "26-1" not in text_of(self.ana.opens(LIST))
        self.ana.opens(f"{LIST}{document.public_id}/", status=404)

    def test_turns_pages_without_losing_or_repeating_a_document(self):
        for number in range(45):
            on = date(2026, 1, 1) + timedelta(days=number // 3)
            self.given_document(self.anas_payer, self.anas_house, f"26-{number:03}", issued_on=on)
        seen, address = [], LIST
        while address:
            html = text_of(self.ana.opens(address))
            seen += re.findall(r"26-\d{3}(?=</a>)", html)
            older = re.search(r'href="([^"]+)" rel="next"', html)
            address = older[1].replace("&amp;", "&") if older else ""
        assert seen == [f"26-{number:03}" for number in reversed(range(45))]

    def test_a_page_after_somebody_elses_document_is_not_found(self):
        document = self.given_document(self.bojans_firm, self.bojans_points[0], "26-5")
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2020, 1, 1))
        self.ana.opens(LIST, older=document.public_id, status=404)

    def found(self, who=None, **query):
        return re.findall(r"2\d-\w+(?=</a>)", text_of((who or self.ana).opens(LIST, **query)))

    def test_filters_by_kind_state_year_and_what_makes_no_sense_is_left_out(self):
        self.given_document(self.anas_payer, self.anas_house, "25-1", issued_on=date(2025, 12, 31))
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 1, 1))
        self.given_document(
            self.anas_payer, self.anas_house, "26-2", open_eur=Decimal(5), due_on=date(2126, 1, 1), kind="debit_note"
        )
        assert self.found(year="2025") == ["25-1"]
        assert (
            self.found(state="unpaid") == self.found(state="partly_paid") == self.found(kind="debit_note") == ["26-2"]
        )
        assert self.found(state="overdue") == []
        assert self.found(state="paid", year="2026") == ["26-1"]
        for odd in ({"year": "٢٠٢٥"}, {"year": "9" * 40}, {"kind": "x"}, {"q": "\0"}, {"q": " "}):
            assert len(self.found(**odd)) == 3, odd
        self.ana.opens(f"{LIST}?q=%ed%a0%80%00&state=%ff&older=%00")

    def test_an_invoice_that_a_credit_note_gives_back_whole_is_credited_not_paid(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", credited_eur=Decimal("136.84"))
        self.given_document(self.anas_payer, self.anas_house, "26-2", credited_eur=Decimal("15.08"))
        assert "Dobropisano" in text_of(self.ana.opens(LIST))
        assert (self.found(state="credited"), self.found(state="paid")) == (["26-1"], ["26-2"])

    def test_what_is_open_of_a_begun_payment_stands_beside_the_amount(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", open_eur=Decimal("36.80"))
        assert "odprto 36,80 €" in text_of(self.ana.opens(LIST))

    def test_the_list_of_one_place_shows_that_place_alone(self):
        for n, point in enumerate(self.bojans_points, start=1):
            self.given_document(self.bojans_firm, point, f"26-{n}")
        self.given_document(self.bojans_firm, None, "26-3")
        assert self.found(self.bojan, place=self.bojans_points[1].public_id) == ["26-2"]
        self.ana.opens(LIST, place=self.bojans_points[1].public_id, status=404)

    def test_searches_by_a_part_of_the_number_and_by_the_amount(self):
        for number, amount, left in (("26-X136", "50.00", "0"), ("26-2", "136.84", "0"), ("26-3", "1284.50", "136.84")):
            self.given_document(self.anas_payer, self.anas_house, number, amount_eur=amount, open_eur=Decimal(left))
        assert self.found(q="x13") == ["26-X136"]
        assert self.found(q="136,84 €") == self.found(q="136.84") == ["26-3", "26-2"]
        assert self.found(q="136") == ["26-3", "26-2", "26-X136"]
        assert self.found(q="1.284,50") == self.found(q="1,284.5 EUR") == self.found(q="1284") == ["26-3"]
        for nothing in ("9" * 300, "10^30", "%", "_", "č", "-0,00"):
            assert self.found(q=nothing) == [], nothing
        assert "na primer 136,84" in text_of(self.ana.opens(LIST, q="<b>nič</b>"))

    def test_older_documents_of_a_choice_keep_to_the_choice(self):
        for number in range(45):
            self.given_document(
                self.anas_payer, self.anas_house, f"26-{number:03}", kind="debit_note" if number % 2 else "invoice"
            )
        seen, address = [], f"{LIST}?kind=debit_note"
        while address:
            html = text_of(self.ana.opens(address))
            seen += re.findall(r"26-\d{3}(?=</a>)", html)
            older = re.search(r'href="([^"]+)" rel="next"', html)
            address = older[1].replace("&amp;", "&") if older else ""
        assert seen == [f"26-{number:03}" for number in range(43, 0, -2)]

    def test_an_empty_list_says_when_the_first_comes(self):
        assert "Računov še ni" in text_of(self.ana.opens(LIST))

    def test_the_number_of_statements_is_fixed(self):
        for number in range(25):
            self.given_document(self.anas_payer, self.anas_house, f"26-{number:03}", open_eur=Decimal(1))
        with self.assertNumQueries(STATEMENTS_OF_LIST):
            html = text_of(self.ana.opens(LIST))
        older = re.search(r'href="([^"]+)" rel="next"', html)[1]
        with self.assertNumQueries(OF_OLDER):
            self.ana.opens(older)

    def test_a_choice_takes_one_statement_more_and_reads_five_thousand_documents_by_pages(self):
        Document.objects.bulk_create(
            Document(
                number=f"26-{n:04}", kind="invoice", payer=self.bojans_firm, supply_point=self.bojans_points[n % 2],
                issued_on=date(2007, 1, 1) + timedelta(days=n), net_eur=1, vat_eur=0, amount_eur=Decimal(n) / 100,
                open_eur=0,
            )
            for n in range(5000)
        )  # fmt: skip
        with self.assertNumQueries(OF_OLDER):
            html = text_of(self.bojan.opens(LIST, q="4", place=self.bojans_points[0].public_id, kind="invoice"))
        assert len(re.findall(r"26-\d{4}(?=</a>)", html)) == 20

    def test_two_thousand_places_take_no_more_statements(self):
        points = [self.given_supply_point(self.bojans_firm, f"3000-{n}") for n in range(60)]
        for point in points:
            self.given_link(self.bojan, self.bojans_firm, point, name=point.number)
            self.given_document(self.bojans_firm, point, f"B-{point.number}")
        with self.assertNumQueries(STATEMENTS_OF_LIST):
            assert "B-3000-59" in text_of(self.bojan.opens(LIST))


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
        html = text_of(self.ana.opens(self.address))
        for words in (
            "136,84 €", "do ponedeljka, 30. novembra", "SI56 0201 7001 4356 205", "SI00 26104417", "4260 → 4312 m³",
            "Sporočeno stanje", "Utekočinjeni naftni plin", "52 m³", "1,9140 €", "DDV 22 %", "1. 10. do 31. 10. 2026",
        ):  # fmt: skip
            assert words in html, words

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
            html = text_of(self.ana.opens(self.address))
        paper = text_of_pdf(self.ana.browser.get(f"{self.address}pdf/").getvalue()).replace("\u00a0", " ")
        for words in told:
            assert words in html and words in paper, words
        assert "Obrnjena davčna obveznost" in html
        xml = read_xml(self.ana.browser.get(f"{self.address}xml/").getvalue())
        assert [(each.percent, each.vat_eur) for each in xml.vat] == [("22", "21.91"), ("9.5", "0.97"), ("0", "0.00")]
        assert xml.vat[2].reason == "Obrnjena davčna obveznost"

    def test_the_code_asks_for_what_remains_to_the_supplier_for_this_document(self):
        type(self.invoice).objects.filter(pk=self.invoice.pk).update(open_eur=Decimal("36.80"))
        assert f'<img src="{self.code}"' in text_of(self.ana.opens(self.address))
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
        assert "upn-qr" not in text_of(self.ana.opens(self.address))
        self.ana.opens(self.code, status=404)

    def test_wrong_payment_data_show_a_sentence_instead_of_a_wrong_slip(self):
        for wrong in ({"payee_iban": "SI56020170014356208"}, {"reference": "SI1226104417"}, {"reference": ""}):
            type(self.invoice).objects.filter(pk=self.invoice.pk).update(
                **{"payee_iban": "SI56020170014356205", "reference": "SI0026104417"} | wrong
            )
            html = text_of(self.ana.opens(self.address))
            assert "Podatkov za plačilo tega dokumenta trenutno ne moremo pokazati" in html
            assert "SI56" not in html
            self.ana.opens(self.picture, status=404)

    def test_a_credit_note_asks_for_no_payment(self):
        note = self.given_document(
            self.anas_payer, self.anas_house, "26-D-1", kind="credit_note", open_eur=Decimal("18.40"),
            amount_eur=Decimal("18.40"), payee_iban="SI56020170014356205",
        )  # fmt: skip
        html = text_of(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert "V vaše dobro" in html
        assert "SI56 0201" not in html

    def test_a_reading_of_another_payer_with_the_same_document_number_is_not_shown(self):
        self.given_billed(
            self.bojans_meters[0], self.bojans_firm, month=date(2026, 10, 1), value_from_m3="777", value_to_m3="778",
            document_number="26-OGR-104417",
        )  # fmt: skip
        assert "777" not in text_of(self.ana.opens(self.address))

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
        assert "PDF, informativna kopija" in text_of(self.ana.opens(self.address))
        for address, words in (
            (self.address, ("Informativna kopija", "Račun 26-OGR-104417", "136,84 €", "4260 m³", "52 m³", "99,53 €")),
            (f"/en/documents/{self.invoice.public_id}/", ("Informative copy", "Invoice 26-OGR-104417", "€136.84")),
        ):
            response = self.ana.browser.get(f"{address}pdf/")
            content = b"".join(response.streaming_content)
            assert "26-OGR-104417" in response["Content-Disposition"]
            text = text_of_pdf(content)
            for each in ("Ana Novak", "20418837", "ZD-26-OGR-104417", *words):
                assert each in text, each
            assert "SI56" not in text
        self.cilka.opens(f"{self.address}pdf/", status=404)

    def test_where_the_supplier_sent_no_xml_there_is_e_slog_with_the_same_figures(self):
        assert "XML, informativna kopija" in text_of(self.ana.opens(self.address))
        said = read_xml(b"".join(self.ana.browser.get(f"{self.address}xml/").streaming_content))
        assert said.is_valid
        assert (said.number, said.amount_eur, said.payer_number) == ("26-OGR-104417", "136.84", "20418837")
        assert said.payer_tax_numbers == (self.anas_payer.tax_number,)
        assert [line.description for line in said.lines] == ["Utekočinjeni naftni plin"]
        self.cilka.opens(f"{self.address}xml/", status=404)
        DocumentLine.objects.all().delete()
        assert "XML" not in text_of(self.ana.opens(self.address))
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
        html = text_of(self.ana.opens(self.address))
        assert f'<a href="{LIST}{note.public_id}/">Dobropis 26-DOB-1</a>' in html and "−18,40 €" in html
        assert "26-DOB-2" not in html and "26-DOB-3" not in html
        back = text_of(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert f'<a href="{self.address}">26-OGR-104417</a>' in back

    def test_a_note_on_a_document_that_is_not_shown_names_it_without_leading_there(self):
        note = self.given_document(
            self.anas_payer, self.anas_house, "26-DOB-1", kind="credit_note", corrects_number="19-OLD"
        )
        html = text_of(self.ana.opens(f"{LIST}{note.public_id}/"))
        assert '<dd class="num">19-OLD</dd>' in html

    def test_each_kind_of_line_is_explained_in_plain_words(self):
        assert "Kaj pomenijo postavke?" not in text_of(self.ana.opens(self.address))
        DocumentLine.objects.update(kind="levy")
        html = text_of(self.ana.opens(self.address))
        assert "Kar država zaračuna na vsako enoto plina" in html
        assert "najemnina" not in html

    def test_lines_of_several_vat_rates_say_which_is_whose(self):
        DocumentLine.objects.create(
            document=self.invoice, position=2, description="Knjiga", quantity=1, unit="kos",
            unit_price_eur=1, net_eur=1, vat_percent=Decimal("9.5"),
        )  # fmt: skip
        html = text_of(self.ana.opens(self.address))
        assert "DDV 9,5 %" in html and "DDV 22,0 %" in html

    def test_the_number_of_statements_is_fixed(self):
        for number in range(3):
            self.given_document(
                self.anas_payer, self.anas_house, f"26-D-{number}", kind="credit_note", corrects_number="26-OGR-104417"
            )
        with self.assertNumQueries(STATEMENTS_OF_DOCUMENT):
            self.ana.opens(self.address)


def test_the_state_of_a_document_follows_from_kind_amounts_and_due_date():
    today = date(2026, 11, 23)
    ten, four, none = Decimal(10), Decimal(4), Decimal(0)
    assert state_of("invoice", ten, none, none, date(2026, 1, 1), today) == "paid"
    assert state_of("invoice", ten, none, four, date(2026, 1, 1), today) == "paid"
    assert state_of("invoice", ten, none, ten, date(2026, 1, 1), today) == "credited"
    assert state_of("invoice", none, none, none, None, today) == "paid"
    assert state_of("invoice", ten, ten, none, today, today) == "unpaid"
    assert state_of("invoice", ten, four, none, today, today) == "partly_paid"
    assert state_of("debit_note", ten, four, none, date(2026, 11, 22), today) == "overdue"
    assert state_of("debit_note", ten, ten, none, None, today) == "unpaid"
    assert state_of("invoice", ten, ten, none, date(2026, 11, 18), today, date(2026, 11, 18)) == "collecting"
    assert state_of("invoice", ten, ten, none, date(2026, 11, 17), today, date(2026, 11, 17)) == "overdue"
    assert state_of("invoice", ten, none, none, today, today, today) == "paid"
    assert state_of("credit_note", ten, ten, none, date(2026, 1, 1), today) == "in_favour"
    assert state_of("credit_note", ten, none, none, None, today) == "settled"


class StatesInTheDatabase(PortalTestCase):
    def test_the_database_finds_each_document_under_the_state_it_is_shown_with(self):
        payer, today = self.given_payer(), date(2026, 11, 23)
        due = [None, date(2026, 11, 22), today]
        collected = [None, date(2026, 11, 17), date(2026, 11, 18)]
        cases = product(
            ["invoice", "credit_note", "debit_note"], ["0", "10"], ["0", "4", "10"], ["0", "4", "10"], due, collected
        )
        for number, (kind, amount, left, credited, due_on, collected_on) in enumerate(cases):
            if Decimal(left) <= Decimal(amount):
                self.given_document(
                    payer, None, f"26-{number}", kind=kind, amount_eur=amount, open_eur=Decimal(left),
                    credited_eur=Decimal(credited), due_on=due_on, collected_on=collected_on,
                )  # fmt: skip
        shown = {
            each.pk: state_of(
                each.kind, each.amount_eur, each.open_eur, each.credited_eur, each.due_on, today, each.collecting_on
            )
            for each in Document.objects.with_collection()
        }
        for state in ("partly_paid", "overdue", "collecting", "paid", "credited", "in_favour", "settled"):
            found = set(Document.objects.standing(state, today).values_list("pk", flat=True))
            assert found == {pk for pk, of_it in shown.items() if of_it == state} != set(), state
        unpaid = set(Document.objects.standing("unpaid", today).values_list("pk", flat=True))
        of_unpaid = ("unpaid", "partly_paid", "overdue", "collecting")
        assert unpaid == {pk for pk, of_it in shown.items() if of_it in of_unpaid}


def _same_but_address(response, public_id):
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return html.replace(public_id, "")
