"""The consumption page looks ahead: without the weather, the season and its cost, the tank, and use that stands out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.models import F

from mojplin.domain.contracts.models import Price
from mojplin.domain.metering import fair_comparison, temperatures, unusual_use, usage
from mojplin.domain.metering.climate import normal_climate
from mojplin.domain.metering.models import BilledReading, GaugeReading
from mojplin.domain.metering.temperatures import DayMean, take_in_temperatures
from mojplin.domain.orders.models import Article
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation.months import last_day, months_between
from mojplin.interfaces.web.consumption_outlook import rounded
from tests.cast import PortalTestCase, moment

PAGE = "/poraba/"
MONTHS = months_between(date(2024, 11, 1), date(2026, 10, 1))
SAFETY = "Zaprite ventil"
REMEMBERED = (usage._metered, unusual_use.remembered_unusual_use, fair_comparison.remembered_comparison)
"""What is counted once for readings, meters and weather; the last one also by the year and the unit shown."""


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def normal_use_m3(first_on, last_on):
    """Return what a home of 650 m3 a year uses on those days in the normal weather of Domžale."""
    normal, before = normal_climate("Domžale"), first_on.toordinal() - 1
    degrees = normal.until(15 - 8, last_on.toordinal()) - normal.until(15 - 8, before)
    return round(0.4 * (last_on.toordinal() - before) + 0.24 * degrees)


@time_machine.travel(moment(2026, 11, 23))
class Outlook(PortalTestCase):
    def setUp(self):
        self.given_cast()
        temperatures._climate.cache_clear()  # what another test of the process took in
        self.addCleanup(temperatures._climate.cache_clear)

    def given_months(self, months=MONTHS, times=lambda month: 1):
        value = 4000
        for month in months:
            used = round(normal_use_m3(month, last_day(month)) * times(month))
            self.given_billed(
                self.anas_meter, self.anas_payer, month=month, value_from_m3=str(value), value_to_m3=str(value + used)
            )
            value += used

    def given_temperatures(self, colder_c=lambda day: 0, first=date(2025, 1, 1), last=date(2026, 10, 31)):
        """Take in days that are so much colder than the mean of their month."""
        means = (0.7, 3.2, 6.3, 10.5, 14.6, 20.4, 21.7, 21.3, 16.6, 11.8, 6.2, 1.9)
        days = [first + timedelta(offset) for offset in range((last - first).days + 1)]
        take_in_temperatures(
            DayMean("Domžale", day, Decimal(str(means[day.month - 1])) - colder_c(day)) for day in days
        )

    def test_a_colder_year_is_about_the_same_without_the_weather(self):
        self.given_months(times=lambda month: 1.19 if date(2026, 1, 1) <= month <= date(2026, 3, 1) else 1)
        self.given_temperatures(lambda day: Decimal("2.5") if date(2026, 1, 1) <= day < date(2026, 4, 1) else 0)
        html = text_of(self.ana.opens(PAGE))
        assert "Ne glede na vreme ste porabili približno enako kot leto prej." in html
        assert "Običajno vreme je povprečje zadnjih desetih kurilnih sezon za kraj Domžale." in html
        assert "temperatura ni znana" not in html

    def test_more_in_the_same_weather_is_said(self):
        self.given_months(times=lambda month: 1.3 if month.year == 2026 else 1)
        self.given_temperatures()
        html = text_of(self.ana.opens(PAGE))
        assert "Ne glede na vreme ste porabili 30 % več kot leto prej." in html
        english = text_of(self.ana.browser.get("/en/consumption/"))
        assert "Without the weather you used 30% more than a year before." in english

    def test_days_without_a_temperature_count_as_normal_and_the_page_says_so(self):
        self.given_months()
        self.given_temperatures(last=date(2026, 10, 28))
        assert "Od 608 dni za 3 dni temperatura ni znana; štejejo kot običajni." in text_of(self.ana.opens(PAGE))

    def test_without_any_temperature_nothing_is_said_of_the_weather(self):
        self.given_months(times=lambda month: 1.1 if month.year == 2026 else 1)
        html = text_of(self.ana.opens(PAGE))
        assert "Koliko je k temu prispevalo vreme, še ne vemo." in html
        assert "Ob običajnem vremenu" not in html

    def test_the_season_has_a_range_and_a_cost_at_todays_price(self):
        self.given_months()
        self.given_contract(self.anas_payer, self.anas_house)
        html = text_of(self.ana.opens(PAGE))
        measured = sum(normal_use_m3(month, last_day(month)) for month in MONTHS if month >= date(2026, 7, 1))
        assert "V tej sezoni boste do konca junija porabili približno 640 m³." in html
        assert f'{measured} <small>m³</small></dd><dd class="muted small">1. 7. 2026 do 31. 10. 2026' in html
        assert "Samo plin, z DDV, po vaši današnji ceni 2,34 €/m³. Cena je zagotovljena do 31. 1. 2027." in html
        assert "Prva groba ocena" not in html

    def test_without_a_contract_the_price_list_counts(self):
        self.given_months()
        prices = {"product": "propane", "unit": "m3", "kwh_per_unit": Decimal("25.98")}
        Price.objects.create(valid_from=date(2026, 10, 1), price_eur=Decimal("2.49"), **prices)
        Price.objects.create(valid_from=date(2026, 12, 1), price_eur=Decimal("9.99"), **prices)
        html = text_of(self.ana.opens(PAGE))
        assert "po vaši današnji ceni 2,49 €/m³." in html
        assert "Cena je zagotovljena" not in html

    def test_after_one_reading_it_is_a_first_rough_guess(self):
        self.given_months(MONTHS[-1:])
        html = text_of(self.ana.opens(PAGE))
        assert "Prva groba ocena: do konca junija približno" in html
        assert "1. 10. 2026 do 31. 10. 2026" in html
        assert "kot leto prej" not in html

    def test_a_place_that_is_no_longer_the_payers_has_nothing_to_come(self):
        self.given_months()
        PayerPeriod.objects.filter(payer=self.anas_payer).update(ends_on=date(2026, 11, 1))
        html = text_of(self.ana.opens(PAGE))
        assert "V tej sezoni" not in html
        assert "Koliko je k temu prispevalo vreme" in html

    def test_the_home_is_fitted_once_for_as_long_as_its_readings_stay_as_they_are(self):
        self.given_months()
        self.ana.opens(PAGE)
        known = [each.cache_info().misses for each in REMEMBERED]
        self.ana.opens(PAGE, year="2025", unit="l")
        self.ana.opens(PAGE)
        assert [each.cache_info().misses for each in REMEMBERED[:2]] == known[:2]
        BilledReading.objects.filter(period_from=date(2026, 10, 1)).update(value_to_m3=F("value_to_m3") + 1)
        self.ana.opens(PAGE)
        assert all(each.cache_info().misses > before for each, before in zip(REMEMBERED, known, strict=True))

    def test_more_than_usual_is_a_hint_with_the_words_about_the_smell_of_gas(self):
        self.given_months(times=lambda month: 3 if month >= date(2026, 8, 1) else 1)
        main = text_of(self.ana.opens(PAGE)).partition("<main")[2].partition("</main>")[0]
        assert "Porabite več, kot običajno porabite ob takem vremenu" in main
        assert "Od 1. 8. 2026 ste porabili" in main
        assert "To ni alarm" in main
        assert SAFETY in main
        assert 'href="tel:112"' in main

    def test_what_stood_out_months_ago_is_no_news(self):
        self.given_months(times=lambda month: 3 if month >= date(2026, 8, 1) else 1)
        with time_machine.travel(moment(2027, 1, 1)):
            self.ana.is_signed_in()
            assert "Porabite več" in text_of(self.ana.opens(PAGE))
        with time_machine.travel(moment(2027, 1, 2)):
            self.ana.is_signed_in()
            assert "Porabite več" not in text_of(self.ana.opens(PAGE))

    def test_as_usual_there_is_no_hint(self):
        self.given_months()
        assert "Porabite več" not in text_of(self.ana.opens(PAGE))


@time_machine.travel(moment(2026, 11, 23))
class Tanks(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk", tank_capacity_l=2700)
        self.given_link(self.ana, self.anas_payer, self.tank, "Delavnica")
        Article.objects.create(
            number="DOP", kind="small_order", name="Doplačilo", valid_from=date(2024, 1, 1), price_eur=61,
            vat_percent=22, below_l=500,
        )  # fmt: skip

    def given_delivery(self, on, litres, before=None, after=None):
        self.tank.deliveries.create(
            number=f"D-{on}", payer=self.anas_payer, delivered_on=on, litres=Decimal(litres),
            level_before_percent=before, level_after_percent=after,
        )  # fmt: skip

    def opened(self):
        return text_of(self.ana.opens(PAGE, place=self.tank.public_id))

    def given_two_years(self, last_after=85):
        for on, litres, before, after in (
            (date(2024, 11, 15), 1350, 35, 85), (date(2025, 2, 10), 1620, 25, 85), (date(2025, 10, 20), 1620, 25, 85),
            (date(2026, 1, 25), 1620, 25, 85), (date(2026, 11, 10), 1620, 25, last_after),
        ):  # fmt: skip
            self.given_delivery(on, litres, before, after)

    def test_a_full_tank_is_ordered_in_a_window(self):
        self.given_two_years()
        html = self.opened()
        assert "Naročite med 14. 12. 2026 in 14. 1. 2027." in html
        assert "Pred tem v plinohram še ne gre 500 l. Če naročite zadnji dan, ostane 10 dni za dostavo" in html
        assert "Izračunano po kazalcu z dne 10. 11. 2026" in html

    def test_a_tank_near_its_reserve_is_ordered_now(self):
        self.given_two_years(last_after=24)
        assert "Naročite plin zdaj." in self.opened()

    def test_what_was_filled_in_since_the_gauge_is_counted(self):
        self.given_two_years(last_after=24)
        self.given_delivery(date(2026, 11, 20), 1200)
        assert "Naročite do" in self.opened()

    def test_a_gauge_the_customer_sent_moves_the_window(self):
        self.given_two_years()
        percent = {"supply_point": self.tank, "payer": self.anas_payer, "submitted_by": self.ana.user}
        for version, read in ((1, 90), (2, 76)):
            GaugeReading.objects.create(
                read_on=date(2026, 11, 22), version=version, percent=read, submitted_at=moment(2026, 11, 22), **percent
            )
        html = self.opened()
        assert "Naročite med 9. 12. 2026 in 11. 1. 2027." in html
        assert "Izračunano po kazalcu z dne 22. 11. 2026" in html

    def test_without_a_gauge_it_says_why_it_cannot_tell(self):
        self.given_delivery(date(2026, 3, 5), 930)
        assert "Dostavljeni litri niso porabljeni litri." in self.opened()


@pytest.mark.parametrize(
    ("figures", "written"),
    [((687, 604, 771), (690, 600, 770)), ((17210, 14800, 19400), (17200, 14800, 19400)), ((8, 5, 11), (8, 5, 11))],
)
def test_a_figure_is_rounded_as_its_range_allows(figures, written):
    found = rounded(*map(Decimal, figures))
    assert (found.value, found.low, found.high) == written
