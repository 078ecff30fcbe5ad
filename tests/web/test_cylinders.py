"""Cylinders ordered in the portal, with or without a supply point."""

import re
from datetime import date
from decimal import Decimal

from django.utils import timezone

from mojplin.domain.orders.models import Article, CylinderOrder, OrderStep
from mojplin.domain.orders.steps import take_steps
from mojplin.foundation.outbox.models import Message
from tests.deals import given_cylinder_order
from tests.mailbox import mails_to
from tests.web.test_orders import OrderCase


class CylinderTest(OrderCase):
    """Two kinds are on the price list; the surcharge for small refills is none."""

    def setUp(self):
        super().setUp()
        for number, name, eur, day in (
            ("JEK-10", "Jeklenka 10 kg", "29.90", date(2020, 1, 1)),
            ("JEK-10", "Jeklenka 10 kg", "31.90", date(2024, 1, 1)),
            ("JEK-35", "Jeklenka 35 kg", "98.50", date(2024, 1, 1)),
            ("JEK-35", "Jeklenka 35 kg", "1", date(2999, 1, 1)),
        ):  # fmt: skip
            Article.objects.create(
                number=number, kind="cylinder", name=name, valid_from=day, price_eur=Decimal(eur), vat_percent=22
            )
        Article.objects.create(
            number="DOP", kind="small_order", name="Doplačilo", valid_from=date(2024, 1, 1), price_eur=61,
            vat_percent=22, below_l=500,
        )  # fmt: skip

    def sends(self, who=None, **fields):
        filled_in = {
            "quantity_JEK-10": "2", "quantity_JEK-35": "", "name": "Ana Novak", "address": "Log 7, 4280 Kranjska Gora",
            "part_of_day": "morning", "phone": "040 000 000", "note": "", "step": "review",
        }  # fmt: skip
        return (who or self.ana).sends("/narocila/jeklenke/", filled_in | fields)

    def orders(self, who=None, **fields):
        html = self.sends(who, **fields).content.decode()
        return self.sends(
            who, step="order", shown_eur=re.search(r'name="shown_eur" value="([^"]*)"', html)[1], **fields
        )

    def test_cylinders_are_chosen_priced_and_ordered(self):
        html = self.ana.opens("/narocila/jeklenke/").content.decode()
        assert "31,90\xa0€ z DDV" in html and "Doplačilo" not in html and "Ob potoku 14, 1241 Kamnik" in html
        html = self.sends(**{"quantity_JEK-35": "1"}).content.decode()
        assert "2 × Jeklenka 10 kg" in html and "162,30\xa0€" in html and not CylinderOrder.objects.exists()
        html = self.ana.follows(self.orders(**{"quantity_JEK-35": "1"})).content.decode()
        order = CylinderOrder.objects.get()
        assert order.number in html and "162,30\xa0€" in html and "Dopoldne" in html
        told = Message.objects.get(topic="erp.cylinders.ordered").payload
        assert told["lines"] == [["JEK-10", 2, "31.90"], ["JEK-35", 1, "98.50"]] and told["total_eur"] == "162.30"
        letter = mails_to("ana@example.si")[0]
        assert "2 × Jeklenka 10 kg" in letter.text and "162,30\xa0€" in letter.text

    def test_somebody_without_a_place_orders_too(self):
        assert "/narocila/jeklenke/" in self.cilka.opens("/narocila/").content.decode()
        self.cilka.opens("/narocila/jeklenke/")
        self.cilka.follows(self.orders(self.cilka, name="Cilka Kos"))
        assert CylinderOrder.objects.get().ordered_by == self.cilka.user

    def test_what_cannot_be_ordered_is_said_beside_its_field(self):
        table = [
            ({"quantity_JEK-10": ""}, "Izberite vsaj eno jeklenko."),
            ({"quantity_JEK-10": "0"}, "Izberite vsaj eno jeklenko."),
            ({"quantity_JEK-10": "100"}, "Vpišite, koliko, od 0 do 99."),
            ({"quantity_JEK-10": "-1"}, "Vpišite, koliko, od 0 do 99."),
            ({"quantity_JEK-10": "1e5"}, "Vpišite, koliko, od 0 do 99."),
            ({"quantity_JEK-10": "9" * 40}, "Vpišite, koliko, od 0 do 99."),
            ({"address": ""}, "Vpišite naslov dostave."),
            ({"phone": "pokličite"}, "Telefonsko številko vpišite s števkami"),
            ({"phone": "040 000 000\r\nBcc: x"}, "Telefonsko številko vpišite s števkami"),
            ({"wished": "2020-01-06"}, "Izberite enega od tednov."),
        ]
        for fields, sentence in table:
            for step in ("review", "order"):
                with self.subTest(fields=fields, step=step):
                    assert sentence in self.sends(**fields | {"step": step}).content.decode()
        for forged in ({"part_of_day": "night"}, {"name": "\x00"}, {"quantity_DOP": "1", "quantity_JEK-10": ""}):
            self.sends(**forged | {"step": "order"})
        assert not CylinderOrder.objects.exists()

    def test_a_price_that_changed_meanwhile_is_asked_about_again(self):
        html = self.sends(step="order", shown_eur="59.80").content.decode().replace("\xa0", " ")
        assert "Videli ste 59,80 €; zdaj je 63,80 €." in html and not CylinderOrder.objects.exists()

    def test_sent_twice_it_is_one_order_and_the_address_is_kept_for_the_next(self):
        first, second = (self.sends(step="order", shown_eur="63.80", form_key="k") for _click in range(2))
        assert first["Location"] == second["Location"] and CylinderOrder.objects.count() == 1
        assert "Log 7, 4280 Kranjska Gora" in self.ana.opens("/narocila/jeklenke/").content.decode()

    def test_it_is_planned_delivered_or_cancelled_as_a_refill_is(self):
        order = given_cylinder_order(self.ana.user)
        page = f"/narocila/jeklenke/{order.public_id}/"
        self.ana.follows(self.ana.sends(f"{page}preklic/"))
        assert "je preklicano" in mails_to("ana@example.si")[0].subject
        assert "Naročilo je že preklicano." in self.ana.sends(f"{page}preklic/", status=200).content.decode()
        OrderStep.objects.create(order_number=order.number, state="delivered", delivered_on=date(2026, 12, 3))
        take_steps(now=timezone.now())
        assert "3.\xa012.\xa02026" in self.ana.opens(page).content.decode()
        assert "ga tu ni več mogoče preklicati" in self.ana.sends(f"{page}preklic/").content.decode()

    def test_to_a_stranger_an_order_does_not_exist(self):
        order = given_cylinder_order(self.ana.user)
        for who in (self.bojan, self.cilka):
            who.opens(f"/narocila/jeklenke/{order.public_id}/", status=404)
            who.sends(f"/narocila/jeklenke/{order.public_id}/preklic/", status=404)

    def test_without_a_price_list_the_page_says_whom_to_ask(self):
        Article.objects.all().delete()
        assert "Cenika jeklenk še ni" in self.ana.opens("/narocila/jeklenke/").content.decode()

    def test_in_english(self):
        html = self.ana.opens("/en/orders/cylinders/").content.decode()
        assert "Which and how many?" in html and "€31.90 with VAT" in html
