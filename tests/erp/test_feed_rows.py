"""What of an export is taken in, what is set aside, and what refuses the whole."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum

from mojplin.domain.billing.models import Document, DocumentLine, UnallocatedPayment
from mojplin.domain.contracts.models import Offer
from mojplin.domain.supply.models import FeedRun, Payer, SetAsideRow, SupplyPoint
from mojplin.foundation.protected import decrypted
from mojplin.interfaces.erp.contract import MANIFEST
from mojplin.interfaces.erp.feed.document import PLACE, written
from tests.erp.feeds import ABOUT_WHAT_CUSTOMERS_DID, Feed, everything, exit_code_of, found, last_run, write_manifest

pytestmark = pytest.mark.django_db

BIDI = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def feed() -> Feed:
    return Feed()


class TestDocumentation:
    def test_the_page_says_what_the_contract_says(self):
        assert PLACE.read_text(encoding="utf-8") == written()

    def test_the_example_of_the_page_is_taken_in(self, tmp_path):
        text = PLACE.read_text(encoding="utf-8")
        examples = re.findall(r"### (\w+\.csv)\n.*?```csv\n(.*?)```", text, re.DOTALL)
        contents = {
            name.removesuffix(".csv"): example.encode()
            for name, example in examples
            if name not in ABOUT_WHAT_CUSTOMERS_DID
        }
        folder = Feed().write(tmp_path / "example", **contents)

        assert exit_code_of(folder) == 0
        assert Document.objects.get().open_eur == Decimal("136.84")
        assert {name: counts["added"] for name, counts in last_run().counts.items() if name.endswith(".csv")} == {
            name: 0 if name in ("open_items.csv", *ABOUT_WHAT_CUSTOMERS_DID) else 1 for name, _example in examples
        }


class TestDemo:
    def test_the_demo_supplier_goes_in_and_a_second_time_changes_nothing(self, tmp_path, capsys):
        folder = tmp_path / "demo"
        call_command("demo_export", str(folder), households=20, seed=1, until=date(2026, 11, 23))
        capsys.readouterr()

        assert exit_code_of(folder) == 0
        assert "0 set aside, 0 warnings." in capsys.readouterr().out
        before = everything()
        assert exit_code_of(folder) == 0
        assert everything() == before
        assert "0 new, 0 changed" in capsys.readouterr().out
        assert Document.objects.filter(xml_state="valid").exists()
        assert Document.objects.exclude(pdf_path="").exists()


class TestSlips:
    @pytest.mark.parametrize(
        ("change", "column", "value", "reason"),
        [
            (
                {"payee_iban": "SI56020170014356208"},
                "payee_iban",
                "SI56020170014356208",
                "the IBAN is missing or wrong",
            ),
            ({"payee_iban": ""}, "payee_iban", "", "the IBAN is missing or wrong"),
            ({"reference": "SI1226104417001"}, "reference", "SI1226104417001", "the payment reference is missing"),
            ({"purpose_code": "gas1"}, "purpose_code", "gas1", "the purpose or its code is wrong"),
        ],
    )
    def test_the_office_hears_of_an_open_document_that_can_have_no_slip(
        self, feed, tmp_path, change, column, value, reason
    ):
        feed.change("documents.csv", **change)
        assert exit_code_of(feed.write(tmp_path)) == 0
        row = SetAsideRow.objects.get()
        assert (row.file, row.line, row.column, row.value, row.is_warning) == ("documents.csv", 2, column, value, True)
        assert reason in row.reason
        assert Document.objects.exists()

    def test_the_office_hears_of_an_account_that_is_not_in_the_suppliers_file(self, feed, tmp_path, settings):
        settings.PAYEE_IBANS = ("SI56990000000000165",)
        assert exit_code_of(feed.write(tmp_path)) == 0
        ((file, line, column, reason),) = found()
        assert (file, line, column) == ("documents.csv", 2, "payee_iban")
        assert reason == "No payment slip is shown: the IBAN is none of the accounts in the supplier's file."

    def test_of_a_paid_document_and_of_a_credit_note_nobody_is_told(self, feed, tmp_path):
        feed.change("documents.csv", payee_iban="", kind="credit_note")
        feed.add("documents.csv", document_number="26-OGR-1", kind="invoice")
        exit_code_of(feed.write(tmp_path))
        assert not SetAsideRow.objects.exists()


class TestRows:
    def test_tax_numbers_are_kept_hashed_and_encrypted(self, feed, tmp_path):
        exit_code_of(feed.write(tmp_path))

        payer = Payer.objects.get()
        assert decrypted(payer.tax_number_encrypted) == "50223054"
        assert (payer.tax_number_last3, len(payer.tax_number_hash)) == ("054", 64)

    def test_a_changed_row_keeps_its_public_id_and_a_new_one_gets_one(self, feed, tmp_path):
        exit_code_of(feed.write(tmp_path))
        before = SupplyPoint.objects.get()
        feed.change("supply_points.csv", street="Nova ulica 5")
        feed.add("supply_points.csv", supply_point_number="1042-9999")
        exit_code_of(feed.write(tmp_path, sequence=2))

        after = SupplyPoint.objects.get(number=before.number)
        assert (after.pk, after.public_id, after.street) == (before.pk, before.public_id, "Nova ulica 5")
        assert len(SupplyPoint.objects.get(number="1042-9999").public_id) == 22
        assert last_run().counts["supply_points.csv"] == {
            "rows": 2, "added": 1, "changed": 1, "unchanged": 0, "set_aside": 0
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "column", "value", "reason"),
        [
            ("payers.csv", "payer_number", "", "The value is missing."),
            ("payers.csv", "name", "a" * 141, "The text is longer than 140 characters."),
            ("payers.csv", "name", "Ana\x00", "The text holds a control character."),
            ("payers.csv", "name", "Ana\nNovak", "The text holds a control character."),
            ("payers.csv", "name", f"Ana {BIDI}kavoN", "The text holds a control character."),
            ("payers.csv", "name", " Ana", "The text starts or ends with a blank."),
            ("payers.csv", "kind", "cat", "Not one of: person, company."),
            ("payers.csv", "tax_number", "50223055", "The check digit is wrong."),
            ("documents.csv", "amount_eur", "1.234,56", "Not a number with a decimal point"),
            ("documents.csv", "amount_eur", "136.845", "Not a number with a decimal point"),
            ("documents.csv", "amount_eur", "-5.00", "The number is below zero."),
            ("documents.csv", "amount_eur", "NaN", "Not a number with a decimal point"),
            ("documents.csv", "amount_eur", "12345678901.00", "Not a number with a decimal point"),
            ("documents.csv", "issued_on", "12. 11. 2026", "Not a date"),
            ("documents.csv", "issued_on", "2026-02-30", "Not a date"),
            ("documents.csv", "issued_on", "20261112", "Not a date"),
            ("documents.csv", "period_to", "2026-09-30", "The last day is before the first."),
            ("documents.csv", "payer_number", "999", "There is no such row in payers.csv."),
            ("documents.csv", "supply_point_number", "999", "There is no such row in supply_points.csv."),
            ("meters.csv", "digits", "99", "Not between 3 and 9."),
            ("meters.csv", "final_value_m3", "", "A removed meter needs its day and its final value."),
            ("billed_readings.csv", "consumption_m3", "-1.000", "Only a settlement may be below zero."),
            ("contracts.csv", "ends_on", "2024-01-31", "The last day is before the first."),
            ("contracts.csv", "unit", "", "A price needs its unit, and a unit its price."),
            ("open_items.csv", "open_eur", "137.00", "More is open than the document's amount."),
            ("open_items.csv", "payer_number", "20419999", "The document is another payer's."),
            ("open_items.csv", "document_number", "26-X", "There is no such row in documents.csv."),
        ],
    )
    def test_a_bad_row_is_set_aside_with_its_place_and_reason(self, feed, tmp_path, name, column, value, reason):
        feed.add("payers.csv", payer_number="20419999", tax_number="32952902")
        rows = {"payers.csv": "payer_number", "documents.csv": "document_number", "meters.csv": "meter_number"}
        key = rows.get(name) or f"{name.removesuffix('s.csv')}_number".replace("billed_reading_", "reading_")
        key = key.replace("open_item_", "item_")
        feed.rows[name].append(feed.rows[name][0] | {key: "777"} | {column: value})
        if name == "open_items.csv" and column == "open_eur":
            feed.rows[name].pop(0)

        assert exit_code_of(feed.write(tmp_path)) == 2
        ((file, line, found_column, found_reason),) = found()
        assert (file, line, found_column) == (name, len(feed.rows[name]) + 1, column)
        assert found_reason.startswith(reason)
        assert Payer.objects.filter(number="20418837").exists()

    def test_a_tax_number_is_never_written_into_the_record(self, feed, tmp_path):
        feed.change("payers.csv", tax_number="50223055")

        exit_code_of(feed.write(tmp_path))
        assert SetAsideRow.objects.filter(column="tax_number").get().value == "…055"

    def test_a_foreign_tax_number_needs_no_slovene_check_digit(self, feed, tmp_path):
        feed.change("payers.csv", tax_number="IT12345670017")

        assert exit_code_of(feed.write(tmp_path)) == 0

    def test_a_row_that_stands_twice_is_taken_in_once(self, feed, tmp_path):
        feed.add("documents.csv")

        assert exit_code_of(feed.write(tmp_path)) == 2
        assert found() == [("documents.csv", 3, "document_number", "The row stands in the file twice.")]
        assert Document.objects.count() == 1

    def test_a_row_of_too_few_values_is_set_aside(self, feed, tmp_path):
        feed.add("payers.csv")
        content = feed.csv("payers.csv").rsplit("\r\n", 2)[0] + "\r\n20419999,Ana\r\n"

        assert exit_code_of(feed.write(tmp_path, payers=content.encode())) == 2
        assert found() == [("payers.csv", 3, "", "The row has 2 values, the header 9.")]

    def test_an_unknown_column_is_ignored_with_a_warning(self, feed, tmp_path):
        lines = feed.csv("payers.csv").splitlines()
        content = f"shoe_size,{lines[0]}\r\n44,{lines[1]}\r\n"

        assert exit_code_of(feed.write(tmp_path, payers=content.encode())) == 0
        assert SetAsideRow.objects.get().is_warning

    def test_a_document_whose_open_item_is_set_aside_is_not_called_paid(self, feed, tmp_path):
        feed.change("open_items.csv", open_eur="137,00")

        assert exit_code_of(feed.write(tmp_path)) == 2
        assert Document.objects.get().open_eur == Decimal("136.84")


class TestMoney:
    def test_what_is_open_equals_the_open_items_run_after_run(self, feed, tmp_path):
        feed.add("documents.csv", document_number="26-2", kind="credit_note")
        feed.add("open_items.csv", item_number="2", document_number="26-2", open_eur="6.84")
        feed.add("open_items.csv", item_number="3", kind="payment", document_number="", open_eur="30.00")
        exit_code_of(feed.write(tmp_path))
        assert Document.objects.all().open_balance_eur() == Decimal("130.00")
        assert UnallocatedPayment.objects.get().open_eur == Decimal("30.00")

        feed.rows["open_items.csv"] = [feed.rows["open_items.csv"][1] | {"open_eur": "5.00"}]
        exit_code_of(feed.write(tmp_path, sequence=2), "--even-if-smaller")
        assert Document.objects.all().open_balance_eur() == Decimal("-5.00")
        assert UnallocatedPayment.objects.aggregate(left=Sum("open_eur"))["left"] == 0

    def test_what_credit_notes_give_back_is_noted_on_their_document_run_after_run(self, feed, tmp_path):
        number = feed.rows["documents.csv"][0]["document_number"]
        feed.change("documents.csv", corrects_document_number="")
        feed.add("payers.csv", payer_number="20419999", tax_number="32952902")
        note = {"kind": "credit_note", "corrects_document_number": number, "net_eur": "6.00", "vat_eur": "0.00"}
        feed.add("documents.csv", document_number="26-2", amount_eur="6.00", **note)
        feed.add("documents.csv", document_number="26-3", amount_eur="6.00", **note)
        feed.add("documents.csv", document_number="26-4", amount_eur="6.00", **note, payer_number="20419999")
        exit_code_of(feed.write(tmp_path))
        assert Document.objects.get(number=number).credited_eur == Decimal("12.00")

        for row in feed.rows["documents.csv"][1:]:
            row["corrects_document_number"] = ""
        exit_code_of(feed.write(tmp_path, sequence=2))
        assert Document.objects.get(number=number).credited_eur == 0

    def test_a_line_may_say_what_kind_it_is_or_nothing_but_not_anything(self, feed, tmp_path):
        feed.add("document_lines.csv", position="2", kind="")
        feed.add("document_lines.csv", position="3", kind="cat")
        assert exit_code_of(feed.write(tmp_path)) == 2
        assert list(DocumentLine.objects.order_by("position").values_list("kind", flat=True)) == ["gas", ""]

    def test_an_offer_no_longer_exported_is_withdrawn_and_may_come_back(self, feed, tmp_path):
        feed.add("offers.csv", offer_number="P-2")
        exit_code_of(feed.write(tmp_path))
        second = feed.rows["offers.csv"].pop()
        exit_code_of(feed.write(tmp_path, sequence=2))
        assert Offer.objects.get(number="P-2").withdrawn_on == date(2026, 11, 23)

        feed.rows["offers.csv"].append(second)
        exit_code_of(feed.write(tmp_path, sequence=3))
        assert Offer.objects.get(number="P-2").withdrawn_on is None


class TestEncodings:
    @pytest.mark.parametrize(("encoding", "bom"), [("utf-8", False), ("utf-8", True), ("cp1250", False)])
    def test_letters_arrive_whole(self, feed, tmp_path, encoding, bom):
        feed.change("payers.csv", name="Žiga Čuček-Đurić")

        assert exit_code_of(feed.write(tmp_path, encoding=encoding, bom=bom)) == 0
        assert Payer.objects.get().name == "Žiga Čuček-Đurić"

    def test_cp1250_that_the_manifest_does_not_admit_is_refused(self, feed, tmp_path):
        feed.change("payers.csv", name="Žiga")

        assert exit_code_of(feed.write(tmp_path, payers=feed.csv("payers.csv").encode("cp1250"))) == 1
        assert "not written in the encoding" in last_run().reason


class TestRefused:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda folder: (folder / MANIFEST).unlink(),
            lambda folder: (folder / MANIFEST).write_text("<html>"),
            lambda folder: (folder / MANIFEST).write_text("[" * 100_000),
            lambda folder: (folder / "payers.csv").unlink(),
            lambda folder: (folder / "payers.csv").write_text("half a fi"),
            lambda folder: write_manifest(folder, {}),
            lambda folder: write_manifest(folder, manifest_files(folder), format=2),
            lambda folder: write_manifest(folder, manifest_files(folder), sequence="1"),
            lambda folder: write_manifest(folder, manifest_files(folder), made_at="yesterday"),
            lambda folder: write_manifest(folder, manifest_files(folder), made_at="9999-12-31T23:00:00-05:00"),
            lambda folder: write_manifest(folder, manifest_files(folder), encoding="utf-7"),
            lambda folder: write_manifest(folder, manifest_files(folder) | {"../x.csv": {"sha256": ""}}),
            lambda folder: write_manifest(folder, manifest_files(folder) | {"pdf/\ud800.pdf": {"sha256": ""}}),
            lambda folder: write_manifest(folder, manifest_files(folder, rows=7)),
        ],
    )
    def test_a_spoilt_folder_changes_nothing(self, feed, tmp_path, spoil):
        exit_code_of(feed.write(tmp_path))
        before = everything()
        feed.change("payers.csv", name="Nekdo Drug")
        spoil(feed.write(tmp_path, sequence=2))

        assert exit_code_of(tmp_path) == 1
        assert everything() == before
        assert last_run().state == FeedRun.State.REFUSED
        assert last_run().reason

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"<html><body>500</body></html>", "column"),
            (b"", "column"),
            (b"payer_number;name\r\n1;2\r\n", "column"),
            (b'payer_number,name\r\n"1,2\r\n', "column"),
        ],
    )
    def test_a_file_without_its_columns_is_refused(self, feed, tmp_path, content, reason):
        assert exit_code_of(feed.write(tmp_path, payers=content)) == 1
        assert reason in last_run().reason
        assert not SupplyPoint.objects.exists()

    def test_a_quote_that_never_ends_is_refused_with_its_line(self, feed, tmp_path):
        content = feed.csv("payers.csv").replace("Marjeta", '"Marjeta')

        assert exit_code_of(feed.write(tmp_path, payers=content.encode())) == 1
        assert "payers.csv, line 2: not readable CSV" in last_run().reason

    def test_an_older_export_is_refused(self, feed, tmp_path):
        exit_code_of(feed.write(tmp_path, sequence=5))

        assert exit_code_of(feed.write(tmp_path, sequence=4)) == 1
        assert "older" in last_run().reason

    def test_a_run_that_a_crash_left_behind_is_closed_by_the_next(self, feed, tmp_path):
        left = FeedRun.objects.create(folder="x", started_at="2026-11-22T03:00:00Z", state=FeedRun.State.RUNNING)

        assert exit_code_of(feed.write(tmp_path)) == 0
        left.refresh_from_db()
        assert left.state == FeedRun.State.REFUSED
        assert "cut off" in left.reason

    def test_no_folder_is_one_clear_sentence(self, tmp_path):
        assert exit_code_of(tmp_path / "nowhere") == 1
        assert not FeedRun.objects.exists()


class TestHeld:
    def test_far_fewer_rows_wait_for_a_person(self, feed, tmp_path):
        for number in range(20):
            feed.add("payers.csv", payer_number=f"3{number}")
        exit_code_of(feed.write(tmp_path))
        before = everything()
        del feed.rows["payers.csv"][-2:]
        feed.change("payers.csv", name="Nekdo Drug")
        feed.write(tmp_path, sequence=2)

        assert exit_code_of(tmp_path) == 3
        assert everything() == before
        assert last_run().reason == "payers.csv has 19 rows, last time it had 21."
        assert exit_code_of(tmp_path, "--even-if-smaller") == 0
        assert Payer.objects.filter(name="Nekdo Drug").exists()
        assert Payer.objects.count() == 21

    def test_many_payers_ending_wait_for_a_person(self, feed, tmp_path):
        exit_code_of(feed.write(tmp_path))
        feed.change("payer_periods.csv", ends_on="2026-11-01")

        assert exit_code_of(feed.write(tmp_path, sequence=2)) == 3
        assert last_run().reason == "1 of 1 payers would end."


def manifest_files(folder, rows: int | None = None):
    files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    if rows is not None:
        files["payers.csv"]["rows"] = rows
    return files
