"""What follows upon a reading: corrected, taken back, late, of a new meter, and what billing made of it."""

import re
from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.contracts.models import Price
from mojplin.domain.metering.models import BilledReading, ReportedExchange, SubmittedReading
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import moment
from tests.web.test_readings import CLOSED_DAY, OPEN_DAY, ReadingCase


class TakingBackTest(ReadingCase):
    def takes_back(self, reading, *, who=None, on=OPEN_DAY, status=302):
        with time_machine.travel(on, tick=False):
            (who or self.ana).is_signed_in()
            return (who or self.ana).sends(f"/stanje/{reading.public_id}/umik/", status=status)

    def test_a_reading_is_taken_back_as_a_version_of_its_own_and_the_erp_is_told(self):
        self.submits("4399")
        reading = SubmittedReading.objects.get()
        assert "Umaknite stanje" in self.opens(f"/stanje/{reading.public_id}/").content.decode()
        self.takes_back(reading)
        versions = list(SubmittedReading.objects.order_by("version").values_list("version", "holds", "is_withdrawn"))
        assert versions == [(1, False, False), (2, False, True)]
        messages = Message.objects.filter(topic="erp.reading.submitted")
        assert {each.payload["version"]: each.payload["withdrawn"] for each in messages} == {1: False, 2: True}
        assert "Oddano:" not in self.opens().content.decode()
        assert "To stanje je bilo umaknjeno" in self.opens(f"/stanje/{reading.public_id}/").content.decode()

    def test_after_it_was_taken_back_another_one_may_be_sent(self):
        self.submits("4399")
        self.takes_back(SubmittedReading.objects.get())
        self.submits("4400")
        held = SubmittedReading.objects.that_hold().get()
        assert (held.value_m3, held.version) == (Decimal(4400), 3)

    def test_until_the_last_minute_of_the_window_and_not_after_it(self):
        self.submits("4399")
        reading = SubmittedReading.objects.get()
        self.takes_back(reading, on=moment(2026, 12, 1, 0, 0))
        assert SubmittedReading.objects.get().holds
        self.takes_back(reading, on=moment(2026, 11, 30, 23, 59))
        assert not SubmittedReading.objects.that_hold().exists()

    def test_a_version_that_was_corrected_cannot_be_taken_back(self):
        self.submits("4399")
        self.submits("4398")
        self.takes_back(SubmittedReading.objects.get(version=1))
        assert SubmittedReading.objects.that_hold().get().version == 2

    def test_nobody_else_takes_it_back(self):
        self.submits("4399")
        self.takes_back(SubmittedReading.objects.get(), who=self.bojan, status=404)
        assert SubmittedReading.objects.that_hold().exists()


class LateTest(ReadingCase):
    def test_it_is_a_measurement_and_counts_in_what_was_used(self):
        assert ">68<" not in self.used_in_november()
        self.submits("4380", on=CLOSED_DAY, as_informative="1")
        assert ">68<" in self.used_in_november()

    def test_taken_back_it_counts_no_longer(self):
        location = self.submits("4380", on=CLOSED_DAY, as_informative="1")["Location"]
        with time_machine.travel(OPEN_DAY, tick=False):
            self.ana.is_signed_in()
            self.ana.sends(f"{location}umik/", status=302)
        assert ">68<" not in self.used_in_november()

    def used_in_november(self):
        html = self.opens("/poraba/").content.decode()
        return html[html.index(">november<") :][:400]

    def test_outside_the_window_a_reading_is_kept_for_information_and_says_so(self):
        location = self.submits("4380", on=CLOSED_DAY, as_informative="1")["Location"]
        reading = SubmittedReading.objects.get()
        assert (reading.is_informative, reading.holds, reading.month) == (True, False, date(2026, 11, 1))
        assert Message.objects.get(topic="erp.reading.submitted").payload["informative"] is True
        html = self.opens(location, on=CLOSED_DAY).content.decode()
        assert "Stanje je shranjeno" in html and "Shranjeno informativno, brez obračuna" in html
        assert "ne obračunamo" in self.opens(on=CLOSED_DAY).content.decode()
        with time_machine.travel(CLOSED_DAY, tick=False):
            assert "Oddaja trenutno ni odprta" in self.ana.reads_mail("ana@example.si").text

    def test_the_months_own_reading_follows_upon_it(self):
        self.submits("4380", on=CLOSED_DAY, as_informative="1")
        assert "4370\xa0m³ je manj od zadnjega stanja, 4380\xa0m³" in self.submits("4370").content.decode()
        self.submits("4399")
        assert SubmittedReading.objects.that_hold().get().value_m3 == Decimal(4399)

    def test_within_the_window_it_is_a_reading_like_any_other(self):
        self.submits("4399", as_informative="1")
        assert SubmittedReading.objects.get().holds


