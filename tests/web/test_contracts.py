"""Contracts at all places."""

from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.contracts.models import Offer, Price
from tests.cast import PortalTestCase, moment

NOW = moment(2026, 11, 26)


class ContractsTest(PortalTestCase):
    """Ana's contract ends on 31 January 2027; she used 694 m³ in the last twelve months."""

    def setUp(self):
        with time_machine.travel(NOW, tick=False):
            self.given_cast()
        self.contract = self.given_contract(self.anas_payer, self.anas_house, rental_eur_month=Decimal("9.15"))
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="3618", value_to_m3="4312"
        )

    def given_offer(self, number, *, months=24, price="2.19", until=date(2027, 1, 31), **more):
        return Offer.objects.create(
            number=number, contract=self.contract, months=months, price_eur=Decimal(price),
            valid_from=date(2026, 11, 1), valid_until=until, **more,
        )  # fmt: skip

    def given_standard_price(self):
        for day, price in ((date(2026, 1, 1), "2.29"), (date(2026, 9, 1), "2.49"), (date(2027, 1, 1), "9.99")):
            Price.objects.create(
                product="propane", unit="m3", valid_from=day, price_eur=Decimal(price), kwh_per_unit=Decimal("25.9")
            )

    def opens(self, who=None, path="/pogodbe/", status=200, **query):
        with time_machine.travel(NOW, tick=False):
            return (who or self.ana).opens(path, status=status, **query).content.decode()

    def test_a_contract_shows_its_term_price_rental_and_notice(self):
        html = self.opens()
        for words in ("OGR-2024/1184", "2,34\xa0€/m³", "9,15\xa0€ na mesec", "30 dni", "še 66 dni", "Ana Novak"):
            with self.subTest(words=words):
                assert words in html
        assert "1.\xa02.\xa02025 do 31.\xa01.\xa02027" in html

    def test_offers_stand_beside_the_standard_price_with_the_amount_for_a_year(self):
        self.given_standard_price()
        self.given_offer("P-1")
        self.given_offer("P-2", months=12, price="2.26")
        html = self.opens()
        assert "24 mesecev, stalna cena" in html and "12 mesecev, stalna cena" in html
        for words in ("2,19\xa0€/m³", "približno 1.520\xa0€", "208\xa0€", "2,49\xa0€/m³", "približno 1.728\xa0€"):
            with self.subTest(words=words):
                assert words in html
        assert "9,99" not in html and "694\xa0m³" in html

    def test_an_offer_that_is_over_or_withdrawn_is_not_shown(self):
        self.given_offer("P-1", price="1.11", until=date(2026, 11, 25))
        self.given_offer("P-2", price="1.12", withdrawn_on=date(2026, 11, 20))
        html = self.opens()
        assert "1,11" not in html and "1,12" not in html

    def test_one_may_write_about_renewal_with_topic_and_contract_filled_in(self):
        html = self.opens()
        assert "Pišite nam o podaljšanju" in html
        assert "topic=contract" in html and "about=OGR-2024%2F1184" in html

    def test_a_contract_that_ended_is_shown_when_nothing_followed_it(self):
        self.contract.ends_on = date(2026, 10, 31)
        self.contract.save()
        assert "Potekla" in self.opens()
        self.given_contract(self.anas_payer, self.anas_house, "OGR-NEW", starts_on=date(2026, 11, 1), ends_on=None)
        html = self.opens()
        assert "OGR-NEW" in html and "brez konca" in html and "OGR-2024/1184" not in html

    def test_without_a_contract_the_page_says_so(self):
        assert "Pogodbe nismo našli" in self.opens(self.bojan)

    def test_somebody_elses_contract_and_an_earlier_payers_are_not_shown(self):
        assert "OGR-2024" not in self.opens(self.bojan)
        later = self.given_payer("20418999", name="Cilka Kos", serial=3)
        self.given_link(self.cilka, later, self.anas_house)
        with time_machine.travel(NOW, tick=False):
            assert "OGR-2024" not in self.opens(self.cilka)

    def test_without_a_place_one_is_sent_home(self):
        self.opens(self.cilka, status=302)

    def test_the_page_takes_six_statements_for_any_number_of_places(self):
        for number in range(3, 9):
            point = self.given_supply_point(self.bojans_firm, f"2000-{number}")
            self.given_link(self.bojan, self.bojans_firm, point)
            self.given_contract(self.bojans_firm, point, f"OGR-{number}")
        with time_machine.travel(NOW, tick=False), self.assertNumQueries(6):
            self.bojan.browser.get("/pogodbe/")

    def test_in_english(self):
        html = self.opens(path="/en/contracts/")
        assert "66 days left" in html and "€2.34/m³" in html and "30 days" in html
