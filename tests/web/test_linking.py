"""Linking with three numbers: what opens, what is refused, and that refusals tell a guesser nothing."""

import re
from datetime import date, timedelta

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.ending import end_links_of_former_payers
from mojplin.domain.linking.models import Link, LinkAttempt
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation.models import Message
from tests.cast import Customer, PortalTestCase, moment, tax_number

LINK = "/odjemna-mesta/povezi/"
PLACES = "/odjemna-mesta/"
NO_MATCH = "Podatki se ne ujemajo ali pa je bilo poskusov preveč."


class LinkingCase(PortalTestCase):
    def setUp(self):
        self.given_cast()
        User.objects.update(registered_at=timezone.now() - timedelta(days=2))
        self.payer = self.given_payer("20420001", name="Dragica Zajc", serial=7, email="dragica@example.si")
        self.point = self.given_supply_point(self.payer, "1043-0001", street="Log 7", recipient_number="20420009")
        self.invoice = self.given_document(
            self.payer, self.point, "26-9", external_number="ZD-2026-9", issued_on=date(2026, 10, 5)
        )

    def numbers(self, **more):
        return {
            "tax_number": self.payer.tax_number, "payer_number": "20420001", "document_number": "ZD-2026-9", "name": "",
        } | more  # fmt: skip

    def tries(self, customer, **more):
        return customer.sends(LINK, self.numbers(**more))

    def refused(self, customer, **more):
        response = self.tries(customer, **more)
        assert response.status_code == 200
        return response.content.decode()


class Linking(LinkingCase):
    def test_three_right_numbers_open_the_supply_point_and_home(self):
        response = self.tries(self.cilka, name="Vikend")
        html = self.cilka.follows(response).content.decode()
        assert "Odjemno mesto Vikend je povezano." in html
        assert Link.objects.get(user=self.cilka.user).supply_point == self.point
        assert "26-9" in self.cilka.opens("/racuni/").content.decode()

    def test_numbers_may_be_typed_as_people_type_them(self):
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in self.payer.tax_number)
        typed = {"tax_number": f"SI {wide}", "payer_number": " 2042 0001", "document_number": "zd\u20132026 \u2212 9"}
        assert self.tries(self.cilka, **typed).status_code == 302
        assert Link.objects.get(user=self.cilka.user).name == "Log 7"

    def test_a_tax_number_that_cannot_be_one_is_said_beside_its_field_and_not_counted(self):
        good = self.payer.tax_number
        wrong_digit = good[:-1] + str((int(good[-1]) + 1) % 10)
        for typed in ("1234567", "123456789", "abcdefgh", wrong_digit):
            assert "Ta davčna številka ne more biti prava." in self.refused(self.cilka, tax_number=typed)
        assert "Vpišite davčno številko plačnika." in self.refused(self.cilka, tax_number="")
        assert LinkAttempt.objects.count() == 0

    def test_every_mismatch_is_answered_with_the_same_bytes(self):
        strangers = tax_number(999)
        mismatches = [
            {"tax_number": strangers},
            {"payer_number": "99999999"},
            {"document_number": "ZD-0000"},
            {"tax_number": strangers, "payer_number": "1", "document_number": "2"},
            {"payer_number": self.anas_payer.number},
            {"document_number": "'; DROP TABLE"},
            {"payer_number": "9" * 99},
            {"payer_number": "20420009"},
        ]
        answers = set()
        for number, mismatch in enumerate(mismatches):
            somebody = Customer(f"Nekdo{number}")
            html = self.refused(somebody, **mismatch)
            assert NO_MATCH in html
            for typed in (self.numbers() | mismatch).values():
                html = html.replace(f'value="{typed.replace(chr(39), "&#x27;")}"', "").replace(
                    f'value="{typed.replace(chr(39), "&#39;")}"', ""
                )
            answers.add(_without_keys(html).replace(somebody.user.username, ""))
        assert len(answers) == 1

    def test_what_was_typed_is_kept_in_the_form_but_only_hashed_in_the_table(self):
        html = self.refused(self.cilka, document_number="ZD-1")
        assert 'value="ZD-1"' in html
        attempt = LinkAttempt.objects.get()
        assert attempt.outcome == "near_miss"
        assert "ZD-1" not in repr(vars(attempt))
        assert self.payer.tax_number not in repr(vars(attempt))

    def test_after_five_failures_right_numbers_are_answered_like_wrong_ones(self):
        for _try in range(5):
            self.refused(self.cilka, tax_number=tax_number(500), payer_number="1", document_number="2")
        assert NO_MATCH in self.refused(self.cilka)
        assert LinkAttempt.objects.filter(outcome="paused").count() == 1
        assert not Link.objects.filter(user=self.cilka.user).exists()

    def test_a_young_account_has_three_tries(self):
        User.objects.update(registered_at=timezone.now())
        for _try in range(3):
            self.refused(self.cilka, document_number="2", payer_number="1")
        assert NO_MATCH in self.refused(self.cilka)

    def test_five_near_misses_of_anybody_close_a_payer_for_everybody(self):
        for number in range(5):
            self.refused(Customer(f"Nekdo{number}"), document_number=f"ZD-{number}")
        assert NO_MATCH in self.refused(self.cilka)

    def test_one_known_number_closes_nobody(self):
        for number in range(10):
            self.refused(Customer(f"Nekdo{number}"), document_number=f"ZD-{number}", payer_number=f"{number}")
        assert self.tries(self.cilka).status_code == 302

    def test_the_picture_shows_which_number_is_not_the_right_one_after_every_failure(self):
        assert "inv--err" not in self.cilka.opens(LINK).content.decode()
        assert "inv--err" in self.refused(self.cilka, payer_number="20420009")
        assert "inv--err" in self.refused(self.cilka, document_number="ZD-1")

    def test_linking_again_says_that_it_is_already_mine(self):
        self.tries(self.cilka)
        assert "To odjemno mesto je že med vašimi." in self.refused(self.cilka)
        assert Link.objects.filter(user=self.cilka.user).count() == 1

    def test_a_former_payer_cannot_link_the_point_again(self):
        PayerPeriod.objects.filter(supply_point=self.point).update(ends_on=date(2026, 1, 1))
        assert "ne plačuje več" in self.refused(self.cilka)

    def test_a_double_click_links_once(self):
        fields = self.numbers() | {"form_key": "the-same-key"}
        answers = {self.cilka.sends(LINK, fields)["Location"] for _click in range(2)}
        assert answers == {"/"}
        assert Link.objects.filter(user=self.cilka.user).count() == 1


