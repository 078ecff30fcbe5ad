"""A copy of one's data: made by the worker, whole or not at all, only one's own, taken once."""

import io
import json
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from unittest import mock

import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, DataExport, DeniedSignIn, KnownDevice, Passkey, Session
from mojplin.domain.accounts.revocation import doubt_proofs
from mojplin.domain.billing.models import Document
from mojplin.domain.contracts.models import Offer
from mojplin.domain.linking.models import Link, PlaceGroup, Role
from mojplin.domain.metering.models import ReadingJudgement, SubmittedReading
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.own_data import archive
from mojplin.domain.own_data.chores import look_after_own_data
from mojplin.domain.own_data.export import file_of
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.deals import given_file, given_renewal
from tests.mailbox import mails_to

NOON = moment(2026, 11, 24)
PAGE = "/profil/moji-podatki/"


class OwnData(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(NOON, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(self.settings(EXPORT_DIR=Path(folder.name)))
        self.given_cast()

    def file_address(self) -> str:
        return reverse("web:my_data_file", args=[DataExport.objects.latest("pk").public_id])

    def gets_copy(self, customer: Customer) -> zipfile.ZipFile:
        """Ask for a copy, let the worker make it, press the button."""
        customer.sends(PAGE, status=302)
        mails_to(customer.user.email)
        answer = customer.sends(self.file_address(), status=200)
        self.assertEqual(answer["Content-Type"], "application/zip")
        content = b"".join(answer.streaming_content)
        self.assertEqual(len(content), int(answer["Content-Length"]))
        return zipfile.ZipFile(io.BytesIO(content))

    def test_it_is_asked_for_made_announced_taken_and_gone(self):
        self.assertContains(self.ana.opens(PAGE), "Pripravite kopijo podatkov")
        self.ana.follows(self.ana.sends(PAGE, status=302))
        self.assertContains(self.ana.opens(PAGE), "Pripravljamo vaše podatke.")
        (mail,) = mails_to("ana@example.si")
        self.assertEqual(mail.subject, "Kopija vaših podatkov je pripravljena")
        self.assertIn("25. novembra ob 12.00", mail.text.replace("\xa0", " "))
        self.assertContains(self.ana.opens(PAGE), "Datoteka je pripravljena.")
        b"".join(self.ana.sends(self.file_address(), status=200).streaming_content)
        self.assertContains(self.ana.opens(PAGE), "V portalu je ni več.")
        self.ana.sends(self.file_address(), status=404)
        self.assertEqual(list(settings.EXPORT_DIR.glob("*")), [])
        whats = list(AccessEvent.objects.order_by("pk").values_list("what", flat=True))
        self.assertEqual(whats, ["export_asked", "export_downloaded"])

    def test_it_holds_a_page_the_json_and_the_documents(self):
        invoice = self.given_document(self.anas_payer, self.anas_house, "26-OGR/1")
        path = default_storage.save("own/ana.pdf", ContentFile(b"%PDF-ana"))
        Document.objects.filter(pk=invoice.pk).update(pdf_path=path)
        copy = self.gets_copy(self.ana)
        self.assertEqual(copy.testzip(), None)
        self.assertEqual(copy.namelist(), ["data.json", "index.html", "style.css", "documents/26-OGR-1.pdf"])
        self.assertEqual(copy.read("documents/26-OGR-1.pdf"), b"%PDF-ana")
        data = json.loads(copy.read("data.json"))
        self.assertEqual(set(data) - {"format", "made_at", "keys"}, set(data["keys"]))
        self.assertEqual(data["account"][0]["email"], "ana@example.si")
        self.assertEqual(data["documents"][0]["amount_eur"], "136.84")
        readable = copy.read("index.html").decode()
        self.assertIn('<html lang="sl">', readable)
        for words in ("26-OGR/1", "ana@example.si", "Znesek z DDV", "Račun", "136,84", "12. 11. 2026"):
            self.assertIn(words, readable.replace("\xa0", " "))

    def test_contracts_and_what_was_written_to_support_come_with_their_files(self):
        contract = self.given_contract(self.anas_payer, self.anas_house, price_basis="fixed")
        contract_file = given_file(contract, b"%PDF-pogodba", file_name="OGR/1.pdf")
        foreign = self.given_contract(self.bojans_firm, self.bojans_points[0], "OGR-2")
        given_file(foreign, b"%PDF-tuja")
        Offer.objects.create(
            number="P-1", contract=contract, months=24, price_eur="2.19", valid_from=NOON, valid_until=NOON
        )
        enquiry = self.given_enquiry(self.ana, "Kdaj pride polnilec?", number="P-2026-000001")
        sent = self.given_file(enquiry, "stevec.jpg")
        enquiry.entries.create(side="note", text="Samo za pisarno", written_by=self.bojan.user, written_at=NOON)
        copy = self.gets_copy(self.ana)
        files = [f"documents/{name}" for name in ("contracts/OGR-1.pdf", f"P-2026-000001-{sent.pk}-stevec.jpg")]
        self.assertEqual(copy.namelist()[3:], files)
        self.assertEqual(copy.read(files[0]), b"%PDF-pogodba")
        data = json.loads(copy.read("data.json"))
        self.assertEqual([each["number"] for each in data["contracts"]], [contract.number])
        self.assertEqual([each["file_name"] for each in data["contract_files"]], [contract_file.file_name])
        self.assertEqual([each["price_eur"] for each in data["offers"]], ["2.1900"])
        self.assertEqual([each["message"] for each in data["enquiry_messages"]], ["Kdaj pride polnilec?"])
        self.assertIn("Stalna do zadnjega dne", copy.read("index.html").decode())

    def test_a_file_the_storage_has_lost_keeps_nobody_from_the_rest(self):
        lost = self.given_document(self.anas_payer, self.anas_house, "26-1")
        Document.objects.filter(pk=lost.pk).update(pdf_path="own/izgubljen.pdf")
        given_file(self.given_contract(self.anas_payer, self.anas_house))
        copy = self.gets_copy(self.ana)
        self.assertEqual(copy.namelist()[3:], ["documents/contracts/OGR-2024-1184.pdf"])
        self.assertNotIn("26-1.pdf", copy.read("index.html").decode())

    def test_until_the_proof_is_given_again_no_file_of_the_payer_is_in_it(self):
        given_file(self.given_contract(self.anas_payer, self.anas_house))
        doubt_proofs(self.ana.user, NOON)
        self.clock.shift(timedelta(minutes=1))
        self.assertEqual(self.gets_copy(self.ana).namelist(), ["data.json", "index.html", "style.css"])

    def test_what_the_account_itself_holds_is_in_it_in_words(self):
        user, now = self.ana.user, timezone.now()
        KnownDevice.objects.create(user=user, secret_hash="a", device="Firefox, macOS", last_used_at=now)
        Passkey.objects.create(
            user=user, name="Moj telefon", credential_id="a", public_key=b"", sign_count=0, created_at=now
        )
        DeniedSignIn.objects.create(user=user, denied_at=now, device="Opera, Linux", ip="192.0.2.7")
        group = PlaceGroup.objects.create(user=user, name="Na jezeru")
        Link.objects.filter(user=user).update(group=group, icon="cottage", colour="red")
        readable = self.gets_copy(self.ana).read("index.html").decode()
        for words in ("Firefox, macOS", "Moj telefon", "Opera, Linux", "192.0.2.7", "Na jezeru", "Vikend", "Rdeča"):
            self.assertIn(words, readable)

    def test_nothing_of_anybody_else_is_in_it_not_even_who_shares_the_place(self):
        canary = "KANARCEK"
        cilka = Customer(f"{canary}1", email="kanarcek2@example.si")
        self.given_link(cilka, self.anas_payer, self.anas_house, name=f"{canary}3")
        self.given_document(self.bojans_firm, self.bojans_points[0], f"{canary}4")
        former = self.given_payer("20410001", name=f"{canary}5", serial=9)
        self.given_document(former, self.anas_house, f"{canary}6")
        now = timezone.now()
        common = {"supply_point": self.anas_house, "payer": self.anas_payer}
        SubmittedReading.objects.create(
            **common, meter=self.anas_meter, month=NOON.date().replace(day=1), version=1, value_m3=77,
            read_on=NOON.date(), submitted_by=cilka.user, submitted_at=now,
        )  # fmt: skip
        GasOrder.objects.create(
            **common, number="N-1", ordered_by=cilka.user, ordered_at=now, gauge_percent=20, phone=f"{canary}7",
            note=f"{canary}8",
        )  # fmt: skip
        self.given_file(self.given_enquiry(cilka, f"{canary}9", supply_point=self.anas_house), f"{canary}10.jpg")
        copy = self.gets_copy(self.ana)
        for name in copy.namelist():
            self.assertNotIn(canary.casefold(), copy.read(name).decode().casefold(), name)
        data = json.loads(copy.read("data.json"))
        self.assertEqual(data["submitted_readings"][0]["by"], "druga oseba")
        self.assertEqual(data["orders"][0]["by"], "druga oseba")

    def test_what_the_office_said_of_an_unusual_reading_is_in_it(self):
        reading = SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter,
            month=NOON.date().replace(day=1), version=1, value_m3=77, read_on=NOON.date(), is_odd=True, holds=False,
            submitted_by=self.ana.user, submitted_at=timezone.now(),
        )  # fmt: skip
        nika = Customer("Nika", role="clerk").user
        ReadingJudgement.objects.create(
            reading=reading, is_accepted=False, reason="Zadnja števka ne šteje.", judged_by=nika, judged_at=NOON
        )
        copy = self.gets_copy(self.ana)
        (row,) = json.loads(copy.read("data.json"))["submitted_readings"]
        self.assertEqual((row["confirmed"], row["accepted"], row["reason"]), (True, False, "Zadnja števka ne šteje."))
        readable = copy.read("index.html").decode()
        self.assertIn("Sprejela naša pisarna", readable)
        self.assertNotIn("Nika", readable)

    def test_what_somebody_shares_with_me_is_their_data_and_not_in_my_copy(self):
        held = Link.objects.get(user=self.ana.user)
        Link.objects.create(
            user=self.cilka.user, payer=self.anas_payer, supply_point=self.anas_house, name="Babica",
            created_at=timezone.now(), role=Role.EVERYTHING, shared_from=held,
        )  # fmt: skip
        self.given_document(self.anas_payer, self.anas_house, "KANARCEK")
        data = json.loads(self.gets_copy(self.cilka).read("data.json"))
        self.assertEqual((data["documents"], data["contracts"]), ([], []))
        self.assertEqual(data["supply_points"][0]["name"], "Babica")

    def test_a_renewal_is_in_it_with_what_was_read_and_its_annex_but_of_anothers_contract_only_that_it_was(self):
        mine = given_renewal(self.given_contract(self.anas_payer, self.anas_house), self.bojan.user)
        others = self.given_contract(self.bojans_firm, self.bojans_points[0], "OGR-KANARCEK")
        given_renewal(others, self.ana.user)
        copy = self.gets_copy(self.ana)
        first, second = json.loads(copy.read("data.json"))["renewals"]
        self.assertEqual(
            (first["number"], first["shown"], first["by"]), (mine.number, "Plačnik: Ana Novak", "druga oseba")
        )
        self.assertEqual((second["shown"], second["by"]), ("", "vi"))
        self.assertEqual(
            [name for name in copy.namelist() if "PO-" in name],
            [f"documents/contracts/OGR-2024-1184-{mine.number}.pdf"],
        )

    def test_another_one_cannot_take_it_and_learns_nothing(self):
        self.ana.sends(PAGE, status=302)
        mails_to("ana@example.si")
        address = self.file_address()
        unknown = reverse("web:my_data_file", args=["A" * 22])
        self.assertEqual(self.bojan.sends(address, status=404).content, self.bojan.sends(unknown, status=404).content)
        self.assertContains(self.bojan.opens(PAGE), "Pripravite kopijo podatkov")
        self.assertEqual(DataExport.objects.get().state, "ready")

    def test_a_download_that_broke_may_be_begun_again(self):
        self.ana.sends(PAGE, status=302)
        mails_to("ana@example.si")
        broken = self.ana.sends(self.file_address(), status=200)
        next(broken.streaming_content)
        broken._iterator.close()
        self.assertEqual(DataExport.objects.get().state, "ready")
        b"".join(self.ana.sends(self.file_address(), status=200).streaming_content)
        self.assertEqual(DataExport.objects.get().state, "taken")

    def test_a_copy_goes_with_the_place_that_is_in_it(self):
        self.ana.sends(PAGE, status=302)
        mails_to("ana@example.si")
        Link.objects.filter(user=self.ana.user).update(ended_at=timezone.now(), ended_because=Link.End.NOTICE)
        self.ana.sends(self.file_address(), status=404)
        self.assertContains(self.ana.opens(PAGE), "Zadnjo kopijo smo izbrisali")
        look_after_own_data(timezone.now())
        self.assertEqual(list(settings.EXPORT_DIR.glob("*")), [])

    def test_a_new_copy_can_be_asked_for_as_soon_as_the_last_one_is_over(self):
        self.ana.sends(PAGE, status=302)
        mails_to("ana@example.si")
        self.clock.shift(timedelta(hours=24))
        Session.objects.update(created_at=timezone.now(), confirmed_at=timezone.now(), last_seen_at=timezone.now())
        self.ana.sends(PAGE, status=302)
        self.assertEqual(DataExport.objects.latest("pk").state, "waiting")
        self.assertEqual(DataExport.objects.count(), 2)

    def test_after_24_hours_it_is_gone(self):
        self.ana.sends(PAGE, status=302)
        mails_to("ana@example.si")
        self.clock.shift(timedelta(hours=23, minutes=59))
        look_after_own_data(timezone.now())
        self.assertTrue(file_of(DataExport.objects.get()).exists())
        self.clock.shift(timedelta(minutes=1))
        Session.objects.update(created_at=timezone.now(), confirmed_at=timezone.now(), last_seen_at=timezone.now())
        self.ana.sends(self.file_address(), status=404)
        self.assertContains(self.ana.opens(PAGE), "minilo 24 ur")
        look_after_own_data(timezone.now())
        self.assertFalse(file_of(DataExport.objects.get()).exists())

    def test_a_fault_leaves_no_half_a_file_and_is_tried_again(self):
        self.ana.sends(PAGE, status=302)
        with mock.patch.object(archive, "_as_page", side_effect=OSError("disk full")):
            self.assertEqual(mails_to("ana@example.si"), [])
        self.assertEqual(DataExport.objects.get().state, "waiting")
        self.assertFalse(file_of(DataExport.objects.get()).exists())
        self.ana.sends(PAGE, status=302)  # asking again asks nothing twice
        self.assertEqual(Message.objects.filter(topic="data_export").count(), 1)
        self.clock.shift(timedelta(minutes=1))
        self.assertEqual(len(mails_to("ana@example.si")), 1)
        self.assertEqual(DataExport.objects.get().state, "ready")

    def test_one_that_cannot_be_made_is_given_up_and_said(self):
        self.ana.sends(PAGE, status=302)
        look_after_own_data(timezone.now() + timedelta(hours=73))
        self.assertContains(self.ana.opens(PAGE), "ni bilo mogoče pripraviti")

    def test_it_is_asked_once_more_who_it_is_when_the_sign_in_is_older_than_ten_minutes(self):
        self.clock.shift(timedelta(minutes=11))
        self.ana.opens(PAGE)
        self.assertIn("next=", self.ana.sends(PAGE, status=302)["Location"])
        self.assertEqual(DataExport.objects.count(), 0)

    def test_the_copy_is_in_the_persons_language(self):
        self.ana.sends("/en/profile/data/", status=302)
        mails_to("ana@example.si")
        answer = self.ana.sends(self.file_address(), status=200)
        copy = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        self.assertIn("Your data in Moj Butan plin", copy.read("index.html").decode())
