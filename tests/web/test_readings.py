"""Submitting a meter reading."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from mojplin.domain.accounts.models import Session
from mojplin.domain.contracts.models import Price
from mojplin.domain.metering.models import SubmittedReading
from mojplin.foundation.mail import written
from mojplin.foundation.outbox.models import Message
from tests.cast import PortalTestCase, Visitor, moment

OPEN_DAY = moment(2026, 11, 26, 18, 47)
CLOSED_DAY = moment(2026, 11, 23)


class ReadingCase(PortalTestCase):
    """Ana's house used 97 m³ in November last year and stood at 4312 m³ at the end of October."""

    def setUp(self):
        with time_machine.travel(OPEN_DAY, tick=False):
            self.given_cast()
            self.given_history(self.anas_meter, self.anas_payer)
        self.path = "/stanje/"

    def given_history(self, meter, payer):
        self.given_billed(
            meter, payer, month=date(2025, 11, 1), value_from_m3="3600", value_to_m3="3697", basis="technician"
        )
        self.given_billed(meter, payer, month=date(2026, 9, 1), value_from_m3="4241", value_to_m3="4260")
        self.given_billed(meter, payer, month=date(2026, 10, 1), value_from_m3="4260", value_to_m3="4312")

    def submits(self, typed, *, who=None, on=OPEN_DAY, place=None, **more):
        query = f"?place={place.public_id}" if place else ""
        with time_machine.travel(on, tick=False):
            (who or self.ana).is_signed_in()
            return (who or self.ana).sends(self.path + query, {"typed": typed} | more)

    def opens(self, path="/stanje/", *, who=None, on=OPEN_DAY, status=200, **query):
        with time_machine.travel(on, tick=False):
            (who or self.ana).is_signed_in()
            return (who or self.ana).opens(path, status=status, **query)

    def readings_taken(self):
        return list(SubmittedReading.objects.order_by("version").values_list("value_m3", flat=True))


class SubmittingTest(ReadingCase):
    def test_the_page_shows_the_counter_the_last_reading_and_how_long_it_is_open(self):
        html = self.opens().content.decode()
        assert "Oddaja je odprta še 4 dni, do ponedeljka, 30.\xa0novembra." in html
        assert "Zadnje stanje je 4312\xa0m³ (31.\xa0oktobra)." in html
        assert "Sporočeno stanje" in html and "04260" in html

    def test_a_reading_is_taken_told_to_the_erp_and_confirmed_by_mail(self):
        answer = self.submits("4399")
        reading = SubmittedReading.objects.get()
        assert (reading.value_m3, reading.version, reading.is_odd) == (Decimal(4399), 1, False)
        assert (reading.month, reading.read_on) == (date(2026, 11, 1), date(2026, 11, 26))
        assert answer["Location"] == f"/stanje/{reading.public_id}/"
        told = Message.objects.get(topic="erp.reading.submitted").payload
        assert told == {
            "id": reading.public_id,
            "version": 1,
            "supply_point": "1042-7731",
            "meter": "G4-1042-7731",
            "month": "2026-11-01",
            "value_m3": "4399",
            "read_on": "2026-11-26",
            "confirmed_by_customer": False,
            "withdrawn": False,
            "informative": False,
            "way": "portal",
        }
        assert Message.objects.get(topic="mail").payload["to"] == "ana@example.si"

    def test_the_receipt_says_what_was_used_and_until_when_it_may_be_corrected(self):
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.ana.follows(self.submits("04399")).content.decode()
        assert "04399" in html and "87\xa0m³" in html and "97\xa0m³" in html
        assert "30.\xa0novembra" in html and "18.47" in html and "an•••••@example.si" in html

    def test_the_mail_and_the_page_say_the_energy_then_and_a_year_before(self):
        for day, kwh in ((date(2020, 1, 1), "25"), (date(2026, 1, 1), "26")):
            Price.objects.create(product="propane", unit="m3", valid_from=day, price_eur=Decimal(2), kwh_per_unit=kwh)
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.ana.browser.get(reverse("web:reading_preview"), {"typed": "4399"}).content.decode()
        assert "približno 2.262\xa0kWh" in html and "približno 2.425\xa0kWh" in html
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.ana.follows(self.submits("4399")).content.decode()
            letter = self.ana.reads_mail("ana@example.si")
        assert "približno 2.262\xa0kWh" in html and "približno 2.425\xa0kWh" in html
        for part in (letter.text, letter.html):
            assert "87\xa0m³ (približno 2.262\xa0kWh)" in part and "97\xa0m³ (približno 2.425\xa0kWh)" in part

    def test_decimals_are_left_out_and_the_page_says_so(self):
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.ana.follows(self.submits("4399,482")).content.decode()
        assert "Decimalke niso potrebne" in html
        assert self.readings_taken() == [Decimal(4399)]

    def test_a_correction_is_a_new_version_and_the_first_is_kept(self):
        self.submits("4399")
        self.submits("4398")
        assert self.readings_taken() == [Decimal(4399), Decimal(4398)]
        versions = sorted(each.payload["version"] for each in Message.objects.filter(topic="erp.reading.submitted"))
        assert versions == [1, 2]
        first = SubmittedReading.objects.get(version=1)
        assert "4398\xa0m³" in self.opens(f"/stanje/{first.public_id}/").content.decode()
        assert "Oddano: 4398\xa0m³" in self.opens().content.decode()

    def test_the_same_form_sent_twice_counts_once(self):
        first = self.submits("4399", form_key="key-1")
        second = self.submits("4399", form_key="key-1")
        assert first["Location"] == second["Location"]
        assert self.readings_taken() == [Decimal(4399)]
        assert Message.objects.filter(topic="erp.reading.submitted").count() == 1

    def test_submitting_takes_eleven_statements_within_one_transaction(self):
        with time_machine.travel(OPEN_DAY, tick=False), CaptureQueriesContext(connection) as statements:
            self.ana.browser.post(self.path, {"typed": "4399", "form_key": "key-2"})
        assert self.readings_taken() == [Decimal(4399)]
        frame = ("SAVEPOINT", "RELEASE SAVEPOINT")  # BEGIN and COMMIT outside of a test
        assert len([each for each in statements if not each["sql"].startswith(frame)]) == 11

    def test_the_page_takes_five_statements(self):
        with time_machine.travel(OPEN_DAY, tick=False), self.assertNumQueries(5):
            self.ana.browser.get(self.path)

    def test_in_english_the_page_and_the_receipt_are_english(self):
        self.path = "/en/readings/"
        html = self.opens("/en/readings/").content.decode()
        assert "Readings are open for another 4 days, until Monday, 30\xa0November." in html
        answer = self.submits("4399")
        assert answer["Location"].startswith("/en/readings/")
        assert "The reading is submitted" in self.opens(answer["Location"]).content.decode()


