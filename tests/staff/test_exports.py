"""Exports in the office: counts, rows set aside as CSV, and the held ones, about which an administrator decides."""

import csv
from datetime import timedelta

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.foundation.idempotency import new_form_key
from tests.cast import Customer, PortalTestCase, moment

BEGAN = moment(2026, 11, 23, 5)
DIFFERENCE = {
    "files": {
        "documents.csv": {"before": 24116, "now": 24120, "is_too_few": False, "added": 12, "changed": 3},
        "payers.csv": {"before": 1900, "now": 1710, "is_too_few": True, "added": 0, "changed": 7},
    },
    "payers": {"paying": 1900, "ended": 190, "is_too_many": True, "numbers": ["20418837", "20419106"]},
}


class ExportsTests(PortalTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.nika, cls.dora = Customer("Nika", role="reader"), Customer("Dora", role="admin")
        cls.held = FeedRun.objects.create(
            folder="feed/2026-11-23", sequence=41, made_at=BEGAN, started_at=BEGAN, state="held",
            finished_at=BEGAN + timedelta(seconds=42), reason="payers.csv has 1710 rows, last time it had 1900.",
            difference=DIFFERENCE,
        )  # fmt: skip
        cls.address = f"/urad/izvozi/{cls.held.pk}/"

    def state(self) -> tuple[str, str]:
        self.held.refresh_from_db()
        return self.held.state, self.held.decision_reason

    def test_the_rows_set_aside_are_a_file_for_the_people_of_the_erp(self):
        for line, value, is_warning in ((17, "=HYPERLINK(1)", False), (3, "Čop; d. o. o.", True)):
            SetAsideRow.objects.create(
                run=self.held, file="payers.csv", line=line, column="name", value=value, reason="No.",
                is_warning=is_warning,
            )  # fmt: skip
        answer = self.nika.opens(f"{self.address}izlocene-vrstice.csv")
        assert answer["Content-Disposition"] == 'attachment; filename="set-aside-41.csv"'
        rows = list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines(), delimiter=";"))
        assert rows == [
            ["file", "line", "column", "value", "reason", "taken_in_all_the_same"],
            ["payers.csv", "17", "name", "'=HYPERLINK(1)", "No.", "no"],
            ["payers.csv", "3", "name", "Čop; d. o. o.", "No.", "yes"],
        ]

    def test_a_file_wrong_in_every_row_says_that_not_all_findings_are_kept(self):
        SetAsideRow.objects.create(run=self.held, file="payers.csv", line=1, reason="No.")
        assert "skupaj izločil" not in self.nika.opens(self.address).content.decode()
        FeedRun.objects.filter(pk=self.held.pk).update(counts={"payers.csv": {"rows": 9000, "set_aside": 9000}})
        assert "Izvoz je skupaj izločil 9.000 vrstic" in self.nika.opens(self.address).content.decode()

    def test_who_looks_at_a_held_export_sees_the_difference_and_who_decides(self):
        page = self.nika.opens(self.address).content.decode()
        for text in (
            "V datoteki payers.csv je vrstic 1.710, zadnjič jih je bilo 1.900.", "-190", "24.120", "premalo",
            "190 od 1.900 plačnikov", "20418837, 20419106", "O njem odloči skrbnik.",
        ):  # fmt: skip
            assert text.replace("-", "−") in page, text
        assert "/prevzem/" not in page
        self.nika.opens(f"{self.address}prevzem/", status=404)
        english = self.dora.opens(f"/en/office/exports/{self.held.pk}/").content.decode()
        assert "Take it in anyway" in english and "payers.csv has 1,710 rows" in english

    def test_an_administrator_reads_what_will_happen_and_has_it_taken_in_once(self):
        page = self.dora.opens(f"{self.address}prevzem/").content.decode()
        assert "To se bo zgodilo" in page and "190 plačnikov preneha" in page
        form = {"reason": "Enklavo smo prodali.", "form_key": new_form_key()}
        for _click in range(2):
            answer = self.dora.sends(f"{self.address}prevzem/", form, status=302)
        assert "Izvoz se prevzema" in self.dora.follows(answer).content.decode()
        assert self.state() == ("accepted", "Enklavo smo prodali.")
        assert AccessEvent.objects.filter(what="export_accepted", by=self.dora.user).count() == 1
        assert "kljub zadržanju" in self.nika.opens(self.address).content.decode()

    def test_an_administrator_rejects_it_and_the_other_comes_too_late(self):
        eva = Customer("Eva", role="admin")
        self.dora.sends(f"{self.address}zavrnitev/", {"reason": "Napaka v ERP."}, status=302)
        late = eva.sends(f"{self.address}prevzem/", {"reason": "Prevzemimo."}, status=200)
        assert "ne čaka več na odločitev" in late.content.decode()
        assert self.state() == ("rejected", "Napaka v ERP.")
        assert "Zavrnjen" in self.nika.opens("/urad/izvozi/").content.decode()

    def test_without_a_reason_nothing_is_decided_and_what_was_typed_stays(self):
        for bad in ("", "   ", "a" * 201):
            with self.subTest(bad):
                page = self.dora.sends(f"{self.address}prevzem/", {"reason": bad}, status=200)
                assert 'aria-invalid="true"' in page.content.decode()
        assert self.state() == ("held", "")

    def test_one_that_was_overtaken_can_only_be_rejected(self):
        FeedRun.objects.create(folder="f", sequence=42, started_at=BEGAN + timedelta(days=1), state="taken_in")
        assert "/prevzem/" not in self.dora.opens(self.address).content.decode()
        assert "Medtem je bil prevzet novejši izvoz" in self.dora.opens(f"{self.address}prevzem/").content.decode()
        self.dora.sends(f"{self.address}prevzem/", {"reason": "Vseeno."}, status=200)
        assert self.state() == ("held", "")

    def test_the_pages_take_few_statements(self):
        SetAsideRow.objects.bulk_create(
            SetAsideRow(run=self.held, file="payers.csv", line=line, reason="No.") for line in range(40)
        )
        for address, statements in (
            ("/urad/izvozi/", 2),
            (self.address, 5),
            (f"{self.address}izlocene-vrstice.csv", 3),
        ):
            with self.assertNumQueries(statements):
                self.nika.opens(address).getvalue()
