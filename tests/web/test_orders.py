"""Ordering a refill of a tank: at the price that was shown, for a week that is wished, until it is delivered."""

import re
from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.contracts.models import Contract, Price
from mojplin.domain.linking.models import Link
from mojplin.domain.orders.models import Article, GasOrder, OrderStep
from mojplin.domain.orders.pricing import LitrePrice, Surcharge, cost_of, litres_that_fit, saving_of
from mojplin.domain.orders.steps import take_steps
from mojplin.domain.supply.models import Delivery
from mojplin.foundation.mail import written
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to, told_by_tomorrow


class OrderCase(PortalTestCase):
    """Ana also has a tank of 2700 litres."""

    def setUp(self):
        self.given_cast()
        self.tank = self.given_supply_point(
            self.anas_payer, "1042-9000", kind="bulk", tank_capacity_l=2700, street="Log 7", town="Kranjska Gora"
        )
        self.given_link(self.ana, self.anas_payer, self.tank, name="Vikend")
        self.given_contract(self.anas_payer, self.tank, "OGR-T", price_eur=Decimal("0.62"), unit="l", ends_on=None)
        self.path = f"/narocila/?place={self.tank.public_id}"

    def sends(self, who=None, **fields):
        given = {"gauge_percent": "28", "how": "fill_up", "litres": "", "phone": "040 000 000", "note": ""} | fields
        return (who or self.ana).sends(self.path, given)

    def orders(self, who=None, **fields):
        """Look at what it costs, then order at that price."""
        html = self.sends(who, step="review", **fields).content.decode()
        shown = re.search(r'name="shown_eur" value="([^"]*)"', html)
        return self.sends(who, **{"step": "order", "shown_eur": shown[1] if shown else ""} | fields)


class TankTest(OrderCase):
    def test_a_refill_is_ordered_told_and_confirmed(self):
        html = self.ana.follows(self.orders()).content.decode()
        order = GasOrder.objects.get()
        assert order.number.startswith("N-20") and order.number in html and "do polnega" in html
        assert (order.litres, order.gauge_percent, order.payer) == (None, 28, self.anas_payer)
        told = Message.objects.get(topic="erp.order.placed").payload
        assert (told["number"], told["supply_point"], told["fills_up"]) == (order.number, "1042-9000", True)
        assert Message.objects.get(topic="mail").payload["to"] == "ana@example.si"

    def test_the_mail_names_the_place_as_the_customer_does(self):
        Link.objects.filter(user=self.ana.user, supply_point=self.tank).update(name="Koča pri Zvončku")
        self.orders()
        letter = mails_to("ana@example.si")[0]
        assert "Koča pri Zvončku" in letter.text and "Koča pri Zvončku" in letter.html

    def test_a_set_quantity_is_ordered(self):
        self.orders(how="amount", litres="800", note="Pes je na dvorišču.")
        order = GasOrder.objects.get()
        assert (order.litres, order.note) == (800, "Pes je na dvorišču.")

    def test_the_page_shows_the_tank_and_the_price_by_contract(self):
        html = self.ana.opens(self.path).content.decode()
        assert "2.700\xa0l" in html and "0,62\xa0€/l" in html and "Najmanj 300\xa0l." in html

    def test_what_cannot_be_ordered_is_said_beside_its_field(self):
        table = [
            ({"gauge_percent": ""}, "Vpišite, kaj kaže kazalec, na primer 28."),
            ({"gauge_percent": "101"}, "Kazalec kaže med 0 in 100 odstotki."),
            ({"gauge_percent": "-1"}, "Kazalec kaže med 0 in 100 odstotki."),
            ({"gauge_percent": "1e1"}, "Vpišite celo število odstotkov, na primer 28."),
            ({"gauge_percent": "85"}, "Plinohram je tako poln, kot sme biti"),
            ({"gauge_percent": "75"}, "V plinohram gre zdaj le približno 270\xa0l."),
            ({"how": "amount"}, "Vpišite, koliko litrov, na primer 800."),
            ({"how": "amount", "litres": "0"}, "Naročite vsaj 300\xa0l."),
            ({"how": "amount", "litres": "299"}, "Naročite vsaj 300\xa0l."),
            ({"how": "amount", "litres": "-5"}, "Vpišite, koliko litrov, na primer 800."),
            ({"how": "amount", "litres": "1540"}, "V plinohram gre zdaj približno 1.530\xa0l."),
            ({"how": "amount", "litres": "1000000000"}, "To je več, kot drži kateri koli plinohram."),
            ({"wished": "2020-01-06"}, "Izberite enega od tednov."),
            ({"note": "x" * 501}, "500"),
            ({"phone": ""}, "Vpišite telefonsko številko"),
            ({"phone": "pokličite me"}, "Telefonsko številko vpišite s števkami"),
            ({"phone": "040\r\nBcc: x"}, "Telefonsko številko vpišite s števkami"),
            ({"phone": "040 000 000\r\nBcc: x"}, "Telefonsko številko vpišite s števkami"),
            ({"phone": "SI56020170014356205"}, "Telefonsko številko vpišite s števkami"),
        ]
        for fields, sentence in table:
            with self.subTest(fields=fields):
                for step in ("review", "order"):
                    assert sentence in self.sends(step=step, **fields).content.decode()
        assert not GasOrder.objects.exists() and not Message.objects.exists()

    def test_a_forged_choice_of_quantity_is_refused(self):
        self.sends(step="order", how="everything")
        assert not GasOrder.objects.exists()

    def test_the_same_form_sent_twice_is_one_order(self):
        first, second = (self.sends(step="order", shown_eur="948.60", form_key="k") for _click in range(2))
        assert first["Location"] == second["Location"]
        assert GasOrder.objects.count() == 1

    def test_earlier_orders_stand_on_the_page(self):
        self.orders()
        assert GasOrder.objects.get().number in self.ana.opens(self.path).content.decode()

    def test_a_tank_of_unknown_size_can_be_refilled_too(self):
        self.tank.tank_capacity_l = None
        self.tank.save()
        self.ana.opens(self.path)
        self.orders(how="amount", litres="3000")
        assert GasOrder.objects.get().litres == 3000

    def test_metered_gas_need_not_be_ordered(self):
        html = self.ana.opens("/narocila/", place=self.anas_house.public_id).content.decode()
        assert "plina ni treba naročati" in html and 'name="gauge_percent"' not in html
        assert "Pišite podpori" in html
        self.path = f"/narocila/?place={self.anas_house.public_id}"
        self.sends(step="order")
        assert not GasOrder.objects.exists()

    def test_in_english(self):
        html = self.ana.opens("/en/orders/", place=self.tank.public_id).content.decode()
        assert "How much gas is left in the tank" in html and "€0.62/l" in html

    def test_a_stranger_orders_nothing_and_sees_no_order(self):
        location = self.orders()["Location"]
        assert self.sends(who=self.bojan, step="order").status_code == 404
        self.bojan.opens(self.path, status=404)
        self.bojan.opens(location, status=404)
        self.cilka.opens(location, status=404)
        assert GasOrder.objects.count() == 1

    def test_a_later_payer_does_not_see_the_earlier_ones_order(self):
        location = self.orders()["Location"]
        later = self.given_payer("20418999", name="Cilka Kos", serial=3)
        self.given_link(self.cilka, later, self.tank)
        self.cilka.opens(location, status=404)
        assert GasOrder.objects.get().number not in self.cilka.opens(self.path).content.decode()