class Former(LinkingCase):
    def test_a_link_ends_the_day_somebody_else_pays_and_its_user_is_told(self):
        PayerPeriod.objects.filter(supply_point=self.anas_house).update(ends_on=date(2026, 11, 1))
        newcomer = self.given_payer("20430000", name="Nova Plačnica", serial=44)
        PayerPeriod.objects.create(supply_point=self.anas_house, payer=newcomer, starts_on=date(2026, 11, 1))
        self.given_link(self.cilka, newcomer, self.anas_house, "Novo")
        assert end_links_of_former_payers(now=moment(2026, 10, 31)) == 0
        assert end_links_of_former_payers(now=moment(2026, 11, 1)) == 1
        assert end_links_of_former_payers(now=moment(2026, 11, 1)) == 0
        assert Link.objects.get(user=self.ana.user).ended_at == moment(2026, 11, 1)
        assert Link.objects.get(user=self.cilka.user).ended_at is None
        assert [each.payload["to"] for each in Message.objects.all()] == ["ana@example.si"]

    def test_old_and_new_payer_of_a_point_never_see_one_anothers_documents(self):
        newcomer = self.given_payer("20430000", name="Nova Plačnica", serial=44)
        self.given_link(self.cilka, newcomer, self.anas_house, "Novo")
        self.given_document(self.anas_payer, self.anas_house, "26-stari", issued_on=date(2026, 11, 20))
        self.given_document(newcomer, self.anas_house, "26-novi", issued_on=date(2020, 1, 1))
        old, new = (each.opens("/racuni/").content.decode() for each in (self.ana, self.cilka))
        assert ("26-stari" in old, "26-novi" in old) == (True, False)
        assert ("26-stari" in new, "26-novi" in new) == (False, True)


def _without_keys(html):
    return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", html)
