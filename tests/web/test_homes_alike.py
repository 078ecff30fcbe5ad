"""A place beside homes like it: only where there are at least twenty, and nobody's own figure is shown to another."""

from datetime import UTC, date, datetime
from decimal import Decimal

import time_machine

from mojplin.domain.metering.homes_alike import Alike, count_homes_alike, homes_like
from mojplin.domain.metering.models import BilledReading, HomesAlike
from mojplin.domain.supply.models import Meter, Payer, PayerPeriod, SupplyPoint
from mojplin.foundation.months import last_day, months_between
from tests.cast import PortalTestCase, moment

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
YEAR = months_between(date(2025, 11, 1), date(2026, 10, 1))
PAGE = "/poraba/"


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


@time_machine.travel(moment(2026, 11, 23))
class HomesLikeAnas(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def given_home(self, number, m3_a_month, *, months=YEAR, kind="person", town="Domžale", **point):
        payer = Payer.objects.create(
            number=f"3{number:07}", name="Sosed", kind=kind, street="x", post_code="1241", town="Kamnik"
        )
        fields = {"kind": "metered", "product": "propane", "post_code": "1241", "climate_town": town} | point
        place = SupplyPoint.objects.create(number=f"3000-{number}", **fields)
        PayerPeriod.objects.create(supply_point=place, payer=payer, starts_on=date(2020, 1, 1))
        meter = Meter.objects.create(
            number=f"M-{number}", supply_point=place, digits=5, decimals=0, installed_on=date(2020, 1, 1),
            initial_value_m3=0,
        )  # fmt: skip
        self.bill(meter, payer, m3_a_month, months)

    def bill(self, meter, payer, m3_a_month, months=YEAR):
        BilledReading.objects.bulk_create(
            BilledReading(
                number=f"{meter.number}-{month}", supply_point=meter.supply_point, payer=payer, meter=meter,
                period_from=month, period_to=last_day(month), value_from_m3=index * m3_a_month,
                value_to_m3=(index + 1) * m3_a_month, consumption_m3=m3_a_month, basis="customer_reported",
            )
            for index, month in enumerate(months)
        )  # fmt: skip

    def given_homes(self, count):
        for number in range(count):
            self.given_home(number, 40 + number)

    def test_nineteen_homes_are_too_few_and_twenty_are_a_group(self):
        self.given_homes(19)
        count_homes_alike(NOW)
        assert homes_like(town="Domžale", product="propane") is None
        self.given_home(19, 59)
        count_homes_alike(NOW)
        found = homes_like(town="Domžale", product="propane")
        assert found == Alike(20, date(2025, 11, 1), date(2026, 10, 31), Decimal(537), Decimal(594), Decimal(651))

    def test_only_households_of_the_whole_year_with_the_same_gas_and_weather_count(self):
        self.given_homes(20)
        self.given_home(50, 900, kind="company")
        self.given_home(51, 900, product="mixture")
        self.given_home(52, 900, town="Koper")
        self.given_home(53, 900, months=YEAR[2:])
        self.given_home(54, 900, closed_on=date(2026, 11, 1))
        self.given_home(55, 0)
        count_homes_alike(NOW)
        (kept,) = HomesAlike.objects.all()
        assert (kept.town, kept.product, kept.homes) == ("Domžale", "propane", 20)

    def test_they_are_counted_once_a_day_and_a_group_that_shrank_goes(self):
        self.given_homes(20)
        count_homes_alike(NOW)
        SupplyPoint.objects.filter(number="3000-1").update(closed_on=date(2026, 11, 1))
        count_homes_alike(NOW)
        assert HomesAlike.objects.count() == 1
        count_homes_alike(NOW.replace(day=24))
        assert HomesAlike.objects.count() == 0

    def test_the_page_says_where_the_place_stands(self):
        self.given_homes(20)
        self.bill(self.anas_meter, self.anas_payer, 30)
        count_homes_alike(NOW)
        html = text_of(self.ana.opens(PAGE))
        assert "Porabite manj kot tri četrtine podobnih domov." in html
        assert "21 domov z enakim plinom in vremenom kraja Domžale" in html
        assert "360 <small>m³</small>" in html
        assert "Kako veliki so in koliko ljudi v njih živi, ne vemo." in html

    def test_without_a_group_or_a_year_of_its_own_nothing_is_said(self):
        self.bill(self.anas_meter, self.anas_payer, 30, YEAR[6:])
        assert "podobni" not in text_of(self.ana.opens(PAGE))
        self.given_homes(20)
        count_homes_alike(NOW)
        assert "podobnih domov" not in text_of(self.ana.opens(PAGE))