class PriceTest(OrderCase):
    """The surcharge of the price list is 61 euros below 500 litres."""

    def setUp(self):
        super().setUp()
        Price.objects.create(
            product="propane", unit="l", valid_from=date(2026, 1, 1), price_eur=Decimal("0.70"),
            levies_eur=Decimal("0.0264"), vat_percent=Decimal(22), kwh_per_unit=Decimal("6.96"),
        )  # fmt: skip
        for day, eur in ((date(2020, 1, 1), 50), (date(2024, 1, 1), 61), (date(2999, 1, 1), 99)):
            Article.objects.create(
                number="DOP", kind="small_order", name="Doplačilo", valid_from=day, price_eur=eur, vat_percent=22,
                below_l=500,
            )  # fmt: skip

    def reviewed(self, **fields):
        return self.sends(step="review", **fields).content.decode().replace("\xa0", " ")

    def test_the_price_is_shown_with_levies_and_vat_before_anything_is_ordered(self):
        html = self.reviewed()
        for words in ("Plin, 1.530 l po 0,62 €/l", "948,60 €", "DDV 171,06 €", "dajatve 40,39 €",
                      "Ceno določa vaša pogodba"):  # fmt: skip
            with self.subTest(words=words):
                assert words in html
        assert "Doplačilo za majhno" not in html and not GasOrder.objects.exists()
        self.orders()
        assert GasOrder.objects.get().shown_eur == Decimal("948.60")
        assert Message.objects.get(topic="erp.order.placed").payload["shown_eur"] == "948.60"
        assert "948,60\xa0€" in mails_to("ana@example.si")[0].text

    def test_where_only_the_contract_names_a_price_its_levies_are_said_to_be_in_it(self):
        Price.objects.all().delete()
        html = self.reviewed()
        assert "dajatve, ki so del dogovorjene cene" in html and "0,00" not in html and "DDV 171,06 €" in html

    def test_little_costs_more_and_the_page_says_how_to_be_spared_it(self):
        html = self.reviewed(how="amount", litres="400")
        assert "61,00 €" in html and "309,00 €" in html and "Od 500 l naprej doplačila ni." in html
        assert "61,00 €" not in self.reviewed(how="amount", litres="500")

    def test_waiting_until_enough_fits_saves_the_surcharge_and_the_days_are_told(self):
        now = date.today()
        for number, days in enumerate((400, 200, 30)):
            Delivery.objects.create(
                number=f"D-{number}", supply_point=self.tank, payer=self.anas_payer, litres=1000,
                delivered_on=now - timedelta(days=days),
            )  # fmt: skip
        html = self.reviewed(gauge_percent="70")  # 400 l fit, 500 l at 66 %: 108 litres later
        assert "Ko bo kazalec kazal 66 %, bo v plinohram šlo 500 l" in html
        assert "čez približno 20 dni" in html and "Lahko prihranite 61,00 €." in html

    def test_without_a_fixed_price_that_of_the_price_list_is_shown(self):
        Contract.objects.update(price_basis="price_list")
        assert "po 0,70 €/l" in self.reviewed() and "po današnjem ceniku" in self.reviewed()

    def test_a_price_that_changed_meanwhile_is_shown_beside_the_new_one_and_asked_about_again(self):
        shown = re.search(r'name="shown_eur" value="([^"]*)"', self.reviewed())[1]
        Contract.objects.update(price_eur=Decimal("0.65"))
        html = self.sends(step="order", shown_eur=shown).content.decode().replace("\xa0", " ")
        assert "Cena se je medtem spremenila" in html and "Videli ste 948,60 €; zdaj je 994,50 €." in html
        assert not GasOrder.objects.exists()
        for forged in ("", "0", "NaN", "1e9", "x"):
            self.sends(step="order", shown_eur=forged)
        assert not GasOrder.objects.exists()
        self.sends(step="order", shown_eur=re.search(r'name="shown_eur" value="([^"]*)"', html)[1])
        assert GasOrder.objects.get().shown_eur == Decimal("994.50")

    def test_one_goes_back_and_finds_what_was_filled_in(self):
        html = self.sends(step="edit", gauge_percent="33", how="amount", litres="777", note="Pes").content.decode()
        assert 'value="33"' in html and 'value="777"' in html and "Pes" in html and "Napaka" not in html


