"""The consumption page: two years, kilowatt-hours, billed readings, the file; and whose they are."""

from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.contracts.models import Price
from mojplin.domain.linking.models import Link
from tests.cast import PortalTestCase, moment

PAGE = "/poraba/"
STATEMENTS = 4


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

    def test_the_file_is_exact_and_safe_in_a_spreadsheet(self):
        Link.objects.filter(user=self.ana.user).update(name="=1+1")
        response = self.ana.opens(PAGE, file="csv")
        assert response["Content-Disposition"].startswith("attachment")
        lines = response.content.decode("utf-8-sig").split("\r\n")
        assert lines[1] == "1042-7731;'=1+1;2025-01;49,000;0"
        assert lines[2].endswith("2025-02;49,000;1")
        assert "2026-10-01;2026-10-31;5011,000;5058,000;47,000;technician" in lines
        assert sum(line.count(";technician") for line in lines) == 20

    def test_a_tank_shows_deliveries_in_litres(self):
        tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk")
        self.given_link(self.ana, self.anas_payer, tank, "Delavnica")
        tank.deliveries.create(number="D-1", payer=self.anas_payer, delivered_on=date(2026, 3, 5), litres=Decimal(930))
        html = text_of(self.ana.opens(PAGE, place=tank.public_id))
        assert "V letu 2026 ste porabili 930 l." in html
        assert "Litri so prikazani v mesecu dobave" in html

    def test_without_any_bill_it_says_when_the_chart_comes(self):
        assert "Graf se pokaže po prvem obračunu plina." in text_of(self.bojan.opens(PAGE))

    def test_nobody_sees_the_usage_of_another(self):
        self.bojan.opens(PAGE, place=self.anas_house.public_id, status=404)
        self.bojan.opens(PAGE, place=self.anas_house.public_id, file="csv", status=404)
        self.cilka.opens(PAGE, status=302)
        newcomer = self.given_payer("20430000", name="Nova Plačnica", serial=44)
        self.given_link(self.cilka, newcomer, self.anas_house, "Novo")
        assert "Graf se pokaže po prvem obračunu plina." in text_of(self.cilka.opens(PAGE))

    def test_the_number_of_statements_is_fixed(self):
        self.ana.opens(PAGE)
        with self.assertNumQueries(STATEMENTS):
            self.ana.opens(PAGE)