class BadReadingTest(ReadingCase):
    SENTENCES = [
        ("", "Vpišite samo števke, na primer 4399."),
        ("abc", "Vpišite samo števke, na primer 4399."),
        ("NaN", "Vpišite samo števke, na primer 4399."),
        ("<b>4399</b>", "Vpišite samo števke, na primer 4399."),
        ("4399; DROP TABLE", "Vpišite samo števke, na primer 4399."),
        ("9" * 1000, "Vpišite samo števke, na primer 4399."),
        ("\x00", "Vpišite samo števke, na primer 4399."),
        ("-5", "Stanje ne more biti negativno."),
        ("1e5", "Stanje vpišite s števkami, brez črke e, na primer 4399."),
        ("4399482", "Števec ima 5 črnih števk, vpisali ste jih 7."),
    ]

    def test_what_is_no_reading_is_refused_with_its_sentence_and_nothing_is_taken(self):
        for typed, sentence in self.SENTENCES:
            with self.subTest(typed=typed[:20]):
                html = self.submits(typed).content.decode()
                assert sentence in html
                assert "<b>4399</b>" not in html
        assert not SubmittedReading.objects.exists()
        assert not Message.objects.exists()

    def test_a_lower_reading_asks_whether_the_meter_was_replaced(self):
        html = self.submits("4299").content.decode()
        assert "4299\xa0m³ je manj od zadnjega stanja, 4312\xa0m³. Preverite števke. Je bil števec zamenjan?" in html
        assert "4299\xa0m³ je pravilno, prejšnje stanje je bilo napačno" in html
        assert "/stanje/zamenjava/" in html
        assert not SubmittedReading.objects.exists()

    def test_a_lower_reading_that_is_confirmed_is_taken_and_marked(self):
        self.submits("4299", confirmed_m3="4299")
        reading = SubmittedReading.objects.get()
        assert (reading.value_m3, reading.is_odd) == (Decimal(4299), True)
        assert Message.objects.get(topic="erp.reading.submitted").payload["confirmed_by_customer"] is True

    def test_more_than_this_home_burns_asks_and_says_what_was_expected(self):
        html = self.submits("4612").content.decode()
        assert "4612\xa0m³ je 300\xa0m³ več kot 31.\xa0oktobra." in html
        assert "pričakovali stanje med" in html and "porabili 97\xa0m³" in html
        assert "Stanje 4612\xa0m³ je pravilno" in html
        assert not SubmittedReading.objects.exists()

    def test_an_odd_reading_that_is_confirmed_is_taken_and_marked(self):
        self.submits("4612", confirmed_m3="4612")
        assert SubmittedReading.objects.get().is_odd

    def test_two_swapped_digits_are_named(self):
        html = self.submits("4939").content.decode()
        assert "Sta morda dve števki zamenjani med seboj? Potem je pravo stanje 4399\xa0m³." in html

    def test_the_counter_of_another_meter_of_the_same_person_is_named(self):
        cottage = self.given_supply_point(self.anas_payer, "1042-8000")
        meter = self.given_meter(cottage)
        self.given_billed(meter, self.anas_payer, month=date(2026, 9, 1), value_from_m3="870", value_to_m3="900")
        self.given_billed(meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="900", value_to_m3="960")
        with time_machine.travel(OPEN_DAY, tick=False):
            self.given_link(self.ana, self.anas_payer, cottage, name="Vikend")
        html = self.submits("1055").content.decode()
        assert "Ustrezalo bi števcu za Vikend. Ste morda odčitali tistega?" in html
        assert "To je števec za Vikend" in html and f"place={cottage.public_id}" in html

    def test_a_red_digit_typed_is_named_and_its_correction_is_one_press(self):
        html = self.submits("43990").content.decode()
        assert "Potem je pravo stanje 4399\xa0m³." in html
        assert "je pravilno" not in html  # so much gas cannot pass the meter
        self.submits("43990", exact_m3="4399")
        assert self.readings_taken() == [Decimal(4399)]

    def test_the_impossible_cannot_be_confirmed(self):
        html = self.submits("43990", confirmed_m3="43990").content.decode()
        assert "Toliko plina skozi ta števec ne more steči." in html
        assert not SubmittedReading.objects.exists()

    def test_a_forged_confirmation_is_refused(self):
        for forged in ("NaN", "-1", "1e9", "abc", "99999999999"):
            with self.subTest(forged=forged):
                self.submits("4399", confirmed_m3=forged)
        assert not SubmittedReading.objects.exists()

    def test_an_estimate_is_not_the_last_reading(self):
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="4312", value_to_m3="4500",
            basis="flat_rate",
        )  # fmt: skip
        self.submits("4399")
        assert self.readings_taken() == [Decimal(4399)]


