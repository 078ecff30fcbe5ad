"""Received payments and what they closed."""

import re
from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.billing.models import Payment, Settlement
from mojplin.domain.linking.models import Link, Role
from tests.cast import Customer, PortalTestCase, moment

PAYMENTS = "/placila/"
STATEMENTS = 4


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class ReceivedPayments(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(moment(2026, 11, 26), tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        first, second = self.bojans_points
        self.bills = [
            self.given_document(self.bojans_firm, point, f"26-{number}", amount_eur="50.00")
            for number, point in enumerate((first, second), start=1)
        ]
        self.payment = self.given_payment("PL-1", "100.00", date(2026, 11, 20), dict.fromkeys(self.bills, "40.00"))

    def given_payment(self, number, amount_eur, received_on, closed):
        payment = Payment.objects.create(
            number=number, payer=self.bojans_firm, received_on=received_on, amount_eur=Decimal(amount_eur)
        )
        for document, part_eur in closed.items():
            Settlement.objects.create(payment=payment, document=document, amount_eur=Decimal(part_eur))
        return payment

    def test_each_shows_what_it_closed_and_what_is_left_of_it(self):
        html = text_of(self.bojan.opens(PAYMENTS))
        assert "20. 11. 2026" in html and "100,00 €" in html
        assert html.count("40,00 € od 50,00 €") == 2
        assert "Še ni razporejeno na dokument: 20,00 €" in html

    def test_one_that_closed_a_document_whole_says_no_more_than_which(self):
        self.given_payment("PL-2", "50.00", date(2026, 11, 21), {self.bills[0]: "50.00"})
        html = text_of(self.bojan.opens(PAYMENTS))
        assert re.search(r"21\. 11\. 2026.{0,200}Račun 26-1</a></li>", html, re.DOTALL)

    def test_a_settlement_that_was_taken_back_is_not_shown(self):
        Settlement.objects.filter(document=self.bills[0]).update(amount_eur=0)
        html = text_of(self.bojan.opens(PAYMENTS))
        assert "26-1<" not in html and "60,00 €" in html

    def test_the_page_of_a_document_says_when_it_was_paid(self):
        page = f"/racuni/{self.bills[0].public_id}/"
        self.given_payment("PL-2", "10.00", date(2026, 11, 24), {self.bills[0]: "10.00"})
        assert "Plačano 24. novembra 2026. Hvala." in text_of(self.bojan.opens(page))
        Settlement.objects.filter(document=self.bills[0]).update(amount_eur=0)
        html = text_of(self.bojan.opens(page))
        assert "Plačano 2" not in html and "Plačano" in html

    def test_they_are_shown_year_by_year(self):
        self.given_payment("PL-0", "33.33", date(2025, 12, 31), {})
        assert "33,33" not in text_of(self.bojan.opens(PAYMENTS))
        assert "33,33 €" in text_of(self.bojan.opens(PAYMENTS, year="2025"))
        assert "V letu 2024 ni plačil" in text_of(self.bojan.opens(PAYMENTS, year="2024"))
        for odd in ("1999", "9" * 40, "x", "٢٠٢٥"):
            assert "100,00 €" in text_of(self.bojan.opens(PAYMENTS, year=odd))

    def test_documents_of_places_not_linked_are_only_summed_up(self):
        Link.objects.filter(user=self.bojan.user, supply_point=self.bojans_points[1]).delete()
        html = text_of(self.bojan.opens(PAYMENTS))
        assert "26-2" not in html and "Dokumenti drugih odjemnih mest: 40,00 €" in html

    def test_others_and_those_with_whom_a_place_is_shared_see_none(self):
        tine = Customer("Tine")
        self.given_share(tine, Link.objects.filter(user=self.bojan.user).first(), Role.EVERYTHING)
        for person in (tine, self.ana, self.cilka):
            assert "100,00" not in text_of(person.opens(PAYMENTS))

    def test_the_number_of_statements_is_fixed(self):
        for number in range(30):
            self.given_payment(f"M-{number}", "1.00", date(2026, 1, 1 + number), {self.bills[0]: "1.00"})
        with self.assertNumQueries(STATEMENTS):
            self.bojan.opens(PAYMENTS)
