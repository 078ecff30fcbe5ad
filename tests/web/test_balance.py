"""The open balance, and paying what is chosen of it: one code for all where it is taken, else one by one."""

import re
from datetime import date
from decimal import Decimal
from unittest import mock

import time_machine
from django.test import override_settings

from mojplin.domain.billing.models import UnallocatedPayment
from mojplin.domain.linking.models import Link, Role
from tests.cast import Customer, PortalTestCase, moment
from tests.codes import read_code

BALANCE, PAY = "/odprto-stanje/", "/odprto-stanje/placilo/"
NOW = moment(2026, 11, 26)
STATEMENTS_OF_BALANCE, STATEMENTS_OF_PAY = 3, 3


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class BalanceCase(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        first, second = self.bojans_points
        self.overdue = self.given_open("26-1", first, "100.10", due_on=date(2026, 11, 20))
        self.due = self.given_open("26-2", second, "50.05")
        self.credit = self.given_open("26-3", second, "20.02", kind="credit_note", due_on=None)
        UnallocatedPayment.objects.create(number="OP-1", payer=self.bojans_firm, open_eur=Decimal("7.07"))

    def given_open(self, number, point, open_eur, **more):
        fields = {
            "amount_eur": Decimal(open_eur), "open_eur": Decimal(open_eur), "payee_iban": "SI56020170014356205",
            "reference": "SI0026104417", "purpose": f"Račun {number}",
        } | more  # fmt: skip
        return self.given_document(self.bojans_firm, point, number, **fields)


class OpenBalance(BalanceCase):
    def test_what_is_to_pay_is_netted_in_sight_and_what_is_overdue_is_said(self):
        html = text_of(self.bojan.opens(BALANCE))
        assert '<span class="fig">123,06 €</span>' in html
        assert "Računi in bremepisi" in html and "150,15 €" in html
        assert "−20,02 €" in html and "−7,07 €" in html
        assert re.search(r"Zapadlo.{0,300}100,10 €", html, re.DOTALL)

    def test_every_place_has_its_own_sum(self):
        html = text_of(self.bojan.opens(BALANCE))
        places = re.findall(r'<h2 id="part-\d">([^<]+)</h2><data class="[^"]+" value="([^"]+)"', html)
        assert places == [("Apartma 1", "100.10"), ("Apartma 2", "30.03"), ("Za nobeno mesto posebej", "-7.07")]

    def test_what_the_supplier_owes_is_in_ones_favour(self):
        self.given_open("26-9", self.bojans_points[0], "200.00", kind="credit_note", due_on=None)
        html = text_of(self.bojan.opens(BALANCE))
        assert "<h1>V vaše dobro</h1>" in html and '<span class="fig">76,94 €</span>' in html

    def test_who_owes_nothing_reads_so(self):
        assert "Vse je plačano" in text_of(self.ana.opens(BALANCE))

    def test_the_home_page_and_the_list_of_invoices_lead_here(self):
        for path in ("/", "/racuni/", "/vec/"):
            assert f'href="{BALANCE}"' in text_of(self.bojan.opens(path)), path

    def test_a_stranger_sees_nothing_of_it(self):
        assert "26-1" not in text_of(self.ana.opens(BALANCE)) and "26-1" not in text_of(self.cilka.opens(BALANCE))

    def test_the_number_of_statements_is_fixed(self):
        for number in range(30):
            self.given_open(f"25-{number}", self.bojans_points[0], "1.00")
        with self.assertNumQueries(STATEMENTS_OF_BALANCE):
            self.bojan.opens(BALANCE)

    def test_who_may_not_pay_sees_the_balance_without_choosing(self):
        holders = Link.objects.get(user=self.bojan.user, supply_point=self.bojans_points[0])
        tine = Customer("Tine")
        self.given_share(tine, holders, Role.SEE)
        html = text_of(tine.opens(BALANCE))
        assert "100,10 €" in html and 'name="d"' not in html and "Plačajte izbrano" not in html
        tine.opens(PAY, d=self.overdue.public_id, status=404)
        Link.objects.filter(user=tine.user).update(role=Role.PAY)
        assert "upn-qr.svg" in text_of(tine.opens(PAY, d=self.overdue.public_id))


class PayingTogether(BalanceCase):
    def chosen(self, *documents, **more):
        return {"d": [each.public_id for each in documents]} | more

    def test_each_document_has_its_code_one_after_the_other(self):
        first = text_of(self.bojan.opens(PAY, **self.chosen(self.due, self.overdue)))
        assert "Plačilo 2 dokumentov" in first and "150,15 €" in first
        assert "Koda 1 od 2" in first and f"{self.overdue.public_id}/upn-qr.svg" in first
        following = re.search(r'href="([^"]+)">Naslednja koda', first)[1].replace("&amp;", "&")
        second = text_of(self.bojan.opens(following))
        assert "Koda 2 od 2" in second and f"{self.due.public_id}/upn-qr.svg" in second
        assert "Naslednja koda" not in second and "Prejšnja koda" in second

    def test_one_code_pays_all_where_the_supplier_takes_it(self):
        with override_settings(COLLECTIVE_REFERENCE="payer_si12"):
            html = text_of(self.bojan.opens(PAY, **self.chosen(self.due, self.overdue)))
            assert "Eno plačilo za vse" in html and "SI12 204191068" in html
            picture = self.bojan.opens(PAY, **self.chosen(self.due, self.overdue, code="png")).content
            self.bojan.opens(PAY, **self.chosen(self.due, code="svg"), status=404)
        content = read_code(picture).text.split("\n")
        assert content[8] == "00000015015" and content[12] == "26-1 26-2" and content[13] == "20.11.2026"
        self.bojan.opens(PAY, **self.chosen(self.due, self.overdue, code="svg"), status=404)

    def test_what_was_paid_meanwhile_and_credit_notes_are_left_out(self):
        self.overdue.open_eur = Decimal(0)
        self.overdue.save()
        html = text_of(self.bojan.opens(PAY, **self.chosen(self.overdue, self.due, self.credit)))
        assert "Plačilo 1 dokumenta" in html and "26-1" not in html and "26-3" not in html
        assert "Nič ni izbrano" in text_of(self.bojan.opens(PAY, **self.chosen(self.overdue)))

    def test_a_document_with_wrong_payment_data_is_named_and_has_no_code(self):
        self.due.reference = ""
        self.due.save()
        html = text_of(self.bojan.opens(PAY, **self.chosen(self.due, self.overdue)))
        assert "trenutno ne moremo pokazati: 26-2." in html and "Koda 1 od 1" in html

    def test_of_more_than_fit_at_once_the_first_are_paid_and_it_is_said(self):
        with mock.patch("mojplin.interfaces.web.paying.MOST_AT_ONCE", 1):
            html = text_of(self.bojan.opens(PAY, **self.chosen(self.overdue, self.due)))
        assert "prvih 1; več jih naenkrat ne gre" in html and "Plačilo 1 dokumenta" in html

    def test_another_ones_document_answers_as_one_that_never_was(self):
        self.ana.opens(PAY, **self.chosen(self.due), status=404)
        self.bojan.opens(PAY, d=[self.due.public_id, "x" * 22], status=404)

    def test_odd_steps_and_ids_do_no_harm(self):
        for step in ("0", "-1", "99", "1e9", "٢", "x" * 5000):
            assert "Koda" in text_of(self.bojan.opens(PAY, **self.chosen(self.due, self.overdue, step=step)))
        for odd in ("", "\ud800", "\x00", "%", "x" * 3000):
            assert self.bojan.browser.get(PAY, {"d": odd.encode(errors="surrogatepass")}).status_code in (200, 400, 404)

    def test_the_number_of_statements_is_fixed(self):
        many = [self.given_open(f"25-{number}", self.bojans_points[0], "1.00") for number in range(10)]
        with self.assertNumQueries(STATEMENTS_OF_PAY):
            self.bojan.opens(PAY, **self.chosen(*many))
