"""Tables that leave and come in: nothing in them is a formula, and no file that comes in can do harm."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.foundation.spreadsheets import (
    BEGINS_A_FORMULA,
    LARGEST_UNPACKED_BYTES,
    Column,
    NotASpreadsheet,
    SpreadsheetTooLarge,
    csv_of,
    rows_of_xlsx,
    xlsx_of,
)

COLUMNS = [Column("Mesto"), Column("Stanje (m³)", places=3), Column("Dan")]
ROWS = [("=HYPERLINK(1)", Decimal("4399.500"), date(2026, 11, 26)), ("Čopič; »Dom«", None, None)]


def test_a_csv_has_a_mark_for_excel_semicolons_and_no_formula():
    lines = "".join(csv_of(COLUMNS, ROWS, decimal_comma=True))
    assert lines.startswith("\ufeffMesto;Stanje (m³);Dan\r\n")
    assert lines.splitlines()[1:] == ["'=HYPERLINK(1);4399,500;2026-11-26", '"Čopič; »Dom«";;']
    assert "4399.500" in "".join(csv_of(COLUMNS, ROWS, decimal_comma=False))


def test_a_workbook_keeps_numbers_days_and_texts_apart():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of("Stanja", COLUMNS, ROWS)))
    sheet = book["Stanja"]
    assert sheet["A2"].value == "=HYPERLINK(1)" and sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 4399.5 and sheet["B2"].number_format == "0.000"
    assert sheet["C2"].value.date() == date(2026, 11, 26)
    assert sheet.freeze_panes == "A2"


def test_what_we_write_we_read():
    found = rows_of_xlsx(io.BytesIO(xlsx_of("Stanja", COLUMNS, ROWS)), most_rows=10, most_columns=3)
    assert found[0] == ["Mesto", "Stanje (m³)", "Dan"]
    assert found[1][:2] == ["=HYPERLINK(1)", 4399.5] and found[2][0] == "Čopič; »Dom«"


@given(st.text(max_size=40))
def test_no_text_becomes_a_formula_in_a_csv(text):
    written = "".join(csv_of([Column("x")], [(text,)], decimal_comma=True)).removeprefix("\ufeff")
    (cell,) = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))[1] or [""]
    assert not cell.startswith(BEGINS_A_FORMULA)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", xlsx_of("x", COLUMNS, ROWS)[:900]])
def test_what_is_no_workbook_is_refused_in_one_sentence(content):
    with pytest.raises(NotASpreadsheet):
        rows_of_xlsx(io.BytesIO(content), most_rows=10, most_columns=3)


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("readme.txt", "nothing")
    with pytest.raises(NotASpreadsheet):
        rows_of_xlsx(file, most_rows=10, most_columns=3)


def test_a_bomb_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (11 * 1024 * 1024))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(SpreadsheetTooLarge):
        rows_of_xlsx(file, most_rows=10, most_columns=3)


def test_a_template_of_five_thousand_points_is_far_from_a_bomb():
    row = ("1042-00001", "Apartma Vrtnica v pritličju levo", "Zgornja Kungota, Cesta XIV. divizije 114a", 12_345)
    full = xlsx_of("x", [Column(f"x{n}") for n in range(7)], [(*row, *row[1:]) for _n in range(5_000)])
    with zipfile.ZipFile(io.BytesIO(full)) as parts:
        assert sum(part.file_size for part in parts.infolist()) < LARGEST_UNPACKED_BYTES / 2
    assert len(rows_of_xlsx(io.BytesIO(full), most_rows=5_001, most_columns=7)) == 5_001


def test_more_rows_than_a_template_has_are_refused():
    many = xlsx_of("x", [Column("x")], [(n,) for n in range(12)])
    assert len(rows_of_xlsx(io.BytesIO(many), most_rows=12, most_columns=1)) == 13
    with pytest.raises(SpreadsheetTooLarge):
        rows_of_xlsx(io.BytesIO(many), most_rows=11, most_columns=1)
