"""Ordering gas, and the way to the supplier's own forms."""

from decimal import Decimal

from mojplin.domain.linking.models import Link
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.orders.operations import litres_that_fit
from mojplin.foundation.mail import written
from mojplin.foundation.outbox.models import Message
from tests.cast import PortalTestCase
from tests.mailbox import mails_to


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

    def orders(self, who=None, **fields):
        given = {"gauge_percent": "28", "how": "fill_up", "litres": "", "phone": "040 000 000", "note": ""} | fields
        return (who or self.ana).sends(self.path, given)


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
        assert "2.700\xa0l" in html and "0,62\xa0€/l" in html and "Najmanj 500\xa0l." in html

    def test_what_cannot_be_ordered_is_said_beside_its_field(self):
        table = [
            ({"gauge_percent": ""}, "Vpišite, kaj kaže kazalec, na primer 28."),
            ({"gauge_percent": "101"}, "Kazalec kaže med 0 in 100 odstotki."),
            ({"gauge_percent": "-1"}, "Kazalec kaže med 0 in 100 odstotki."),
            ({"gauge_percent": "1e1"}, "Vpišite celo število odstotkov, na primer 28."),
            ({"gauge_percent": "85"}, "Plinohram je tako poln, kot sme biti"),
            ({"gauge_percent": "70"}, "V plinohram gre zdaj le približno 400\xa0l."),
            ({"how": "amount"}, "Vpišite, koliko litrov, na primer 800."),
            ({"how": "amount", "litres": "0"}, "Naročite vsaj 500\xa0l."),
            ({"how": "amount", "litres": "499"}, "Naročite vsaj 500\xa0l."),
            ({"how": "amount", "litres": "-5"}, "Vpišite, koliko litrov, na primer 800."),
            ({"how": "amount", "litres": "1540"}, "V plinohram gre zdaj približno 1.530\xa0l."),
            ({"how": "amount", "litres": "1000000000"}, "To je več, kot drži kateri koli plinohram."),
            ({"phone": ""}, "Vpišite telefonsko številko"),
            ({"phone": "pokličite me"}, "Telefonsko številko vpišite s števkami"),
            ({"phone": "040\r\nBcc: x"}, "Telefonsko številko vpišite s števkami"),
        ]
        for fields, sentence in table:
            with self.subTest(fields=fields):
                assert sentence in self.orders(**fields).content.decode()
        assert not GasOrder.objects.exists() and not Message.objects.exists()

    def test_a_forged_choice_of_quantity_is_refused(self):
        self.orders(how="everything")
        assert not GasOrder.objects.exists()

    def test_the_same_form_sent_twice_is_one_order(self):
        first, second = self.orders(form_key="k"), self.orders(form_key="k")
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
        self.path = f"/narocila/?place={self.anas_house.public_id}"
        self.orders()
        assert not GasOrder.objects.exists()

    def test_in_english(self):
        html = self.ana.opens("/en/orders/", place=self.tank.public_id).content.decode()
        assert "How much gas is left in the tank" in html and "€0.62/l" in html

    def test_a_stranger_orders_nothing_and_sees_no_order(self):
        location = self.orders()["Location"]
        assert self.orders(who=self.bojan).status_code == 404
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


class HandOverTest(OrderCase):
    def test_the_page_shows_what_goes_along_before_anything_is_sent(self):
        html = self.ana.opens("/narocila/obrazec/cylinder/").content.decode()
        assert "Ana Novak" in html and "Ob potoku 14, 1241 Kamnik" in html and "an•••••@example.si" in html
        assert "obrazci.example.si" not in html
        assert not HandOver.objects.exists() and not Message.objects.exists()

    def test_going_on_is_noted_and_the_link_carries_no_data(self):
        for form, address in (("cylinder", "jeklenke"), ("gas_purchase", "plin")):
            html = self.ana.follows(self.ana.sends(f"/narocila/obrazec/{form}/")).content.decode()
            assert f'href="https://obrazci.example.si/{address}"' in html
        assert list(HandOver.objects.order_by("pk").values_list("form", flat=True)) == ["cylinder", "gas_purchase"]
        told = Message.objects.filter(topic="erp.form.handed_over").first().payload
        assert (told["name"], told["email"]) == ("Ana Novak", "ana@example.si")

    def test_a_double_click_is_one_hand_over(self):
        for _click in range(2):
            self.ana.sends("/narocila/obrazec/cylinder/", {"form_key": "k"})
        assert HandOver.objects.count() == 1

    def test_somebody_without_a_place_may_order_a_cylinder(self):
        assert "/narocila/obrazec/cylinder/" in self.cilka.opens("/narocila/").content.decode()
        self.cilka.opens("/narocila/obrazec/cylinder/")
        html = self.cilka.follows(self.cilka.sends("/narocila/obrazec/cylinder/")).content.decode()
        assert "https://obrazci.example.si/jeklenke" in html

    def test_anothers_hand_over_opens_nothing(self):
        location = self.ana.sends("/narocila/obrazec/cylinder/")["Location"]
        assert "obrazci.example.si" not in self.bojan.opens(location).content.decode()

    def test_a_form_that_never_was_is_not_found(self):
        self.ana.opens("/narocila/obrazec/avto/", status=404)


def test_a_tank_takes_gas_up_to_eighty_five_percent():
    assert litres_that_fit(2700, 28) == 1530
    assert litres_that_fit(2700, 0) == 2290
    assert litres_that_fit(2700, 85) == litres_that_fit(2700, 100) == 0


def test_the_mail_says_what_was_ordered_in_both_languages():
    for language in ("sl", "en"):
        for litres in (None, "800"):
            context = {"number": "N-2026-000001", "place": "Vikend", "litres": litres, "phone": "040 000 000"}
            letter = written(template="orders/mail/order_received", context=context, language=language)
            assert "N-2026-000001" in letter.subject and "040 000 000" in letter.text and "Vikend" in letter.html
            assert ("800\xa0l" in letter.text) == (litres is not None)
