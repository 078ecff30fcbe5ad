"""The folder the demo supplier writes keeps the contract to the letter, and comes out the same every time."""

import csv
import hashlib
import importlib.resources
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from lxml import etree

from mojplin.interfaces.erp.contract import (
    FILES,
    MANIFEST,
    MOVE_ANSWERS,
    ORDER_STEPS,
    RENEWAL_ANSWERS,
    REQUEST_ANSWERS,
    Column,
    File,
    Kind,
)
from mojplin.interfaces.erp.demo.cast import FIRM, HOUSEHOLD

UNTIL = "2026-11-23"
ANSWERS = (REQUEST_ANSWERS, RENEWAL_ANSWERS, ORDER_STEPS, MOVE_ANSWERS)
"""What the supplier answers to what people do in the portal; in a fresh demo nobody has done anything."""
XSD = "{http://www.w3.org/2001/XMLSchema}"
REFERENCES = {
    "payer_number": "payers.csv",
    "supply_point_number": "supply_points.csv",
    "meter_number": "meters.csv",
    "document_number": "documents.csv",
    "contract_number": "contracts.csv",
    "corrects_document_number": "documents.csv",
}


def written_export(folder: Path, *, seed: int = 1, households: int = 40) -> Path:
    call_command("demo_export", str(folder), households=households, seed=seed, until=date.fromisoformat(UNTIL))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return written_export(tmp_path_factory.mktemp("feed") / UNTIL)


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def amount_of(message: etree._Element, group: str, code: str) -> Decimal:
    """The one amount with a code among the direct groups of the document (never of its lines)."""
    (amount,) = amounts_of(message, group, code)
    return amount


def amounts_of(message: etree._Element, group: str, code: str) -> list[Decimal]:
    name = "{urn:eslog:2.00}"
    found = message.findall(f"{name}{group}/{name}S_MOA/{name}C_C516")
    return [Decimal(each.findtext(f"{name}D_5004")) for each in found if each.findtext(f"{name}D_5025") == code]


def messages_of(folder: Path) -> Iterator[tuple[str, etree._Element]]:
    for path in sorted((folder / "xml").iterdir()):
        yield path.stem, etree.parse(path).getroot()[0]


def complaint_about(column: Column, value: str) -> str | None:
    """Say what is wrong with a value by the contract, or None."""
    if not value:
        return "missing" if column.required else None
    if column.kind is Kind.CODE:
        return None if value in column.codes else "unknown code"
    if column.kind is Kind.DATE:
        return None if date.fromisoformat(value).isoformat() == value else "not a date"
    if column.kind is Kind.TEXT:
        return None if len(value) <= column.size and value == value.strip() else "too long"
    return complaint_about_number(column, value)


def complaint_about_number(column: Column, value: str) -> str | None:
    places = f"[.][0-9]{{{column.places}}}" if column.kind is Kind.DECIMAL and column.places else ""
    if not re.fullmatch(f"-?[0-9]+{places}", value):
        return "not written as a number of its places"
    if column.minimum is not None and Decimal(value) < Decimal(column.minimum):
        return "too small"
    if column.maximum is not None and Decimal(value) > Decimal(column.maximum):
        return "too big"
    digits = len(re.sub(r"[^0-9]", "", value))
    return "too many digits" if column.kind is Kind.DECIMAL and digits > column.size else None


