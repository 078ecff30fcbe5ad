"""The back office: what was taken in, what was set aside, what waits to be sent; nobody else finds it."""

from datetime import timedelta

from django.utils import timezone

from mojplin.domain.supply.models import FeedRun, SetAsideRow
from mojplin.foundation.heartbeat import beat
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, Visitor, moment


class OfficeTests(PortalTestCase):
    def setUp(self) -> None:
        self.nika = Customer("Nika", role="reader")

    def given_run(self, **more: object) -> FeedRun:
        began = moment(2026, 11, 23, 5)
        fields = {
            "folder": "feed/2026-11-23", "started_at": began, "finished_at": began + timedelta(seconds=42),
            "state": "taken_in",
            "counts": {"documents.csv": {"rows": 24116, "added": 312, "changed": 7, "unchanged": 23797}},
        } | more  # fmt: skip
        return FeedRun.objects.create(**fields)

    def test_staff_see_each_run_with_counts_state_and_duration(self):
        run = self.given_run()
        SetAsideRow.objects.create(run=run, file="documents.csv", line=17, reason="No such payer.")
        page = self.nika.opens("/urad/").content.decode()
        for text in ("Prevzeto", "24.116", "312", "42 s", f"/urad/izvozi/{run.pk}/"):
            assert text in page

    def test_staff_see_which_rows_were_set_aside_and_why(self):
        run = self.given_run(state="held", reason="documents.csv has 10 rows.")
        SetAsideRow.objects.create(
            run=run,
            file="documents.csv",
            line=1017,
            column="payer_number",
            value="<b>20418837",
            reason="No such payer.",
        )
        SetAsideRow.objects.create(run=run, file="xml/1.xml", line=0, reason="Sums differ.", is_warning=True)
        page = self.nika.opens(f"/urad/izvozi/{run.pk}/").content.decode()
        for text in ("Čaka na pregled", "documents.csv has 10 rows.", "1.017", "payer_number", "&lt;b&gt;20418837"):
            assert text in page
        assert "No such payer." in page and "Opozorilo: Sums differ." in page and "2 vrstici" in page

    def test_staff_see_what_waits_to_be_sent_and_what_was_given_up(self):
        message = Message.post("mail")
        Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=5))
        Message.objects.filter(pk=Message.post("erp.reading.submitted").pk).update(state="dead")
        page = self.nika.opens("/urad/").content.decode()
        assert "erp.reading.submitted" in page and "5 minut" in page

    def test_an_empty_office_says_so(self):
        page = self.nika.opens("/urad/").content.decode()
        assert "Prevzet ni bil še noben izvoz." in page and "Vse je dostavljeno." in page
        assert "Everything has been delivered." in self.nika.opens("/en/office/").content.decode()

    def test_customers_get_the_page_of_an_address_that_never_was_and_others_the_sign_in(self):
        run = self.given_run()
        ana = Customer("Ana")
        unknown = ana.opens("/ni-take/", status=404).content
        for address in ("/urad/", f"/urad/izvozi/{run.pk}/", "/urad/izvozi/999999/"):
            assert ana.opens(address, status=404).content == unknown
            assert Visitor().opens(address, status=302)["Location"].startswith("/urad/prijava/?next=%2Furad%2F")
        self.nika.opens("/urad/izvozi/999999/", status=404)

    def test_the_office_is_asked_in_few_statements(self):
        for _ in range(3):
            self.given_run()
        with self.assertNumQueries(8):
            self.nika.opens("/urad/")

    def test_what_is_not_well_stands_on_top_with_what_to_do(self):
        self.given_run(state="held")
        page = self.nika.opens("/urad/").content.decode()
        assert page.index("Opravila v ozadju stojijo") < page.index("Izvozi dobavitelja")
        for text in ("zaženite opravila v ozadju", "Podatki dobavitelja so stari", "čaka na odločitev"):
            assert text in page
        now = timezone.now()
        beat(now)
        self.given_run(started_at=now, made_at=now)
        well = self.nika.opens("/urad/").content.decode()
        assert "Opravila v ozadju stojijo" not in well and "Podatki dobavitelja so stari" not in well
