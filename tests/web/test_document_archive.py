"""Several documents as one ZIP: chosen, made by the worker, taken by whom they are shown to and by nobody else."""

import io
import re
import tempfile
import zipfile
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from mojplin.domain.billing.models import Document, DocumentArchive
from mojplin.domain.linking.models import Link
from mojplin.domain.own_data import document_archive
from mojplin.domain.own_data.document_archive import delete_old_archives
from mojplin.foundation.files import kept_path
from mojplin.foundation.outbox.delivery import drain
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

PAGE = "/racuni/prenos/"
NOON = moment(2026, 11, 24)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class Archive(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(NOON, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(self.settings(ARCHIVE_DIR=Path(folder.name)))
        self.given_cast()
        self.old = self.given_document(self.anas_payer, self.anas_house, "25/1", issued_on=date(2025, 3, 1))
        self.new = self.given_document(self.anas_payer, self.anas_house, "26-2", issued_on=date(2026, 3, 1))
        self.given_document(self.bojans_firm, self.bojans_points[0], "26-B")
        pdf = kept_path(b"%PDF-1.7 as it came", folder="pdf", suffix=".pdf")
        Document.objects.filter(pk=self.new.pk).update(pdf_path=pdf)

    def address(self, customer: Customer) -> str:
        return reverse("web:document_archive_file", args=[newest(customer).public_id])

    def gets(self, customer: Customer, fields=None, query="") -> zipfile.ZipFile:
        customer.sends(f"{PAGE}{query}", fields or {}, status=302)
        drain()
        answer = customer.opens(self.address(customer))
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    def test_all_of_ones_own_come_by_years_the_suppliers_files_as_they_are_and_copies_marked(self):
        page = text_of(self.ana.opens(PAGE))
        assert "Tej izbiri ustrezata 2 dokumenta." in page and "26-B" not in page
        made = self.gets(self.ana)
        assert made.testzip() is None
        assert made.namelist() == [
            "2026/2026-03-01 26-2.pdf",
            "2025/2025-03-01 25-1 - informativna kopija.pdf",
        ]
        assert made.read("2026/2026-03-01 26-2.pdf") == b"%PDF-1.7 as it came"
        assert made.read("2025/2025-03-01 25-1 - informativna kopija.pdf").startswith(b"%PDF-")
        assert "Datoteka je pripravljena: 2 dokumenta." in text_of(self.ana.opens(PAGE))

    def test_a_mail_says_that_it_is_ready_and_until_when_and_the_file_stays_in_the_portal(self):
        self.gets(self.ana)
        drain()
        (mail,) = mails_to("ana@example.si")
        assert mail.subject == "Datoteka z 2 dokumentoma je pripravljena"
        assert "do 25. novembra ob 12.00" in mail.text.replace("\u00a0", " ") and PAGE in mail.text
        assert newest(self.ana).public_id not in mail.text and mail.attachments == []

    def test_a_year_or_ticked_ones_alone(self):
        assert [name[:4] for name in self.gets(self.ana, query="?year=2025").namelist()] == ["2025"]
        assert [name[:4] for name in self.gets(self.ana, {"document": self.new.public_id}).namelist()] == ["2026"]
        foreign = Document.objects.get(number="26-B").public_id
        page = self.ana.sends(PAGE, {"document": foreign}, status=200)
        assert "Tu ni dokumenta, ki bi ga lahko prenesli." in text_of(page)
        self.ana.sends(PAGE, {"document": ["\0", "x" * 500, "č"]}, status=200)

    def test_the_page_tells_how_far_it_is_and_a_second_wish_waits(self):
        self.ana.sends(PAGE, status=302)
        self.ana.sends(PAGE, status=302)
        assert DocumentArchive.objects.count() == 1
        DocumentArchive.objects.update(documents_done=1)
        page = text_of(self.ana.opens(PAGE))
        assert "Pripravljamo dokumente." in page and "1 od 2" in page
        assert re.search(r'<progress[^>]*max="2" value="1"', page)
        self.ana.opens(self.address(self.ana), status=404)

    def test_more_than_fit_are_refused_with_a_way_on(self):
        self.enterContext(patch.object(document_archive, "MOST_DOCUMENTS", 1))
        assert "Najprej izberite leto" in text_of(self.ana.sends(PAGE, status=200))
        self.ana.sends(f"{PAGE}?year=2025", status=302)

    def test_a_stranger_and_whoever_no_longer_sees_one_of_them_get_nothing(self):
        self.gets(self.ana)
        address = self.address(self.ana)
        self.cilka.opens(address, status=404)
        self.bojan.opens(address, status=404)
        Link.objects.filter(user=self.ana.user).update(ended_at=NOON)
        self.ana.opens(address, status=404)
        assert "Datoteka" not in text_of(self.ana.opens(PAGE))

    def test_who_may_not_have_the_files_of_a_place_gets_no_archive_of_them(self):
        link = Link.objects.get(user=self.ana.user)
        self.given_share(self.cilka, link, "see")
        listing = "/racuni/"
        assert PAGE not in text_of(self.cilka.opens(listing)) and PAGE in text_of(self.ana.opens(listing))
        assert "Izbiri ne ustreza noben dokument." in text_of(self.cilka.opens(PAGE))
        self.cilka.sends(PAGE, status=200)
        assert not DocumentArchive.objects.exists()

    def test_what_was_lost_meanwhile_is_left_out_when_it_is_made(self):
        self.ana.sends(PAGE, status=302)
        Link.objects.filter(user=self.ana.user).update(ended_at=NOON)
        drain()
        assert newest(self.ana).document_ids == []
        assert mails_to("ana@example.si") == []

    def test_a_damaged_file_is_named_and_not_included(self):
        # Of its own: files are kept by what is in them, and tests at the same time keep the one of `setUp` too.
        pdf = kept_path(b"%PDF-1.7 that is damaged later", folder="pdf", suffix=".pdf")
        Document.objects.filter(pk=self.new.pk).update(pdf_path=pdf)
        default_storage.delete(pdf)
        default_storage.save(pdf, ContentFile(b"%PDF-1.7 with another IBAN"))
        self.addCleanup(default_storage.delete, pdf)
        made = self.gets(self.ana, query="?year=2026")
        assert made.namelist() == ["manjka.txt"]
        assert "2026-03-01 26-2.pdf" in made.read("manjka.txt").decode()

    def test_after_a_day_it_is_gone_from_the_disk_too(self):
        self.gets(self.ana)
        address = self.address(self.ana)
        self.clock.move_to(NOON + timedelta(hours=24))
        self.ana.is_signed_in()
        self.ana.opens(address, status=404)
        delete_old_archives(NOON + timedelta(hours=24))
        assert newest(self.ana).state == "expired"
        assert list(settings.ARCHIVE_DIR.glob("*")) == []

    def test_it_is_english_for_english_readers(self):
        self.ana.sends("/en/documents/download/", status=302)
        drain()
        made = zipfile.ZipFile(io.BytesIO(b"".join(self.ana.opens(self.address(self.ana)).streaming_content)))
        assert any("informative copy" in name for name in made.namelist())


def newest(customer: Customer) -> DocumentArchive:
    return DocumentArchive.objects.filter(asked_by=customer.user).latest("pk")
