"""The way to the supplier's own forms: what travels is shown, recorded, and stands in no address."""

import re
from datetime import timedelta

from django.test import Client, override_settings
from django.utils import timezone

from mojplin.domain.linking.models import Link
from mojplin.domain.orders.hand_over import forget_unfetched
from mojplin.domain.orders.models import HandOver
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Visitor
from tests.web.test_orders import OrderCase


def forms(way):
    """The supplier's forms, both filled in that way."""
    return override_settings(
        CYLINDERS_IN_PORTAL=way == "portal",
        SUPPLIER_FORMS={
            "cylinder": (way, "https://obrazci.example.si/jeklenke"),
            "gas_purchase": (way, "https://obrazci.example.si/plin"),
        },
    )


@forms("post")
class HandOverTest(OrderCase):
    def goes_on(self, who=None, form="cylinder"):
        who = who or self.ana
        return who.follows(who.sends(f"/narocila/obrazec/{form}/"))

    def test_the_page_shows_exactly_what_travels_before_anything_does(self):
        html = self.ana.opens("/narocila/obrazec/cylinder/").content.decode()
        for words in ("Ana Novak", "Ob potoku 14, 1241 Kamnik", "ana@example.si", "20418837"):
            assert words in html
        assert "obrazci.example.si" not in html and not HandOver.objects.exists() and not Message.objects.exists()

    def test_the_form_opens_filled_in_by_post_and_no_address_holds_a_datum(self):
        for form, address in (("cylinder", "jeklenke"), ("gas_purchase", "plin")):
            answer = self.goes_on(form=form)
            html = answer.content.decode()
            sent = html.split(f'<form method="post" action="https://obrazci.example.si/{address}">')[1].split(
                "</form>"
            )[0]
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', sent))
            assert fields == {
                "name": "Ana Novak", "address": "Ob potoku 14, 1241 Kamnik", "phone": "", "payer": "20418837",
                "email": "ana@example.si", "form": form,
            }  # fmt: skip
            assert "form-action 'self' https://obrazci.example.si;" in answer["Content-Security-Policy"]
        assert list(HandOver.objects.order_by("pk").values_list("form", "data_encrypted")) == [
            ("cylinder", ""), ("gas_purchase", "")
        ]  # fmt: skip
        assert "obrazci" not in self.ana.opens("/narocila/")["Content-Security-Policy"]

    def test_a_double_click_is_one_hand_over(self):
        for _click in range(2):
            self.ana.sends("/narocila/obrazec/cylinder/", {"form_key": "k"})
        assert HandOver.objects.count() == 1

    def test_somebody_without_a_place_may_go_on_with_what_the_portal_knows(self):
        assert "/narocila/jeklenke/" in self.cilka.opens("/narocila/").content.decode()
        assert self.cilka.opens("/narocila/jeklenke/", status=302)["Location"] == "/narocila/obrazec/cylinder/"
        html = self.goes_on(self.cilka).content.decode()
        assert 'name="email" value="cilka@example.si"' in html and 'name="address" value=""' in html

    def test_what_is_shared_with_somebody_is_not_theirs_to_hand_over(self):
        guest = Customer("Gost")
        self.given_share(guest, Link.objects.filter(user=self.ana.user).first(), "everything")
        assert "Ana Novak" not in guest.opens("/narocila/obrazec/cylinder/").content.decode()

    def test_anothers_hand_over_and_an_old_one_open_nothing(self):
        location = self.ana.sends("/narocila/obrazec/cylinder/")["Location"]
        assert "obrazci.example.si" not in self.bojan.opens(location).content.decode()
        HandOver.objects.update(handed_over_at=timezone.now() - timedelta(minutes=16))
        assert "obrazci.example.si" not in self.ana.opens(location).content.decode()

    def test_a_form_that_never_was_is_not_found(self):
        self.ana.opens("/narocila/obrazec/avto/", status=404)


@forms("token")
class TokenTest(OrderCase):
    def token(self):
        html = self.ana.follows(self.ana.sends("/narocila/obrazec/cylinder/")).content.decode()
        address = re.search(r'href="(https://obrazci[^"]+)"', html)[1]
        assert "Ana" not in address and "example.si/jeklenke?token=" in address
        return address.partition("token=")[2]

    def fetched(self, token, status=200):
        return Visitor().sends("/narocila/podatki-za-obrazec/", {"token": token}, status=status)

    def test_the_suppliers_server_fetches_the_data_once(self):
        token = self.token()
        assert "Ana Novak" not in HandOver.objects.get().data_encrypted
        data = self.fetched(token).json()
        assert (data["name"], data["email"], data["form"]) == ("Ana Novak", "ana@example.si", "cylinder")
        assert HandOver.objects.get().data_encrypted == ""
        self.fetched(token, status=404)

    def test_a_token_that_is_wrong_or_too_old_gives_nothing_and_the_data_go(self):
        token = self.token()
        for wrong in ("", ".", token[:-1] + "x", token.partition(".")[0], token + "a" * 500, "č.\x00"):
            with self.subTest(wrong=wrong[:30]):
                self.fetched(wrong, status=404)
        HandOver.objects.update(handed_over_at=timezone.now() - timedelta(minutes=15))
        self.fetched(token, status=404)
        forget_unfetched(timezone.now())
        assert HandOver.objects.get().data_encrypted == ""


class DemoFormTest(OrderCase):
    """In a demo the supplier's form is a page of the portal, so that the way does not end at an address of nobody."""

    def follows_to_form(self, way: str, begin: str, page: str) -> str:
        with override_settings(SUPPLIER_FORMS={"gas_purchase": (way, "")}):
            html = self.ana.follows(self.ana.sends(begin)).content.decode()
        if way == "token":
            token = re.search(rf"{page}\?token=([\w.-]+)", html)[1]
            return Visitor().opens(f"{page}?token={token}").content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.split(page)[1]))
        return Visitor().inspected(Client().post(page, fields), 200).content.decode()

    def test_it_shows_what_came_by_either_way_in_the_language_it_was_opened_from(self):
        for way in ("post", "token"):
            for begin, page, title in (
                ("/narocila/obrazec/gas_purchase/", "/demo/obrazec/", "Spletni obrazec dobavitelja"),
                ("/en/orders/form/gas_purchase/", "/en/demo/form/", "Web form of the supplier"),
            ):
                html = self.follows_to_form(way, begin, page)
                assert "Ana Novak" in html and "20418837" in html and title in html
        assert "Odprl se je brez podatkov." in Visitor().opens("/demo/obrazec/?token=x").content.decode()