class TestContract:
    @pytest.mark.parametrize("file", ANSWERS, ids=lambda file: file.name)
    def test_nobody_has_asked_for_anything_yet(self, folder, file: File):
        assert rows_of(folder, file.name) == []

    @pytest.mark.parametrize("file", [file for file in FILES if file not in ANSWERS], ids=lambda file: file.name)
    def test_every_value_is_what_its_column_says(self, folder, file: File):
        rows = rows_of(folder, file.name)

        assert rows
        assert list(rows[0]) == [column.name for column in file.columns]
        wrong = {
            (column.name, row[column.name], complaint)
            for row in rows
            for column in file.columns
            if (complaint := complaint_about(column, row[column.name]))
        }
        assert not wrong

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
    def test_rows_are_known_by_their_key(self, folder, file: File):
        keys = [tuple(row[name] for name in file.key) for row in rows_of(folder, file.name)]

        assert len(set(keys)) == len(keys)

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
    def test_rows_name_only_what_the_export_holds(self, folder, file: File):
        for column in file.columns:
            home = REFERENCES.get(column.name)
            if home and home != file.name:
                key = "document_number" if column.name.startswith("corrects") else column.name
                known = {row[key] for row in rows_of(folder, home)} | {""}
                assert {row[column.name] for row in rows_of(folder, file.name)} <= known, column.name

    def test_the_manifest_counts_and_sums_every_file(self, folder):
        manifest = manifest_of(folder)
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

        assert set(manifest["files"]) == present - {MANIFEST}
        for name, facts in manifest["files"].items():
            assert facts["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
            assert facts.get("rows") == (len(rows_of(folder, name)) if name.endswith(".csv") else None)

    def test_the_manifest_says_which_export_it_is(self, folder):
        manifest = manifest_of(folder)

        assert (manifest["format"], manifest["sequence"], manifest["encoding"]) == (1, 20261123, "utf-8")
        assert manifest["made_at"] == "2026-11-23T03:00:00+01:00"


class TestXml:
    def test_every_xml_is_valid_by_the_schema(self, folder):
        schema = schema_of_eslog()
        for number, message in messages_of(folder):
            assert schema.validate(message.getroottree()), (number, schema.error_log.last_error)

    def test_every_xml_says_the_sums_of_its_row(self, folder):
        documents = {row["document_number"]: row for row in rows_of(folder, "documents.csv")}
        kinds = {"380": "invoice", "381": "credit_note", "383": "debit_note"}
        found = set()
        for number, message in messages_of(folder):
            row = documents[number]
            assert amount_of(message, "G_SG50", "79") == Decimal(row["net_eur"])
            assert amount_of(message, "G_SG50", "389") == Decimal(row["net_eur"])
            assert amount_of(message, "G_SG50", "176") == Decimal(row["vat_eur"])
            assert amount_of(message, "G_SG50", "388") == Decimal(row["amount_eur"])
            by_rate = amounts_of(message, "G_SG52", "124")
            assert sum(by_rate) == Decimal(row["vat_eur"]) and len(by_rate) == (2 if "-SER-" in number else 1)
            found.add(kinds[message.findtext(".//{urn:eslog:2.00}D_1001")])
        assert found == set(kinds.values())

    def test_all_documents_of_the_household_a_year_of_the_firm_and_two_months_of_others_have_xml(self, folder):
        expected = {
            row["document_number"]
            for row in rows_of(folder, "documents.csv")
            if row["payer_number"] == HOUSEHOLD.payer_number
            or (row["payer_number"] == FIRM.payer_number and row["issued_on"] >= "2025-12-01")
            or row["issued_on"] >= "2026-10-01"
        }

        assert expected <= {path.stem for path in (folder / "xml").iterdir()}


class TestPdf:
    def test_recent_documents_of_the_household_are_tagged_pdfs_marked_as_samples(self, folder):
        recent = [
            row["document_number"]
            for row in rows_of(folder, "documents.csv")
            if row["payer_number"] == HOUSEHOLD.payer_number and row["issued_on"] > "2026-01-01"
        ]

        assert len(recent) > 20
        for number in recent:
            pdf = (folder / "pdf" / f"{number}.pdf").read_bytes()
            assert pdf.startswith(b"%PDF-")
            assert b"/StructTreeRoot" in pdf
            assert b"pdfuaid:part" in pdf

    def test_every_point_of_the_firm_has_its_newest_invoice_on_paper(self, folder):
        newest = {
            row["supply_point_number"]: row["document_number"]
            for row in rows_of(folder, "documents.csv")
            if row["payer_number"] == FIRM.payer_number
        }

        assert len(newest) == 48
        assert all((folder / "pdf" / f"{number}.pdf").is_file() for number in newest.values())


class TestCommand:
    def test_two_runs_give_the_same_bytes(self, folder, tmp_path):
        again = written_export(tmp_path / "again")

        for path in folder.rglob("*.*"):
            assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes(), path.name
        assert len(list(folder.rglob("*.*"))) == len(list(again.rglob("*.*")))

    def test_an_export_is_never_written_over_another(self, folder):
        before = (folder / MANIFEST).read_bytes()
        with pytest.raises(CommandError, match="not an empty folder"):
            written_export(folder, seed=2)

        assert (folder / MANIFEST).read_bytes() == before

    def test_too_few_households_to_show_every_case_are_refused(self, tmp_path):
        with pytest.raises(CommandError, match="At least 20 households"):
            written_export(tmp_path / "small", households=19)

        assert not (tmp_path / "small").exists()

    @time_machine.travel("2026-06-30 23:30:00 +0000")
    def test_without_a_day_it_is_today_in_ljubljana_and_it_says_what_it_wrote(self, tmp_path, capsys):
        call_command("demo_export", str(tmp_path / "today"), households=20)

        assert manifest_of(tmp_path / "today")["sequence"] == 20260701
        assert re.search(r"today: \d+ rows, \d+ files, \d+ documents\.", capsys.readouterr().out)


def schema_of_eslog() -> etree.XMLSchema:
    """The schema inside pyslog, without the signature whose own schema it names but does not bring."""
    text = importlib.resources.files("pyslog.eslog2.schemas").joinpath("eSLOG20_INVOIC_v200.xsd").read_bytes()
    root = etree.XML(text)
    for element in list(root.iter(f"{XSD}import", f"{XSD}element")):
        if element.tag == f"{XSD}import" or element.get("ref") == "ds:Signature":
            element.getparent().remove(element)
    return etree.XMLSchema(root)
