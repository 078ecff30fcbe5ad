"""The readings of a firm in Excel: the template out, the filled file in, looked at first, then sent."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from mojplin.domain.metering.models import ReadingDraft, SubmittedReading
from mojplin.domain.metering.reading_file import HEADERS, read_file
from mojplin.foundation.errors import Refused
from mojplin.foundation.spreadsheets import Column, xlsx_of
from tests.web.test_reading_photo import PDF, picture
from tests.web.test_reading_table import TABLE, TableCase

FILE, TEMPLATE = "/stanje/preglednica/datoteka/", "/stanje/preglednica/predloga.xlsx"
NOT_EXCEL = "To ni Excelova datoteka (.xlsx), ki bi jo znali prebrati."


class FileCase(TableCase):
    def template(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.bojan.opens(TEMPLATE).content))

    def filled(self, *new, numbers: tuple[str, ...] = ()) -> bytes:
        """The template with the last column filled in, and perhaps other numbers in the first."""
        book = self.template()
        sheet = book.worksheets[0]
        for row, value in enumerate(new, start=2):
            sheet.cell(row, 7, value)
        for row, number in enumerate(numbers, start=2):
            sheet.cell(row, 1, number)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    def uploads(self, content: bytes | None, name: str = "stanja.xlsx") -> str:
        fields = {} if content is None else {"file": SimpleUploadedFile(name, content)}
        return self.bojan.sends(FILE, fields, status=200).content.decode().replace("\xa0", " ")


class TemplateTest(FileCase):
    def test_it_lists_the_points_with_what_is_known_of_them(self):
        rows = list(self.template().worksheets[0].iter_rows(values_only=True))
        assert rows[0][0] == "Odjemno mesto" and rows[0][6] == "Novo stanje (m³)"
        assert [row[:2] for row in rows[1:]] == [(f"2000-{n}", f"Apartma {n}") for n in (1, 2, 3)]
        assert rows[1][4] == 2000 and rows[1][5].date() == date(2026, 10, 31) and rows[1][6] is None

    def test_a_name_that_looks_like_a_formula_stays_a_text(self):
        self.bojan.user.links.filter(name="Apartma 1").update(name="=HYPERLINK(1)")
        cell = self.template().worksheets[0]["B2"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


class FilledInTest(FileCase):
    def test_it_is_looked_at_first_and_then_sent(self):
        html = self.uploads(self.filled(2041, "2.042", 1990))
        assert "Iz datoteke smo prebrali 3 stanja" in html and "Oddajte 2 stanji" in html
        assert "Vrstica 4: 1990 m³" in html and "Apartma 3" in html
        assert "Poglejte 2 stanji, kot ju razumemo" in html and "2042 m³" in html and "42 m³" in html
        assert self.taken() == [] and self.drafts() == ["2041", "2.042", "1990"]
        html = self.bojan.follows(self.bojan.sends(TABLE + "?show=entered", status=302)).content.decode()
        assert "Oddani sta 2 stanji." in html and 'value="1990"' in html
        assert [value for _number, value in self.taken()] == [Decimal(2041), Decimal(2042)]
        assert set(SubmittedReading.objects.values_list("way", flat=True)) == {"file"}

    def test_numbers_come_as_excel_keeps_them(self):
        self.uploads(self.filled(2041.0, 2042.7, " 2043 m³ "))
        assert self.drafts() == ["2041", "2042,7", "2043 m³"]
        assert set(ReadingDraft.objects.values_list("is_good", flat=True)) == {True}

    def test_rows_that_cannot_be_used_are_named_by_their_line(self):
        content = self.filled(2041, 5, True, numbers=("2000-1", "1042-7731", "2000-3"))
        html = self.uploads(content)
        assert "2 vrstici nista uporabni" in html
        assert "Vrstica 3: 1042-7731 ni med odjemnimi mesti, za katera lahko oddate stanje." in html
        assert "Vrstica 4: Novo stanje za 2000-3 ni število." in html
        html = self.uploads(self.filled(2041, 2042, numbers=("2000-1", "2000-1")))
        assert "Vrstica 3: 2000-1 je v datoteki dvakrat; upoštevali smo prvo vrstico." in html
        assert self.drafts() == ["2041"]

    def test_a_point_of_somebody_else_cannot_be_read_by_a_file(self):
        self.uploads(self.filled(5, numbers=("1042-7731",)))
        assert self.drafts() == []

    def test_what_is_no_template_gets_one_clear_sentence_and_changes_nothing(self):
        other = xlsx_of("x", [Column("a")], [("b",)])
        wrong = {
            b"": NOT_EXCEL, PDF: NOT_EXCEL, picture(): NOT_EXCEL, b"PK\x03\x04": NOT_EXCEL,
            self.filled()[:800]: NOT_EXCEL,
            zip_of(("a.txt", b"a")): NOT_EXCEL, other: "To ni naša predloga.",
            self.filled(): "V datoteki ni nobenega novega stanja.",
            zip_of(("xl/worksheets/sheet1.xml", b"0" * 61 * 1024 * 1024)): "Datoteka je prevelika",
            b"0" * (5 * 1024 * 1024 + 1): "Datoteka je prevelika",
        }  # fmt: skip
        for content, sentence in wrong.items():
            assert sentence in self.uploads(content), sentence
        assert "To ni naša predloga." in self.uploads(None)
        assert self.drafts() == [] and self.taken() == []

    def test_the_statements_do_not_grow_with_the_rows(self):
        counts = []
        for points in (0, 40):
            self.given_points(points, start=100)
            content = self.filled(*[2041] * (3 + points))
            sent = {"file": SimpleUploadedFile("stanja.xlsx", content)}
            counts.append(self.statements_of(lambda sent=sent: self.bojan.browser.post(FILE, sent)))
        assert counts[0] == counts[1] and len(self.drafts()) == 43

    def test_in_english_the_template_is_english_and_either_comes_in(self):
        answer = self.bojan.opens("/en/readings/table/template.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.worksheets[0]["G1"].value == "New reading (m³)"
        book.worksheets[0]["G2"] = 2041
        written = io.BytesIO()
        book.save(written)
        assert "Iz datoteke smo prebrali 1 stanje" in self.uploads(written.getvalue())

    def test_who_has_no_meter_gets_an_empty_template_and_nothing_to_upload(self):
        assert len(list(openpyxl.load_workbook(io.BytesIO(self.cilka.opens(TEMPLATE).content)).worksheets[0].rows)) == 1
        assert 'type="file"' not in self.cilka.opens(FILE).content.decode()


def zip_of(*files: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


WORKBOOK = xlsx_of("Stanja", [Column(str(each)) for each in HEADERS], [["2000-1", "", "", "", 5, None, 2041]] * 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_file_is_refused_or_read_and_never_breaks(changes):
    content = bytearray(WORKBOOK)
    for place, byte in changes:
        content[place] = byte
    with suppress(Refused):
        assert read_file(io.BytesIO(bytes(content)), []).entries == []
