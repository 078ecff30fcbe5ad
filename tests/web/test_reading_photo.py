"""A photo of the meter beside a reading: what gets in, who sees it, when it goes."""

import io
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.metering.models import ReadingPhoto, SubmittedReading
from mojplin.domain.metering.photos import KEEP, MOST_IN_A_DAY, forget_old_photos
from mojplin.domain.own_data.erasing import erase
from mojplin.domain.own_data.files import files_of
from mojplin.domain.own_data.gathering import own_places, submitted_readings
from mojplin.foundation.limits import Counter, window_start
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.web.test_enquiry_files import PDF, bomb, picture, with_place, zipped

NOW, DAY = moment(2026, 11, 26, 18, 47), timedelta(days=1)
UNREADABLE = "Te datoteke ne moremo prebrati kot slike."


class PhotoCase(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.reading = SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=1, value_m3=Decimal(4399), read_on=date(2026, 11, 26), submitted_by=self.ana.user,
            submitted_at=NOW,
        )  # fmt: skip
        self.receipt = f"/stanje/{self.reading.public_id}/"
        self.page, self.picture = f"{self.receipt}fotografija/", f"{self.receipt}fotografija.jpg"

    def sends_photo(self, content: bytes | None, *, who: Customer | None = None, status: int = 302):
        fields = {} if content is None else {"file": SimpleUploadedFile("Ana Novak.jpg", content)}
        return (who or self.ana).sends(self.page, fields, status=status)

    def stored(self) -> bytes:
        with default_storage.open(ReadingPhoto.objects.get().path) as file:
            return file.read()


class SentTest(PhotoCase):
    def test_the_receipt_asks_for_one_and_then_shows_the_way_to_it(self):
        assert "Dodajte fotografijo števca" in self.ana.opens(self.receipt).content.decode()
        html = self.ana.follows(self.sends_photo(picture())).content.decode()
        assert "Fotografijo imamo." in html and "Oglejte si fotografijo števca" in html
        assert f'src="{self.picture}"' in self.ana.opens(self.page).content.decode()

    def test_it_is_drawn_anew_without_what_the_camera_wrote_and_kept_under_a_name_that_says_nothing(self):
        self.sends_photo(with_place())
        assert b"KANARCEK" not in self.stored() and not Image.open(io.BytesIO(self.stored())).getexif()
        assert ReadingPhoto.objects.get().path.startswith("meters/2026-11-26/")
        answer = self.ana.opens(self.picture)
        assert answer.content == self.stored()
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_a_png_becomes_a_jpeg(self):
        self.sends_photo(picture("PNG", mode="RGBA"))
        assert self.stored().startswith(b"\xff\xd8")

    def test_going_back_to_choose_another_picture_never_loses_it_silently(self):
        small, large = picture(size=(50, 50)), picture(size=(90, 90))
        for content, status in ((small, 302), (small, 302), (large, 409)):
            file = SimpleUploadedFile("Ana Novak.jpg", content)
            self.ana.sends(self.page, {"form_key": "k", "file": file}, status=status)
        assert Image.open(io.BytesIO(self.stored())).size == (50, 50)
        self.sends_photo(large)
        assert Image.open(io.BytesIO(self.stored())).size == (90, 90)

    def test_the_erp_is_told_which_picture_there_is_and_that_it_was_taken_away(self):
        self.sends_photo(picture())
        told = Message.objects.get(topic="erp.reading.photographed").payload
        assert told == {
            "reading": self.reading.public_id, "sha256": sha256(self.stored()).hexdigest(), "type": "image/jpeg",
            "size_bytes": len(self.stored()), "removed": False,
        }  # fmt: skip
        for _again in range(2):
            self.ana.sends(self.page, {"act": "remove"}, status=302)
        gone = Message.objects.filter(topic="erp.reading.photographed").exclude(payload__sha256=told["sha256"]).get()
        assert gone.payload == told | {"sha256": "", "type": "", "size_bytes": 0, "removed": True}

    def test_another_one_replaces_it(self):
        self.sends_photo(picture())
        first = ReadingPhoto.objects.get().path
        with self.captureOnCommitCallbacks(execute=True):
            self.sends_photo(picture(size=(50, 50)))
        assert ReadingPhoto.objects.count() == 1 and not default_storage.exists(first)

    def test_what_is_no_picture_gets_one_clear_sentence_and_leaves_nothing(self):
        wrong = {
            PDF: UNREADABLE, zipped(): UNREADABLE, b"": UNREADABLE, picture()[:200]: UNREADABLE,
            b"\xff\xd8\xff<?php": UNREADABLE, bomb(): "Slika ima preveč pik.",
            b"\xff" * (10 * 1024 * 1024 + 1): "Datoteka je večja od 10\xa0MB.",
        }  # fmt: skip
        for content, sentence in wrong.items():
            html = self.sends_photo(content, status=200).content.decode()
            assert sentence.replace("\xa0", " ") in html.replace("\xa0", " ")
        assert "Izberite fotografijo števca." in self.sends_photo(None, status=200).content.decode()
        assert not ReadingPhoto.objects.exists()

    def test_more_photos_a_day_than_anybody_takes_are_not_even_looked_at(self):
        Counter.objects.create(
            key=f"photo:{self.ana.user.pk}", window_start=window_start(DAY, NOW), count=MOST_IN_A_DAY
        )
        html = self.sends_photo(bomb(), status=200).content.decode()
        assert "Danes ste poslali že veliko fotografij. To pošljite jutri." in html
        assert not ReadingPhoto.objects.exists()
        with time_machine.travel(NOW + DAY):
            self.sends_photo(picture())

    def test_after_the_month_it_is_only_shown(self):
        self.sends_photo(picture())
        self.clock.move_to(moment(2026, 12, 1))
        self.ana.is_signed_in()
        assert 'type="file"' not in self.ana.opens(self.page).content.decode()
        assert "do konca meseca" in self.sends_photo(picture(), status=200).content.decode()

    def test_whoever_sent_it_can_delete_it(self):
        self.sends_photo(picture())
        path = ReadingPhoto.objects.get().path
        with self.captureOnCommitCallbacks(execute=True):
            page = self.ana.follows(self.ana.sends(self.page, {"act": "remove"}))
        assert "Fotografija je izbrisana." in page.content.decode()
        assert not ReadingPhoto.objects.exists() and not default_storage.exists(path)
        assert self.ana.opens(self.picture, status=404)

    def test_in_english_too(self):
        html = self.ana.opens(f"/en/readings/{self.reading.public_id}/photo/").content.decode()
        assert "Photo of the meter" in html and "Send the photo" in html