class DaysTest(OrderCase):
    def setUp(self):
        super().setUp()
        clock = time_machine.travel(moment(2026, 11, 26), tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.ana.is_signed_in()

    def test_one_chooses_a_week_or_the_soonest_day_over_holidays(self):
        html = self.ana.opens(self.path).content.decode().replace("\xa0", " ")
        assert "predvidoma od 1. decembra do 4. decembra" in html and "od 7. decembra do 11. decembra" in html
        self.orders(wished="2026-12-14")
        order = GasOrder.objects.get()
        assert (order.wished_from, order.wished_until) == (date(2026, 12, 14), date(2026, 12, 18))
        told = Message.objects.get(topic="erp.order.placed").payload
        assert (told["wished_from"], told["wished_until"]) == ("2026-12-14", "2026-12-18")
        assert "14. 12. do 18. 12. 2026" in self.ana.opens(f"/narocila/{order.public_id}/").content.decode().replace(
            "\xa0", " "
        )

    def test_phone_and_access_are_kept_for_the_next_order_of_the_same_person_only(self):
        self.orders(phone="041 111 222", note="Ključ je pri sosedi.")
        html = self.ana.opens(self.path).content.decode()
        assert "041 111 222" in html and "Ključ je pri sosedi." in html
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.tank)
        html = eva.opens(self.path).content.decode()
        assert "041 111 222" not in html and "Ključ" not in html