class ExchangeTest(ReadingCase):
    GIVEN = {
        "old_final": "4350", "exchanged_on": "2026-11-12", "new_number": "G4-55501", "new_initial": "0", "typed": "41",
    }  # fmt: skip

    def reports(self, **other):
        with time_machine.travel(OPEN_DAY, tick=False):
            self.ana.is_signed_in()
            return self.ana.sends("/stanje/zamenjava/", self.GIVEN | other)

    def test_the_page_takes_over_what_was_typed(self):
        html = self.opens("/stanje/zamenjava/", typed="41").content.decode()
        assert 'value="41"' in html and "Zadnje stanje starega števca" in html

    def test_both_meters_are_taken_the_erp_is_told_and_the_office_sees_it(self):
        answer = self.reports()
        reading, exchange = SubmittedReading.objects.get(), ReportedExchange.objects.get()
        assert (reading.value_m3, reading.is_odd, exchange.reading) == (Decimal(41), True, reading)
        assert Message.objects.get(topic="erp.meter.exchanged").payload == {
            "reading": reading.public_id, "supply_point": "1042-7731", "old_meter": "G4-1042-7731",
            "final_value_m3": "4350", "new_meter": "G4-55501", "initial_value_m3": "0", "exchanged_on": "2026-11-12",
        }  # fmt: skip
        assert Message.objects.get(topic="erp.reading.submitted").payload["meter"] == "G4-55501"
        assert "G4-55501" in self.opens(answer["Location"]).content.decode()

    def test_the_next_month_goes_on_from_the_new_counter(self):
        self.reports()
        html = self.submits("30", on=moment(2026, 12, 28)).content.decode()
        assert "30\xa0m³ je manj od zadnjega stanja, 41\xa0m³" in html
        self.submits("120", on=moment(2026, 12, 28))
        assert SubmittedReading.objects.filter(month=date(2026, 12, 1), holds=True).exists()

    def test_both_meters_tell_what_was_used(self):
        html = self.opens(self.reports()["Location"]).content.decode()
        assert "Poraba od 31.\xa0oktobra" in html and "79\xa0m³" in html  # 38 on the old one, 41 on the new one
        with time_machine.travel(OPEN_DAY, tick=False):
            assert "79\xa0m³" in self.ana.reads_mail("ana@example.si").text

    def test_its_counter_is_no_use_of_the_old_meter(self):
        self.reports(new_initial="5000", typed="5041")
        shown = re.sub(r"<[^>]+>", " ", self.opens("/poraba/").content.decode())  # keys of forms hold any digits
        assert "729" not in shown

    def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_stays(self):
        for other, sentence in [
            ({"old_final": "4300"}, "Stari števec ne more kazati manj od zadnjega stanja, 4312\xa0m³."),
            ({"old_final": "abc"}, "Vpišite zadnje stanje starega števca, samo števke."),
            ({"new_initial": "50"}, "Novi števec ne more kazati manj kot na začetku, 50\xa0m³."),
            ({"new_initial": "x"}, "Vpišite, kaj je novi števec kazal na začetku, običajno 0."),
            ({"exchanged_on": "2026-11-27"}, "Dan zamenjave mora biti med zadnjim stanjem in današnjim dnem."),
            ({"exchanged_on": "2026-10-30"}, "Dan zamenjave mora biti med zadnjim stanjem in današnjim dnem."),
            ({"new_number": "g4-1042-7731"}, "To je številka starega števca."),
            ({"typed": "99999999"}, "Toliko plina skozi števec ne more steči."),
            ({"typed": "9" * 40}, "Števec ima 8 črnih števk"),
        ]:
            with self.subTest(other=other):
                html = self.reports(**other).content.decode()
                assert sentence in html
                assert "G4-55501" in html or "g4-1042-7731" in html
        assert not SubmittedReading.objects.exists() and not Message.objects.exists()