class WhoSeesItTest(PhotoCase):
    def setUp(self):
        super().setUp()
        self.sends_photo(picture())

    def test_for_a_stranger_it_is_not_there(self):
        for path in (self.page, self.picture):
            self.cilka.opens(path, status=404)
        self.sends_photo(picture(), who=self.cilka, status=404)

    def test_who_only_sees_the_place_sees_it_but_changes_nothing(self):
        guest = Customer("Gost")
        self.given_share(guest, self.ana.user.links.get(), "see")
        assert self.picture in guest.opens(self.page).content.decode()
        assert guest.opens(self.picture).content == self.stored()
        self.sends_photo(picture(), who=guest, status=404)
        guest.sends(self.page, {"act": "remove"}, status=404)

    def test_who_may_send_readings_does_not_delete_the_picture_of_another(self):
        guest = Customer("Gost")
        self.given_share(guest, self.ana.user.links.get(), "readings")
        guest.sends(self.page, {"act": "remove"}, status=302)
        assert ReadingPhoto.objects.exists()

    def test_the_office_opens_it_once_it_has_said_why_and_that_is_written_down(self):
        nika = Customer("Nika", role="reader")
        address = reverse("staff:payer_photo", args=[self.reading.public_id])
        nika.opens(address, status=404)
        card = reverse("staff:payer", args=[self.anas_payer.number])
        nika.sends(card, {"why": "reading"}, status=302)
        assert address in nika.opens(card).content.decode()
        assert b"".join(nika.opens(address).streaming_content) == self.stored()
        event = AccessEvent.objects.get(what=AccessEvent.What.OFFICE_VIEWED_DOCUMENT)
        assert (event.whose, event.about) == (self.ana.user, "JPG, 2026-11, 4399 m³")


class GoesTest(PhotoCase):
    def setUp(self):
        super().setUp()
        self.sends_photo(picture())
        self.path = ReadingPhoto.objects.get().path

    def test_it_is_in_the_copy_of_ones_data(self):
        places = own_places(self.ana.user)
        assert [row["photo"] for row in submitted_readings(self.ana.user, places)] == [True]
        assert [path for _name, path in files_of(self.ana.user, places)] == [self.path]

    def test_it_is_erased_with_the_account_and_the_reading_stays(self):
        with self.captureOnCommitCallbacks(execute=True):
            erase(self.ana.user, now=NOW)
        assert not default_storage.exists(self.path)
        assert SubmittedReading.objects.count() == 1 and not ReadingPhoto.objects.exists()

    def test_it_goes_after_two_years(self):
        with self.captureOnCommitCallbacks(execute=True):
            forget_old_photos(NOW + KEEP)
        assert default_storage.exists(self.path)
        with self.captureOnCommitCallbacks(execute=True):
            forget_old_photos(NOW + KEEP + timedelta(minutes=1))
        assert not default_storage.exists(self.path)

    def test_a_file_that_no_reading_has_goes_the_next_day(self):
        lost = default_storage.save("meters/2026-11-26/lost.jpg", ContentFile(b"JPEG"))
        forget_old_photos(NOW + timedelta(days=1))
        assert not default_storage.exists(lost) and default_storage.exists(self.path)
