"""Files that come with an enquiry: what gets in, under which name, who gets it back, when it goes."""

import io
import zipfile
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from mojplin.domain.accounts.models import User
from mojplin.domain.own_data.erasing import erase
from mojplin.domain.support.files import KEEP_CLOSED, clean_name, forget_old_files
from mojplin.domain.support.models import Attachment, Enquiry
from mojplin.domain.support.operations import MOST_IN_A_DAY
from tests.cast import PortalTestCase
from tests.mailbox import mails_to

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
UNREADABLE = "Te datoteke ne moremo prebrati."


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind, **more)
    return written.getvalue()


def with_place() -> bytes:
    """A photo with the place where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (46.0, 13.0, 0.0)}
    exif[0x010E] = "KANARCEK"
    return picture(exif=exif)


def bomb() -> bytes:
    """A picture of few bytes and a hundred million pixels."""
    return picture("PNG", (10_000, 10_000), "1")


def animated_bomb() -> bytes:
    return b"GIF89a" + b"\xff\xff\xff\xff" + b"\x00" * 200


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a" * 10_000)
    return written.getvalue()


class FilesCase(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def writes(self, *files: tuple[str, bytes], to: str = "/podpora/", **fields):
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        given = {"topic": "other", "place": "", "message": "Glejte sliko.", "file": sent} | fields
        return self.ana.sends(to, given)

    @staticmethod
    def stored() -> bytes:
        with default_storage.open(Attachment.objects.get().path) as file:
            return file.read()

    def file_page(self, file: Attachment) -> str:
        return f"/podpora/datoteke/{file.public_id}/"


class LetInTest(FilesCase):
    def test_three_files_come_with_a_message_and_are_handed_back_as_downloads(self):
        page = self.ana.follows(self.writes(("Števec.JPG", picture()), ("a.png", picture("PNG")), ("račun.pdf", PDF)))
        files = list(Attachment.objects.order_by("pk"))
        assert [each.name for each in files] == ["Števec.jpg", "a.jpg", "račun.pdf"]
        assert all(self.file_page(each) in page.content.decode() for each in files)
        answer = self.ana.opens(self.file_page(files[2]))
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_files_beyond_the_messages_of_a_day_are_not_even_looked_at(self):
        for number in range(MOST_IN_A_DAY):
            self.writes(message=f"Sporočilo {number}")
        html = self.writes(("prazna.pdf", b"")).content.decode()
        assert "Danes ste poslali veliko sporočil" in html and UNREADABLE not in html

    def test_a_picture_loses_what_the_camera_wrote_and_its_stored_name_says_nothing(self):
        self.writes(("Ana Novak doma.jpg", with_place()))
        file = Attachment.objects.get()
        content = self.stored()
        assert b"KANARCEK" not in content and not Image.open(io.BytesIO(content)).getexif()
        assert "Ana" not in file.path and file.path.startswith("enquiries/")

    def test_what_is_no_picture_and_no_pdf_stays_out_and_the_text_is_kept(self):
        table = [
            ("prazna.pdf", b""),
            ("program.exe", b"MZ" + b"\x00" * 100),
            ("risba.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            ("stran.html", b"<!doctype html><script>alert(1)</script>"),
            ("racun.jpg", b"%PDF-1.7 without an end"),
            ("posnetek.pdf", b"GIF89a;%PDF-%%EOF"),
            ("besedilo.docx", zipped()),
            ("animacija.gif", animated_bomb()),
            ("odrezana.jpg", picture()[:200]),
            ("strup.png", picture("PNG")[:40] + b"\xff" * 400),
        ]
        for name, content in table:
            with self.subTest(ascii(name)):
                html = self.writes((name, content)).content.decode()
                assert f"{name}: {UNREADABLE}" in html and "Glejte sliko." in html
                assert "besedilo smo obdržali" in html
        assert not Enquiry.objects.exists() and not Attachment.objects.exists()

    def test_a_bomb_of_pixels_is_refused_by_its_header(self):
        html = self.writes(("velika.png", bomb())).content.decode()
        assert "Slika ima preveč pik" in html
        assert not Enquiry.objects.exists()

    def test_ten_thousand_pixels_on_a_side_shrink(self):
        self.writes(("panorama.png", picture("PNG", (10_000, 3_000), "1")))
        content = self.stored()
        assert Image.open(io.BytesIO(content)).size == (2_000, 600)

    def test_a_page_hidden_behind_a_picture_does_not_survive(self):
        self.writes(("polyglot.jpg", picture() + b"<script>alert(1)</script>" + zipped()))
        content = self.stored()
        assert b"<script>" not in content and b"PK\x03\x04" not in content

    def test_four_files_and_files_that_are_too_large_are_refused(self):
        four = [(f"{each}.jpg", picture()) for each in range(4)]
        assert "največ tri datoteke" in self.writes(*four).content.decode()
        large = PDF + b" " * (10 * 1024 * 1024) + b"%%EOF"
        assert "Datoteka je večja od 10 MB." in self.writes(("velik.pdf", large)).content.decode()
        assert not Enquiry.objects.exists()

    def test_more_than_all_files_together_may_be_is_refused_before_it_is_read(self):
        answer = self.ana.browser.post("/podpora/", {}, headers={"content-length": str(40 * 1024 * 1024)})
        assert answer.status_code in (403, 413)
        assert not Enquiry.objects.exists()

    def test_names_can_do_no_harm(self):
        table = {
            "../../etc/passwd": ".. .. etc passwd.jpg",
            "a\u202egpj.exe": "agpj.jpg",
            "x" * 300 + ".jpeg": "x" * 80 + ".jpg",
            'a"b;c\r\nSet-Cookie: d.png': "a b;c Set-Cookie d.jpg",
            "...": "priloga.jpg",
            "": "priloga.jpg",
            "\ud800.png": "png.jpg",
            "čšž 😀.heic": "čšž 😀.jpg",
        }
        for sent, kept in table.items():
            with self.subTest(ascii(sent)):
                assert clean_name(sent, ".jpg").lstrip(". ") == kept.lstrip(". ")

    def test_a_control_character_in_a_name_reaches_no_header(self):
        self.writes(('slika"; x=".jpg', picture()))
        answer = self.ana.opens(self.file_page(Attachment.objects.get()))
        b"".join(answer.streaming_content)
        assert "\n" not in answer["Content-Disposition"]


class HandedOutTest(FilesCase):
    def setUp(self):
        super().setUp()
        self.enquiry = self.given_enquiry(self.ana)
        self.file = self.given_file(self.enquiry)

    def test_to_a_stranger_the_file_does_not_exist(self):
        for who in (self.bojan, self.cilka):
            who.opens(self.file_page(self.file), status=404)

    def test_a_file_of_an_internal_note_does_not_exist_for_the_customer(self):
        self.file.entry.side = "note"
        self.file.entry.save()
        self.ana.opens(self.file_page(self.file), status=404)

    def test_a_file_that_is_gone_from_the_storage_is_a_404(self):
        default_storage.delete(self.file.path)
        self.ana.opens(self.file_page(self.file), status=404)

    def test_more_can_be_sent_along_later(self):
        answer = self.writes(("še ena.jpg", picture()), to=f"/podpora/{self.enquiry.public_id}/")
        assert "še ena.jpg" in self.ana.follows(answer).content.decode()
        assert "Priložena je 1 datoteka" in mails_to("podpora@example.si")[0].text


class ForgottenTest(FilesCase):
    def setUp(self):
        super().setUp()
        self.enquiry = self.given_enquiry(self.ana)
        self.file = self.given_file(self.enquiry)

    def test_with_its_customer_a_file_goes_and_all_that_was_said(self):
        with self.captureOnCommitCallbacks(execute=True):
            erase(User.objects.get(pk=self.ana.user.pk), now=timezone.now())
        assert not default_storage.exists(self.file.path) and not Attachment.objects.exists()
        assert self.enquiry.entries.get().text == ""

    def test_two_years_after_closing_the_file_goes_and_the_words_stay(self):
        now = timezone.now()
        Enquiry.objects.update(state="closed", closed_at=now - KEEP_CLOSED + timedelta(hours=1))
        with self.captureOnCommitCallbacks(execute=True):
            forget_old_files(now)
        assert default_storage.exists(self.file.path)
        with self.captureOnCommitCallbacks(execute=True):
            forget_old_files(now + timedelta(hours=2))
        assert not default_storage.exists(self.file.path)
        assert self.enquiry.entries.get().text == "Živjo"

    def test_a_file_whose_message_was_never_written_is_swept_up_the_next_day(self):
        now = timezone.now()
        yesterday = timezone.localdate(now) - timedelta(days=1)
        stray = default_storage.save(f"enquiries/{yesterday}/stray.jpg", ContentFile(b"x"))
        Attachment.objects.update(path=default_storage.save(f"enquiries/{yesterday}/kept.jpg", ContentFile(b"y")))
        forget_old_files(now)
        assert not default_storage.exists(stray)
        assert default_storage.exists(Attachment.objects.get().path)