class WindowTest(ReadingCase):
    def test_outside_the_window_the_page_says_when_it_opens(self):
        html = self.opens(on=CLOSED_DAY).content.decode()
        assert "Stanje za november lahko oddate od 25.\xa0novembra do 30.\xa0novembra." in html
        assert 'name="as_informative"' in html

    def test_a_reading_outside_the_window_is_not_taken(self):
        html = self.submits("4399", on=CLOSED_DAY).content.decode()
        assert "Meter" not in html and "od 25.\xa0novembra" in html
        assert not SubmittedReading.objects.exists()

    def test_the_first_and_the_last_minute_of_the_window_count(self):
        self.submits("4399", on=moment(2026, 11, 25, 0, 0))
        self.submits("4400", on=moment(2026, 11, 30, 23, 59))
        assert self.readings_taken() == [Decimal(4399), Decimal(4400)]

    def test_after_the_window_the_receipt_offers_no_correction(self):
        location = self.submits("4399")["Location"]
        assert "popravite" not in self.opens(location, on=moment(2026, 12, 1)).content.decode()


class PlacesTest(ReadingCase):
    def test_a_second_place_is_offered_after_the_first(self):
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.bojan.follows(self.submits("100", who=self.bojan)).content.decode()
        assert "Oddajte še stanje za Apartma 2" in html
        self.submits("200", who=self.bojan, place=self.bojans_points[1])
        taken = SubmittedReading.objects.order_by("pk").values_list("supply_point__number", "value_m3")
        assert list(taken) == [("2000-1", Decimal(100)), ("2000-2", Decimal(200))]

    def test_what_was_typed_for_one_place_when_the_session_ended_never_stands_in_the_form_of_another(self):
        first, second = (f"/stanje/?place={each.public_id}" for each in self.bojans_points)
        with time_machine.travel(OPEN_DAY, tick=False):
            self.bojan.is_signed_in()
            Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
            self.bojan.sends(second, {"typed": "777"}, status=302)
            self.bojan.is_signed_in()
            assert 'value="777"' not in self.bojan.opens(first).content.decode()
            assert 'value="777"' in self.bojan.opens(second).content.decode()

    def test_a_second_place_is_offered_whatever_an_earlier_payer_sent_there(self):
        earlier, point = self.given_payer("20418998", name="Prejšnji", serial=4), self.bojans_points[1]
        SubmittedReading.objects.create(
            supply_point=point, payer=earlier, meter=point.meters.get(),
            month=OPEN_DAY.date().replace(day=1), version=1, value_m3=1, read_on=OPEN_DAY.date(),
            submitted_by=self.ana.user, submitted_at=OPEN_DAY,
        )  # fmt: skip
        with time_machine.travel(OPEN_DAY, tick=False):
            html = self.bojan.follows(self.submits("100", who=self.bojan)).content.decode()
        assert "Oddajte še stanje za Apartma 2" in html

    def test_a_rental_needs_no_reading_and_a_tank_its_gauge(self):
        for kind, says in (("bulk", "v odstotkih"), ("rental", "stanja ni treba oddati")):
            point = self.given_supply_point(self.anas_payer, f"3000-{kind}", kind=kind)
            with time_machine.travel(OPEN_DAY, tick=False):
                self.given_link(self.ana, self.anas_payer, point, name=kind)
            html = self.opens(place=point.public_id).content.decode()
            assert says in html.lower()
            self.submits("1", place=point)
        assert not SubmittedReading.objects.exists()

    def test_a_removed_meter_takes_no_reading(self):
        self.anas_meter.removed_on, self.anas_meter.final_value_m3 = date(2026, 11, 2), Decimal(4320)
        self.anas_meter.save()
        new = self.given_meter(self.anas_house, "G4-NEW", installed_on=date(2026, 11, 2))
        self.submits("80")
        assert SubmittedReading.objects.get().meter == new

    def test_a_meter_that_asks_for_decimals_lets_the_person_choose_between_two_meanings(self):
        self.anas_meter.decimals = 3
        self.anas_meter.save()
        html = self.submits("4.399").content.decode()
        assert "To lahko preberemo na dva načina" in html
        assert 'name="exact_m3" value="4.399"' in html and 'name="exact_m3" value="4399.000"' in html
        self.submits("4.399", exact_m3="4399.000")
        self.submits("4399,482")
        assert self.readings_taken() == [Decimal(4399), Decimal("4399.482")]


