"""Readings that customers confirmed although they were asked: the office sees what was expected, accepts or refuses."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.metering.judging import beside_expected
from mojplin.domain.metering.models import ReadingJudgement, ReadingPhoto, SubmittedReading
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, moment
from tests.standing import StandingCase, words

NOW = moment(2026, 11, 27, 10)
LIST = "/urad/oznaceni-odcitki/"
USED_M3 = (150, 130, 110, 70, 40, 25, 20, 20, 30, 70, 110, 140, 150, 130, 110, 70, 40, 25, 20, 20, 30, 70)
"""What the house was billed from January 2025 to October 2026."""


class MarkedCase(StandingCase):
    at = NOW

    def given_everything(self):
        super().given_everything()
        self.rok, self.nika = Customer("Rok", role="reader"), Customer("Nika", role="clerk")
        counter = 1000
        for index, used in enumerate(USED_M3):
            month = date(2025 + index // 12, index % 12 + 1, 1)
            self.given_billed(
                self.anas_meter, self.anas_payer, month=month, value_from_m3=str(counter),
                value_to_m3=str(counter + used),
            )  # fmt: skip
            counter += used
        self.counter = counter
        self.reading = self.sent(counter + 400)

    def sent(self, value_m3, **more):
        fields = {
            "supply_point": self.anas_house, "payer": self.anas_payer, "meter": self.anas_meter,
            "month": date(2026, 11, 1), "version": 1, "read_on": date(2026, 11, 26), "submitted_by": self.ana.user,
            "submitted_at": NOW - timedelta(days=1), "is_odd": True,
        } | more  # fmt: skip
        return SubmittedReading.objects.create(value_m3=Decimal(value_m3), **fields)

    def judges(self, act, who=None, **fields):
        address = f"{LIST}{self.reading.public_id}/presoja/"
        return (who or self.nika).sends(address, {"act": act} | fields)

    def told(self):
        return [each.payload for each in Message.objects.filter(topic="erp.reading.judged")]


class TheList(MarkedCase):
    def test_holds_what_is_marked_and_waits(self):
        usual = self.sent(self.counter + 9, month=date(2026, 12, 1), is_odd=False)
        page = words(self.rok.opens(LIST))
        self.assertIn(self.reading.public_id, page)
        for hidden in (usual.public_id, "Ana Novak", "Ob potoku"):
            self.assertNotIn(hidden, page)

    def test_takes_two_statements_and_leaves_out_what_was_billed_meanwhile(self):
        self.rok.opens(LIST)
        with self.assertNumQueries(2):  # the session, and the list
            self.rok.opens(LIST)
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 11, 1), value_from_m3=str(self.counter),
            value_to_m3=str(self.counter + 110), basis="flat_rate",
        )  # fmt: skip
        self.assertNotIn(self.reading.public_id, words(self.rok.opens(LIST)))

    def test_shows_what_was_judged_on_its_own(self):
        self.judges("refuse", reason="Števka je napačna.")
        self.assertNotIn(self.reading.public_id, words(self.rok.opens(LIST)))
        self.assertIn(self.reading.public_id, words(self.rok.opens(LIST, state="refused")))
        self.assertNotIn(self.reading.public_id, words(self.rok.opens(LIST, state="accepted", after="~~")))


class TheReading(MarkedCase):
    def test_stands_beside_what_was_expected_of_the_home(self):
        *past, asked = beside_expected(self.reading, today=NOW.date())
        self.assertEqual((asked.used, asked.until, asked.is_asked), (400, date(2026, 11, 26), True))
        self.assertTrue(0 < asked.low < 110 < asked.high < 400)
        self.assertEqual([int(each.used) for each in past], list(USED_M3[-11:]))
        page = words(self.rok.opens(f"{LIST}{self.reading.public_id}/"))
        self.assertIn(f"Pričakovano je bilo od {asked.low:.0f} m³ do {asked.high:.0f} m³", page)
        self.assertEqual(page.count('class="usedmark'), 12 + 2)  # and two in the legend
        self.assertNotIn("Sprejmite odčitek", page)

    def test_of_a_place_nothing_is_known_of_stands_alone(self):
        lonely = self.sent(
            7, supply_point=self.bojans_points[0], payer=self.bojans_firm, meter=self.bojans_meters[0],
            submitted_by=self.bojan.user,
        )  # fmt: skip
        self.assertIn("premalo", words(self.nika.opens(f"{LIST}{lonely.public_id}/")))

    def test_shows_the_photo_that_came_with_it(self):
        address = f"{LIST}{self.reading.public_id}/fotografija.jpg"
        self.rok.opens(address, status=404)
        self.assertNotIn(address, self.rok.opens(f"{LIST}{self.reading.public_id}/").content.decode())
        path = default_storage.save("meters/2026-11-26/stevec.jpg", ContentFile(b"JPEG"))
        ReadingPhoto.objects.create(
            reading=self.reading, path=path, size_bytes=4, added_by=self.ana.user, added_at=NOW
        )  # fmt: skip
        self.assertIn(f'<img src="{address}"', self.rok.opens(f"{LIST}{self.reading.public_id}/").content.decode())
        shown = self.rok.opens(address)
        self.assertEqual((shown.content, shown["Content-Type"]), (b"JPEG", "image/jpeg"))
        self.assertEqual(AccessEvent.objects.filter(whose=self.ana.user, what="office_viewed_reading").count(), 1)

    def test_is_read_in_the_customers_log_once(self):
        for _time in range(2):
            self.rok.opens(f"{LIST}{self.reading.public_id}/")
        self.assertEqual(AccessEvent.objects.filter(whose=self.ana.user, what="office_viewed_reading").count(), 1)
        self.assertIn("Vpogled v vaš odčitek", words(self.ana.opens("/profil/dnevnik-dostopov/")))

    def test_takes_the_same_statements_whatever_was_sent_before(self):
        address = f"{LIST}{self.reading.public_id}/"
        self.rok.opens(address)
        with self.assertNumQueries(6):
            self.rok.opens(address)
        for version in (2, 3, 4):
            self.sent(self.counter + 5, version=version, holds=False, is_odd=False)
        with self.assertNumQueries(6):
            self.rok.opens(address)


class Judging(MarkedCase):
    def test_an_accepted_one_holds_and_its_life_says_so(self):
        page = words(self.nika.follows(self.judges("accept")))
        self.assertIn("Sprejeto", page)
        self.reading.refresh_from_db()
        self.assertTrue(self.reading.holds)
        self.assertIn("Preverili smo ga: je pravilen", words(self.ana.opens(f"/stanje/{self.reading.public_id}/")))
        (told,) = self.told()
        self.assertEqual((told["answer"], told["version"], told["meter"]), ("accepted", 1, "G4-1042-7731"))

    def test_a_refused_one_holds_no_longer_and_the_customer_reads_why_and_sends_another(self):
        self.judges("refuse", reason="Zadnja števka je rdeča,\n ne šteje.")
        page = words(self.ana.opens(f"/stanje/{self.reading.public_id}/"))
        self.assertIn("Odčitka nismo sprejeli", page)
        self.assertIn("Zadnja števka je rdeča, ne šteje.", page)
        self.assertEqual(self.told()[0]["reason"], "Zadnja števka je rdeča, ne šteje.")
        self.ana.sends(f"/stanje/?place={self.anas_house.public_id}", {"typed": str(self.counter + 105)}, status=302)
        self.assertEqual(SubmittedReading.objects.get(holds=True).value_m3, self.counter + 105)

    def test_is_done_once_and_not_on_what_was_corrected_meanwhile(self):
        for act in ("accept", "refuse"):
            answer = self.judges(act, reason="Ne.")
        self.assertIn("Nič se ni zgodilo", words(answer))
        self.assertEqual(len(self.told()), 1)
        ReadingJudgement.objects.all().delete()
        SubmittedReading.objects.update(holds=False)
        self.assertIn("Nič se ni zgodilo", words(self.judges("accept")))
        self.assertFalse(ReadingJudgement.objects.exists())

    def test_needs_a_reason_to_refuse_and_a_clerk(self):
        self.assertIn("Napišite razlog", words(self.judges("refuse", reason=" ")))
        self.assertEqual(self.judges("accept", self.rok).status_code, 404)
        self.assertEqual(self.judges("burn").status_code, 404)
        self.reading.refresh_from_db()
        self.assertTrue(self.reading.holds)
