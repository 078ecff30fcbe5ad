"""The consumption page: two years, kilowatt-hours, billed readings, the file; and whose they are."""

import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import time_machine

from mojplin.domain.contracts.models import Price
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.supply.models import Meter
from tests.cast import PortalTestCase, moment

PAGE = "/poraba/"
FILES = "/poraba/podatki/"
STATEMENTS = 12
"""One less where a contract says the price."""


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@time_machine.travel(moment(2026, 11, 23))
class Consumption(PortalTestCase):
    def setUp(self):
        self.given_cast()
        value = 4000
        for year, used in ((2025, 49), (2026, 47)):
            for month in range(1, 13 if year == 2025 else 11):
                self.given_billed(
                    self.anas_meter, self.anas_payer, month=date(year, month, 1), value_from_m3=str(value),
                    value_to_m3=str(value + used), basis="flat_rate" if month == 2 else "technician",
                )  # fmt: skip
                value += used

    def test_compares_only_the_months_known_in_both_years(self):
        html = text_of(self.ana.opens(PAGE))
        assert "Do konca oktobra 2026 ste porabili 470 m³, kar je 20 m³ (4,1 %) manj kot leto prej." in html
        assert "Odčitek serviserja" in html and "Pavšalni obračun" in html

    def test_an_earlier_year_has_nothing_to_compare_with(self):
        assert "V letu 2025 ste porabili 588 m³." in text_of(self.ana.opens(PAGE, year="2025"))
        assert "Do konca oktobra 2026" in text_of(self.ana.opens(PAGE, year="1999"))

    def test_kilowatt_hours_follow_the_price_list(self):
        assert "kWh" not in text_of(self.ana.opens(PAGE, unit="kwh"))
        Price.objects.create(
            product="propane",
            unit="m3",
            valid_from=date(2020, 1, 1),
            price_eur=Decimal(2),
            kwh_per_unit=Decimal("25.9"),
        )
        html = text_of(self.ana.opens(PAGE, unit="kwh"))
        assert "12.173 kWh" in html
        assert "14.711 kWh" in html

    def test_the_files_hold_everything_and_are_safe_in_a_spreadsheet(self):
        Meter.objects.filter(pk=self.anas_meter.pk).update(number="=1+1")
        response = self.ana.opens(FILES, file="readings.csv")
        assert response["Content-Disposition"].startswith("attachment")
        lines = response.content.decode("utf-8-sig").split("\r\n")
        assert lines[:2] == ["Dan;Števec;Stanje števca (m³)", "2024-12-31;'=1+1;4000,000"]
        assert len(lines) == 1 + 21 + 1, "the first counter, 20 read ones, and none of the two estimated"
        months = self.ana.opens(FILES, file="months.csv").content.decode("utf-8-sig").split("\r\n")
        assert months[1] == "2025-01;49,000;izmerjeno;;;;49,000;"
        assert months[2].split(";")[2] == "razmejeno iz daljšega obdobja"
        billed = self.ana.opens(FILES, file="billed.csv").content.decode("utf-8-sig")
        assert "2026-10-01;2026-10-31;'=1+1;5011,000;5058,000;47,000;Odčitek serviserja;" in billed

    def test_one_workbook_and_one_json_hold_all_tables(self):
        book = openpyxl.load_workbook(io.BytesIO(self.ana.opens(FILES).content))
        assert book.sheetnames == ["Stanja števcev", "Meseci", "Obračunano"]
        assert book["Meseci"]["B1"].value == "Poraba (m³)" and book["Meseci"]["B2"].value == 49
        everything = json.loads(self.ana.opens(FILES, file="all.json").content)
        assert everything["billed"][-1]["billed_m3"] == "47.000" and len(everything["months"]) == 22
        english = self.ana.browser.get("/en/consumption/data/", {"file": "months.csv"})
        assert "2025-01;49.000;measured" in english.content.decode()

    def test_a_file_that_there_is_not_answers_as_nothing_does(self):
        for file in ("deliveries.csv", "all.csv", "months.xlsx", "x", "../x.csv", ""):
            self.ana.opens(FILES, file=file, status=404)

    def test_a_tank_without_gauges_shows_deliveries_in_litres(self):
        tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk")
        self.given_link(self.ana, self.anas_payer, tank, "Delavnica")
        tank.deliveries.create(number="D-1", payer=self.anas_payer, delivered_on=date(2026, 3, 5), litres=Decimal(930))
        html = text_of(self.ana.opens(PAGE, place=tank.public_id))
        assert "V letu 2026 smo vam dostavili 930 l." in html
        assert "Litri so prikazani v mesecu dobave" in html and "ni zapisano" in html

    def test_a_tank_with_gauges_shows_what_was_used_between_them(self):
        tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk", tank_capacity_l=2000)
        self.given_link(self.ana, self.anas_payer, tank, "Delavnica")
        for number, (on, before, after) in enumerate([(date(2026, 1, 31), 20, 80), (date(2026, 3, 31), 30, 85)]):
            tank.deliveries.create(
                number=f"D-{number}", payer=self.anas_payer, delivered_on=on, litres=Decimal(1200),
                level_before_percent=before, level_after_percent=after,
            )  # fmt: skip
        html = text_of(self.ana.opens(PAGE, place=tank.public_id))
        assert "V letu 2026 ste porabili" in html and "razmejeno iz daljšega obdobja" in html
        assert "30 %" in html and "85 %" in html
        months = self.ana.opens(FILES, place=tank.public_id, file="months.csv").content.decode("utf-8-sig")
        used = [row.split(";")[1] for row in months.split("\r\n")[1:3]]
        assert sum(Decimal(each.replace(",", ".")) for each in used) == 1000, "50 % of 2000 litres"

    def test_what_was_billed_by_estimate_waits_to_be_settled(self):
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 11, 1), value_from_m3="5058", value_to_m3="5128",
            basis="flat_rate",
        )  # fmt: skip
        with time_machine.travel(moment(2026, 12, 20)):
            self.ana.is_signed_in()
            assert "Od 1. 11. 2026 smo vam po oceni obračunali 70 m³. Sporočite" in text_of(self.ana.opens(PAGE))
            SubmittedReading.objects.create(
                supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
                version=1, value_m3=5118, read_on=date(2026, 11, 30), submitted_by=self.ana.user,
                submitted_at=moment(2026, 11, 30),
            )  # fmt: skip
            assert "števec je pokazal 60 m³. Vrnili vam bomo 10 m³" in text_of(self.ana.opens(PAGE))
            SubmittedReading.objects.update(value_m3=5138)
            assert "števec je pokazal 80 m³. Račun, ki bo to poravnal, bo dodal 10 m³" in text_of(self.ana.opens(PAGE))

    def test_a_corrected_or_withdrawn_reading_is_as_if_it_had_never_been(self):
        sent = {
            "supply_point": self.anas_house, "payer": self.anas_payer, "meter": self.anas_meter,
            "month": date(2026, 11, 1), "read_on": date(2026, 11, 23), "submitted_by": self.ana.user,
            "submitted_at": moment(2026, 11, 23),
        }  # fmt: skip
        before = self.readings()
        SubmittedReading.objects.create(version=1, value_m3=5999, holds=False, **sent)
        right = SubmittedReading.objects.create(version=2, value_m3=5099, **sent)
        assert self.readings()[:-2] == before[:-1]
        assert any("5099,000" in line for line in self.readings())
        SubmittedReading.objects.filter(pk=right.pk).update(holds=False)
        SubmittedReading.objects.create(version=3, value_m3=5099, is_withdrawn=True, holds=False, **sent)
        assert self.readings() == before

    def readings(self):
        """Return the lines of the file of readings."""
        return self.ana.opens(FILES, file="readings.csv").content.decode("utf-8-sig").split("\r\n")

    def test_without_any_bill_it_says_when_the_chart_comes(self):
        assert "Graf se pokaže po prvem obračunu plina." in text_of(self.bojan.opens(PAGE))

    def test_nobody_sees_the_usage_of_another(self):
        self.bojan.opens(PAGE, place=self.anas_house.public_id, status=404)
        self.bojan.opens(FILES, place=self.anas_house.public_id, file="all.json", status=404)
        self.cilka.opens(PAGE, status=302)
        newcomer = self.given_payer("20430000", name="Nova Plačnica", serial=44)
        self.given_link(self.cilka, newcomer, self.anas_house, "Novo")
        assert "Graf se pokaže po prvem obračunu plina." in text_of(self.cilka.opens(PAGE))

    def test_the_number_of_statements_is_fixed(self):
        self.ana.opens(PAGE)
        with self.assertNumQueries(STATEMENTS):
            self.ana.opens(PAGE)