class StrangerTest(ReadingCase):
    def test_a_stranger_cannot_tell_anothers_place_from_one_that_never_was(self):
        for place in (self.anas_house.public_id, "A" * 22, "'; --", "%00"):
            self.opens(who=self.bojan, place=place, status=404)
        before = SubmittedReading.objects.count()
        assert self.submits("4399", who=self.bojan, place=self.anas_house).status_code == 404
        assert SubmittedReading.objects.count() == before

    def test_a_stranger_cannot_open_anothers_receipt(self):
        location = self.submits("4399")["Location"]
        self.opens(location, who=self.bojan, status=404)
        self.opens(location, who=self.cilka, status=404)

    def test_a_later_payer_of_the_same_place_sees_nothing_of_the_earlier_ones_reading(self):
        location = self.submits("4399")["Location"]
        later = self.given_payer("20418999", name="Cilka Kos", serial=3)
        with time_machine.travel(OPEN_DAY, tick=False):
            self.given_link(self.cilka, later, self.anas_house)
        self.opens(location, who=self.cilka, status=404)
        html = self.opens(who=self.cilka).content.decode()
        assert "4399\xa0m³" not in html and "4312" not in html

    def test_a_later_payer_may_send_the_reading_of_the_month_in_which_the_earlier_one_has_sent_one(self):
        self.submits("4399")
        later = self.given_payer("20418999", name="Cilka Kos", serial=3)
        with time_machine.travel(OPEN_DAY, tick=False):
            self.given_link(self.cilka, later, self.anas_house)
        location = self.submits("", who=self.cilka, confirmed_m3="4401").headers["Location"]
        assert "4399" not in self.opens(location, who=self.cilka).content.decode()
        versions = sorted(each.payload["version"] for each in Message.objects.filter(topic="erp.reading.submitted"))
        assert versions == [1, 2]

    def test_without_signing_in_nothing_is_shown_or_taken(self):
        with time_machine.travel(OPEN_DAY, tick=False), translation.override("sl"):
            nobody = Visitor()
            assert reverse("web:sign_in") in nobody.opens("/stanje/", status=302)["Location"]
            assert nobody.sends("/stanje/", {"typed": "4399"}).status_code == 302
        assert not SubmittedReading.objects.exists()

    def test_without_a_place_one_is_sent_home(self):
        assert self.opens(who=self.cilka, status=302)["Location"] == "/"


@pytest.mark.parametrize("language", ["sl", "en"])
def test_the_mail_says_what_arrived_and_until_when_it_may_be_corrected(language):
    context = {
        "value": "4399 m³", "place": "Dom", "day": "26. novembra", "clock": "18.47", "closes": "30. novembra",
        "is_odd": True, "use": "87 m³", "since": "31. oktobra", "last_year": "97 m³", "opens": "",
        "reading_url": "https://moj.example.si/stanje/x/",
    }  # fmt: skip
    letter = written(template="metering/mail/reading_received", context=context, language=language)
    for part in (letter.text, letter.html):
        assert "4399 m³" in part and "30. novembra" in part and "18.47" in part
        assert "87 m³" in part and "97 m³" in part
    assert "4399 m³" in letter.subject