class StateTest(OrderCase):
    def setUp(self):
        super().setUp()
        self.orders()
        self.order = GasOrder.objects.get()
        self.page = f"/narocila/{self.order.public_id}/"

    def step(self, state, **more):
        OrderStep.objects.all().delete()
        OrderStep.objects.create(order_number=self.order.number, state=state, **more)
        take_steps(now=timezone.now())
        return self.ana.opens(self.page).content.decode().replace("\xa0", " ")

    def test_one_cancels_until_the_delivery_is_planned(self):
        html = self.ana.follows(self.ana.sends(f"{self.page}preklic/")).content.decode()
        assert "Preklicano" in html and "Prekličite naročilo" not in html
        assert Message.objects.get(topic="erp.order.cancelled").payload["number"] == self.order.number
        assert "je preklicano" in mails_to("ana@example.si")[0].subject
        html = self.ana.sends(f"{self.page}preklic/", status=200).content.decode()  # from another window
        assert "Naročilo je že preklicano." in html and "ga tu ni več mogoče preklicati" not in html
        assert Message.objects.filter(topic="erp.order.cancelled").count() == 1

    def test_what_is_planned_shows_its_days_and_can_no_longer_be_cancelled(self):
        html = self.step("planned", planned_from=date(2026, 12, 2), planned_until=date(2026, 12, 4))
        assert "2. 12. do 4. 12. 2026" in html and "Prekličite naročilo" not in html
        assert "načrtovana od 2. decembra do 4. decembra" in told_by_tomorrow("ana@example.si", "Naročilo")[
            0
        ].text.replace("\xa0", " ")
        html = self.ana.sends(f"{self.page}preklic/").content.decode()
        assert "ga tu ni več mogoče preklicati" in html
        assert GasOrder.objects.get().state == "planned"

    def test_what_is_delivered_shows_litres_and_gauge(self):
        html = self.step("delivered", delivered_on=date(2026, 12, 3), litres=1490, gauge_percent=84)
        assert "3. 12. 2026, 1.490 l, kazalec 84 %" in html and "Dobavljeno" in html

    def test_what_the_supplier_cancels_says_why(self):
        assert "Cesta je zaprta." in self.step("cancelled", reason="Cesta je zaprta.")
        assert "Cesta je zaprta." in told_by_tomorrow("ana@example.si", "Naročilo")[0].text

    def test_a_step_is_told_once_and_a_cancelled_order_is_not_planned(self):
        self.ana.sends(f"{self.page}preklic/")
        before = Message.objects.count()
        html = self.step("planned", planned_from=date(2026, 12, 2))
        assert GasOrder.objects.get().state == "cancelled" and Message.objects.count() == before
        assert "2. 12. 2026" not in html
        self.step("delivered", delivered_on=date(2026, 12, 3))
        take_steps(now=timezone.now())
        assert GasOrder.objects.get().state == "delivered"
        subjects = [[mail.subject for mail in told_by_tomorrow("ana@example.si", "Naročilo")] for _twice in range(2)]
        assert [sum("dostavljen" in each for each in found) for found in subjects] == [1, 1]

    def test_a_stranger_cancels_nothing(self):
        for who in (self.bojan, self.cilka):
            who.sends(f"{self.page}preklic/", status=404)
        assert GasOrder.objects.get().state == "received"


@given(
    litres=st.integers(1, 200_000),
    price=st.decimals("0.0001", "9.9999", places=4),
    below=st.integers(1, 5_000),
    extra=st.decimals("0", "500", places=2),
)
def test_a_cost_adds_up_to_the_cent(litres, price, below, extra):
    of = LitrePrice(price_eur=price, levies_eur=Decimal("0.0264"), vat_percent=Decimal(22), is_fixed=True)
    cost = cost_of(litres, of, Surcharge(below_l=below, price_eur=extra))
    assert cost.net_eur + cost.vat_eur == cost.gas_eur + cost.surcharge_eur == cost.total_eur
    assert cost.surcharge_eur == (extra if litres < below else 0)
    assert abs(cost.net_eur * Decimal("1.22") - cost.total_eur) <= Decimal("0.0061")


@given(capacity=st.integers(400, 20_000), gauge=st.integers(0, 84), below=st.integers(300, 2_000))
def test_waiting_is_advised_only_until_enough_fits(capacity, gauge, below):
    fits = litres_that_fit(capacity, gauge)
    saving = saving_of(
        min(fits, below - 1), Surcharge(below_l=below, price_eur=Decimal(61)), tank_capacity_l=capacity,
        gauge_percent=gauge, used_l_year=Decimal(1500),
    )  # fmt: skip
    if saving is None:
        assert litres_that_fit(capacity, 0) < below
    elif saving.at_percent is None:
        assert fits >= below
    else:
        assert litres_that_fit(capacity, saving.at_percent) >= below > litres_that_fit(capacity, saving.at_percent + 1)
        assert saving.at_percent < gauge and saving.days >= 1


def test_a_tank_takes_gas_up_to_eighty_five_percent():
    assert litres_that_fit(2700, 28) == 1530
    assert litres_that_fit(2700, 0) == 2290
    assert litres_that_fit(2700, 85) == litres_that_fit(2700, 100) == 0


def test_the_mail_says_what_was_ordered_in_both_languages():
    for language in ("sl", "en"):
        for litres in (None, "800"):
            context = {
                "number": "N-2026-000001",
                "place": "Vikend",
                "litres": litres,
                "phone": "040 000 000",
                "total": None,
            }
            letter = written(template="orders/mail/order_received", context=context, language=language)
            assert "N-2026-000001" in letter.subject and "040 000 000" in letter.text and "Vikend" in letter.html
            assert ("800\xa0l" in letter.text) == (litres is not None)
