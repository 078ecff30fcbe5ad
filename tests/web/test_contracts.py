"""Contracts at all places, and the page of each."""

from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.contracts.models import Offer, Price
from mojplin.domain.linking.models import Role
from tests.cast import Customer, PortalTestCase, moment
from tests.deals import given_file, given_renewal

NOW = moment(2026, 11, 26)
STATEMENTS = 5


class ContractsCase(PortalTestCase):
    """Ana's contract ends on 31 January 2027."""

    def setUp(self):
        with time_machine.travel(NOW, tick=False):
            self.given_cast()
        self.contract = self.given_contract(self.anas_payer, self.anas_house, rental_eur_month=Decimal("9.15"))
        self.page = f"/pogodbe/{self.contract.public_id}/"

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

    def answer_of(self, who=None, path="/pogodbe/", status=200, **query):
        with time_machine.travel(NOW, tick=False):
            return (who or self.ana).opens(path, status=status, **query)

    def opens(self, *args, **kwargs):
        return self.answer_of(*args, **kwargs).content.decode()


class ListTest(ContractsCase):
    def test_a_contract_shows_its_term_price_and_what_is_left_of_it(self):
        html = self.opens()
        for words in ("OGR-2024/1184", "2,34\xa0€/m³", "še 66 dni", self.page):
            with self.subTest(words=words):
                assert words in html
        assert "1.\xa02.\xa02025 do 31.\xa01.\xa02027" in html

    def test_the_lowest_offer_that_is_good_today_stands_beside_the_price(self):
        self.given_offer("P-1")
        self.given_offer("P-2", months=12, price="2.26")
        self.given_offer("P-3", price="1.11", until=date(2026, 11, 25))
        self.given_offer("P-4", price="1.12", withdrawn_on=date(2026, 11, 20))
        html = self.opens()
        assert "Ob podaljšanju od" in html and "2,19\xa0€/m³" in html
        assert "2,26" not in html and "1,11" not in html and "1,12" not in html

    def test_a_contract_that_ended_is_shown_when_nothing_followed_it(self):
        self.contract.ends_on = date(2026, 10, 31)
        self.contract.save()
        assert "Potekla" in self.opens()
        self.given_contract(self.anas_payer, self.anas_house, "OGR-NEW", starts_on=date(2026, 11, 1), ends_on=None)
        html = self.opens()
        assert "OGR-NEW" in html and "brez konca" in html and "OGR-2024/1184" not in html

    def test_a_renewal_says_until_when_and_at_which_price(self):
        given_renewal(self.contract, self.ana.user)
        html = self.opens().replace("\xa0", " ")
        assert "Poslano dobavitelju" in html and "do 31. 1. 2029, 2,19 €/m³" in html

    def test_what_can_be_renewed_stands_first(self):
        first, second = self.bojans_points
        self.given_contract(self.bojans_firm, first, "OGR-A", ends_on=date(2029, 1, 31))
        self.given_contract(self.bojans_firm, second, "OGR-B", ends_on=date(2026, 12, 31))
        html = self.opens(self.bojan)
        assert 0 < html.index("OGR-B") < html.index("OGR-A")

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

    def test_the_page_takes_a_fixed_number_of_statements_for_any_number_of_places(self):
        for number in range(3, 9):
            point = self.given_supply_point(self.bojans_firm, f"2000-{number}")
            self.given_link(self.bojan, self.bojans_firm, point)
            self.given_contract(self.bojans_firm, point, f"OGR-{number}")
        with time_machine.travel(NOW, tick=False), self.assertNumQueries(STATEMENTS):
            self.bojan.browser.get("/pogodbe/")

    def test_in_english(self):
        html = self.opens(path="/en/contracts/")
        assert "66 days left" in html and "€2.34/m³" in html and "Contract OGR-2024/1184" in html


class PageTest(ContractsCase):
    def test_it_says_place_payer_term_price_rental_and_notice(self):
        html = self.opens(path=self.page)
        for words in ("1042-7731", "Ana Novak", "2,34\xa0€/m³", "9,15\xa0€ na mesec", "30 dni", "še 66 dni"):
            with self.subTest(words=words):
                assert words in html

    def test_it_says_what_is_fixed_and_what_may_change(self):
        self.given_standard_price()
        html = self.opens(path=self.page)
        for words in (
            "Cena plina 2,34\xa0€/m³ je stalna do 31.\xa0januarja 2027.",
            "Dajatve in DDV določa zakon.",
            "danes je to 2,49\xa0€/m³",
            "odpovedni rok je 30 dni",
        ):
            with self.subTest(words=words):
                assert words in html
        self.contract.price_basis, self.contract.ends_on = "price_list", None
        self.contract.save()
        html = self.opens(path=self.page)
        assert "sledi rednemu ceniku" in html and "je stalna do" not in html and "brez konca" in html

    def test_its_documents_are_given_out_as_files(self):
        file = given_file(self.contract)
        given_file(self.contract, file_name="brez.pdf", path="")
        html = self.opens(path=self.page)
        assert (
            "Pogodba OGR-2024-1184 (PDF, 1 KB)" in html
            and "brez" not in html.split("Dokumenti")[1].split("</section>")[0]
        )
        answer = self.answer_of(path=f"/pogodbe/dokumenti/{file.public_id}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 pogodba"
        assert "OGR-2024-1184.pdf" in answer["Content-Disposition"] and "attachment" in answer["Content-Disposition"]

    def test_without_a_pdf_one_may_ask_for_a_copy(self):
        assert "about=OGR-2024%2F1184" in self.opens(path=self.page)

    def test_a_file_whose_content_is_gone_is_neither_shown_nor_broken(self):
        file = given_file(self.contract, path="contracts/00/none.pdf")
        assert "(PDF," not in self.opens(path=self.page)
        self.opens(path=f"/pogodbe/dokumenti/{file.public_id}/", status=404)

    def test_earlier_contracts_of_the_same_payer_are_its_history(self):
        former = self.given_payer("20418111", name="Prejšnji Plačnik", serial=7)
        self.given_contract(
            self.anas_payer, self.anas_house, "OGR-2022/7", starts_on=date(2023, 2, 1), ends_on=date(2025, 1, 31)
        )
        self.given_contract(former, self.anas_house, "OGR-TUJA", starts_on=date(2020, 2, 1), ends_on=date(2023, 1, 31))
        html = self.opens(path=self.page)
        assert "Prejšnje pogodbe" in html and "OGR-2022/7" in html and "OGR-TUJA" not in html

    def test_to_a_stranger_neither_the_contract_nor_its_file_exists(self):
        file = given_file(self.contract)
        for who in (self.bojan, self.cilka):
            self.opens(who, self.page, status=404)
            self.opens(who, f"/pogodbe/dokumenti/{file.public_id}/", status=404)

    def test_somebody_the_place_is_shared_with_reads_it(self):
        guest = Customer("Gost")
        self.given_share(guest, self.ana.user.links.get(), Role.SEE)
        html = self.opens(guest, self.page)
        assert "OGR-2024/1184" in html and "Pišite nam o podaljšanju" not in html

    def test_in_english(self):
        html = self.opens(path=f"/en/contracts/{self.contract.public_id}/")
        assert "is fixed until 31\xa0January 2027" in html and "€9.15 a month" in html
