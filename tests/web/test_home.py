"""Home: what stands on it, for whom, and in how many statements."""

from datetime import date, timedelta
from decimal import Decimal

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyCase

from mojplin.domain.billing.models import UnallocatedPayment
from mojplin.domain.contracts.models import Offer, Price
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.supply.models import FeedRun
from tests.cast import PortalTestCase, Scenes, moment

STATEMENTS = 6


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class HomeCase(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def given_two_years_of_gas(self):
        value, month = 1000, date(2024, 11, 1)
        while month <= date(2026, 10, 1):
            used = 40 if month < date(2025, 11, 1) else 38
            self.given_billed(
                self.anas_meter, self.anas_payer, month=month, value_from_m3=str(value), value_to_m3=str(value + used)
            )
            value += used
            month = (month + timedelta(days=32)).replace(day=1)


@time_machine.travel(moment(2026, 11, 26))
class Home(HomeCase):
    def test_somebody_without_a_supply_point_is_led_to_linking(self):
        html = text_of(self.cilka.opens("/"))
        assert "Povežite prvo odjemno mesto" in html
        assert "/odjemna-mesta/povezi/" in html

    def test_the_place_the_task_and_the_last_reading_stand_on_top(self):
        self.given_two_years_of_gas()
        html = text_of(self.ana.opens("/"))
        assert "Ob potoku 14, 1241 Kamnik" in html and "OM 1042-7731" in html
        assert 'name="typed"' in html
        assert "Zadnje stanje je 1936 m³ (31. oktobra)." in html

    def test_a_reading_sent_this_month_takes_the_place_of_the_field(self):
        SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=1, value_m3=Decimal(4399), read_on=date(2026, 11, 26), submitted_by=self.ana.user,
            submitted_at=moment(2026, 11, 26),
        )  # fmt: skip
        html = text_of(self.ana.opens("/"))
        assert "Oddano: 4399 m³, 26. novembra." in html
        assert 'name="typed"' not in html

    def test_a_closed_window_says_when_it_opens(self):
        with time_machine.travel(moment(2026, 11, 3)):
            self.ana.is_signed_in()
            html = text_of(self.ana.opens("/"))
        assert 'name="typed"' not in html
        assert "25. novembra" in html

    def test_twelve_months_beside_the_year_before(self):
        self.given_two_years_of_gas()
        html = text_of(self.ana.opens("/"))
        assert "456 <small>m³</small>" in html
        assert "24 m³ manj kot leto prej" in html

    def test_to_pay_covers_all_places_with_the_nearest_due_date(self):
        for number, (point, due) in enumerate(zip(self.bojans_points, (30, 28), strict=True)):
            self.given_document(
                self.bojans_firm, point, f"26-{number}", open_eur=Decimal("100.05"), due_on=date(2026, 11, due)
            )
        self.given_document(
            self.bojans_firm, None, "26-D", kind="credit_note", open_eur=Decimal("0.10"), amount_eur=Decimal("0.10")
        )
        html = text_of(self.bojan.opens("/"))
        assert "200,00 €" in html
        assert "2 neplačana računa, prvi rok je sobota, 28. novembra." in html

    def test_nothing_open_is_said_and_a_credit_is_in_ones_favour(self):
        assert "Vse je plačano. Hvala." in text_of(self.ana.opens("/"))
        UnallocatedPayment.objects.create(number="P-1", payer=self.anas_payer, open_eur=Decimal("18.40"))
        html = text_of(self.ana.opens("/"))
        assert "V vaše dobro" in html and "18,40 €" in html

    def test_a_contract_that_ends_soon_is_shown_with_its_offer(self):
        contract = self.given_contract(self.anas_payer, self.anas_house)
        Offer.objects.create(
            number="P-1", contract=contract, months=24, price_eur=Decimal("2.19"), valid_from=date(2026, 11, 1),
            valid_until=date(2027, 1, 31),
        )  # fmt: skip
        Price.objects.create(
            product="propane", unit="m3", valid_from=date(2020, 1, 1), price_eur=Decimal("2.49"),
            kwh_per_unit=Decimal("25.9"),
        )  # fmt: skip
        self.given_two_years_of_gas()
        html = text_of(self.ana.opens("/"))
        for words in ("čez 66 dni", "2,34 €/m³", "2,19 €/m³", "2,49 €/m³", "137 €", "Podaljšanje za 24 mesecev"):
            assert words in html, words
        assert "Pogodba se izteče" not in text_of(self.bojan.opens("/"))

    def test_a_contract_far_from_its_end_is_not_shown(self):
        self.given_contract(self.anas_payer, self.anas_house, ends_on=date(2027, 6, 30))
        assert "Pogodba se izteče" not in text_of(self.ana.opens("/"))

    def test_the_place_of_another_is_not_found(self):
        for customer in (self.bojan, self.ana):
            theirs = self.anas_house if customer is self.bojan else self.bojans_points[0]
            customer.opens("/", place=theirs.public_id, status=404)
            customer.opens("/", place="x" * 22, status=404)

    def test_a_new_payer_sees_nothing_the_old_one_used(self):
        self.given_two_years_of_gas()
        newcomer = self.given_payer("20430000", name="Nova Plačnica", serial=44)
        self.given_link(self.cilka, newcomer, self.anas_house, "Novo")
        html = text_of(self.cilka.opens("/"))
        assert "1936" not in html
        assert "Graf se pokaže po prvem obračunu plina." in html

    def test_the_day_of_the_data_is_said(self):
        FeedRun.objects.create(
            folder="2026-11-25", started_at=moment(2026, 11, 25), made_at=moment(2026, 11, 25), state="taken_in"
        )
        assert "25. 11. 2026" in text_of(self.ana.opens("/"))

    def test_the_number_of_statements_is_fixed(self):
        self.given_two_years_of_gas()
        self.given_contract(self.anas_payer, self.anas_house)
        for number in range(30):
            self.given_document(self.anas_payer, self.anas_house, f"26-{number}", open_eur=Decimal(1))
        self.ana.opens("/")
        with self.assertNumQueries(STATEMENTS):
            self.ana.opens("/")

    def test_many_places_take_no_more_statements(self):
        for number in range(48):
            point = self.given_supply_point(self.bojans_firm, f"3000-{number}")
            self.given_link(self.bojan, self.bojans_firm, point, name=f"Objekt {number}")
            self.given_document(self.bojans_firm, point, f"B-{number}", open_eur=Decimal(1))
        with self.assertNumQueries(STATEMENTS):
            assert "48,00 €" in text_of(self.bojan.opens("/"))

    def test_a_tank_shows_litres_and_no_reading(self):
        tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk", tank_capacity_l=2700)
        self.given_link(self.ana, self.anas_payer, tank, "Delavnica")
        for number, on in enumerate((date(2026, 3, 5), date(2026, 3, 25), date(2026, 10, 2))):
            tank.deliveries.create(number=f"D-{number}", payer=self.anas_payer, delivered_on=on, litres=Decimal(500))
        html = text_of(self.ana.opens("/", place=tank.public_id))
        assert "1.500 <small>l</small>" in html
        assert "Dobave v 12 mesecih" in html and "poraba v" not in html
        assert 'name="typed"' not in html


class OpenBalance(PropertyCase, Scenes):
    amounts = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(st.sampled_from(["invoice", "credit_note", "debit_note"]), amounts, st.booleans()), max_size=6
        ),
        st.lists(amounts, max_size=2),
    )
    def test_is_exactly_invoices_and_debit_notes_less_credit_notes_and_payments(self, documents, payments):
        self.given_cast()
        expected = Decimal(0)
        for number, (kind, amount, is_ours) in enumerate(documents):
            payer, point = (self.anas_payer, self.anas_house) if is_ours else (self.bojans_firm, self.bojans_points[0])
            self.given_document(payer, point, f"26-{number}", kind=kind, amount_eur=amount, open_eur=amount)
            if is_ours:
                expected += -amount if kind == "credit_note" else amount
        for number, amount in enumerate(payments):
            UnallocatedPayment.objects.create(number=f"P-{number}", payer=self.anas_payer, open_eur=amount)
            expected -= amount
        html = self.ana.opens("/").content.decode()
        shown = abs(expected)
        written = f"{shown:,.2f}".translate(str.maketrans(",.", ".,"))
        assert f"{written}\u00a0€" in html
        assert ("V vaše dobro</h2>" in html) == (expected < 0)