class LifeTest(ReadingCase):
    def life(self, *, on=OPEN_DAY):
        return self.opens(f"/stanje/{SubmittedReading.objects.get().public_id}/", on=on).content.decode()

    def bills(self, basis, value="4399", **more):
        return self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 11, 1), value_from_m3="4312", value_to_m3=value,
            basis=basis, document_number="26-OGR-1", **more,
        )  # fmt: skip

    def test_it_is_received_checked_and_handed_over_once(self):
        self.submits("4399")
        html = self.life()
        assert "Preverjeno: ujema se z dosedanjo porabo" in html and "Račun se pokaže tukaj" in html
        reading = SubmittedReading.objects.get()
        assert reading.handed_over_at is None
        with time_machine.travel(OPEN_DAY, tick=False):
            drain()
        reading.refresh_from_db()
        assert reading.handed_over_at == OPEN_DAY

    def test_an_odd_one_waits_for_the_office(self):
        self.submits("4612", confirmed_m3="4612")
        assert "Preverja ga naša služba" in self.life()

    def test_it_names_the_invoice_in_which_it_was_used(self):
        self.submits("4399")
        self.given_document(self.anas_payer, self.anas_house, "26-OGR-1")
        self.bills("customer_reported", customer_reading=SubmittedReading.objects.get().public_id)
        html = self.life(on=moment(2026, 12, 14))
        assert "Uporabljeno na računu" in html and "26-OGR-1" in html and "Umaknite" not in html
        assert "Poraba od 31.\xa0oktobra" in html and "87\xa0m³" in html
        assert "več o stanju" in self.opens(on=moment(2026, 12, 14)).content.decode()

    def test_it_says_why_an_estimate_was_billed_instead_and_stays_in_the_history(self):
        self.submits("4399")
        public_id = SubmittedReading.objects.get().public_id
        self.bills("flat_rate", "4409", customer_reading=public_id, not_used_because="late")
        html = self.life(on=moment(2026, 12, 14))
        assert (
            "Nadomestila ga je ocena" in html
            and "Obračunano je stanje 4409\xa0m³, ker je za ta račun prišlo prepozno." in html
        )
        assert "vaše stanje ni bilo uporabljeno" in self.opens(on=moment(2026, 12, 14)).content.decode()

    def test_without_a_word_of_the_erp_the_bill_of_the_month_tells(self):
        self.submits("4399")
        bill = self.bills("technician", "4401")
        html = self.life(on=moment(2026, 12, 14))
        assert (
            "Obračunano je bilo drugo stanje" in html and "Obračunano je stanje 4401\xa0m³. Razlog ni zapisan" in html
        )
        BilledReading.objects.filter(pk=bill.pk).update(basis="customer_reported", value_to_m3="4399")
        assert "Uporabljeno na računu" in self.life(on=moment(2026, 12, 14))

    def test_every_version_stays_to_be_seen(self):
        self.submits("4399")
        self.submits("4398")
        newest = SubmittedReading.objects.that_hold().get()
        html = self.opens(f"/stanje/{newest.public_id}/").content.decode()
        assert "4399\xa0m³" in html and "4398\xa0m³" in html and "velja" in html


class UnderstandingTest(ReadingCase):
    def understood(self, typed):
        with time_machine.travel(OPEN_DAY, tick=False):
            return self.ana.browser.get("/stanje/predogled/", {"typed": typed}).content.decode()

    def test_what_is_typed_is_shown_as_it_is_understood_before_it_is_sent(self):
        html = self.understood(" 4.399 m³")
        assert "4399\xa0m³" in html and "87\xa0m³ od 31.\xa0oktobra" in html
        assert "nenavadno" in self.understood("43990")
        assert self.understood("abc").strip() == ""
        assert not SubmittedReading.objects.exists()

    def test_without_scripts_a_button_shows_the_same_and_takes_nothing_until_it_is_sent(self):
        form = {"typed": "4.399", "form_key": "key-look"}
        day = date(2020, 1, 1)
        Price.objects.create(product="propane", unit="m3", valid_from=day, price_eur=Decimal(2), kwh_per_unit=26)
        html = self.looks_at(form).content.decode()
        assert "<strong>4399\xa0m³</strong>: 87\xa0m³ od 31.\xa0oktobra, približno 2.262\xa0kWh." in html
        assert "97\xa0m³, približno 2.522\xa0kWh" in html
        assert 'value="4.399"' in html and not SubmittedReading.objects.exists()
        assert "nenavadno" in self.looks_at(form | {"typed": "43990"}).content.decode()
        refused = self.looks_at(form | {"typed": "abc"}).content.decode()
        assert 'aria-invalid="true"' in refused and 'value="abc"' in refused and "od 31.\xa0oktobra" not in refused
        self.submits("4.399", form_key="key-look")
        assert [each.value_m3 for each in SubmittedReading.objects.all()] == [4399]

    def looks_at(self, form):
        with time_machine.travel(OPEN_DAY, tick=False):
            return self.ana.sends(self.path, form | {"act": "look"}, status=200)

    def test_anothers_place_is_not_understood(self):
        self.opens("/stanje/predogled/", who=self.bojan, place=self.anas_house.public_id, typed="1", status=404)


class AllAtOnceTest(ReadingCase):
    def test_every_place_of_a_person_stands_on_one_page(self):
        self.submits("100", who=self.bojan)
        html = self.opens("/stanje/vsa/", who=self.bojan).content.decode()
        assert "Oddano: 100\xa0m³, 26.\xa0novembra." in html and "Apartma 2" in html
        assert "Oddaja je odprta še 4 dni" in html

    def test_without_a_meter_the_page_says_so(self):
        assert "Ni števca za odčitavanje" in self.opens("/stanje/vsa/", who=self.cilka).content.decode()


class StatementsTest(ReadingCase):
    def opened_in(self, path, statements, *, who=None):
        with time_machine.travel(OPEN_DAY, tick=False):
            (who or self.ana).is_signed_in()
            with self.assertNumQueries(statements):
                (who or self.ana).browser.get(path)

    def test_each_page_takes_a_fixed_number_of_statements(self):
        self.submits("4399")
        self.opened_in(f"/stanje/{SubmittedReading.objects.get().public_id}/", 7)
        self.opened_in("/stanje/predogled/?typed=4399", 7)
        self.opened_in("/stanje/zamenjava/", 3)
        self.opened_in("/stanje/vsa/", 3, who=self.bojan)
