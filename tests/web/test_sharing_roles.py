"""Every role at every act: what a shared role may not do has no button, and sent all the same is a 404."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mojplin.domain.billing.models import Document
from mojplin.domain.contracts.models import Contract
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.linking.roles import ALLOWED, Act
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.support.models import Enquiry
from mojplin.foundation.files import kept_path
from tests.cast import Customer, PortalTestCase, moment
from tests.deals import given_file

OPEN_DAY = moment(2026, 11, 26)
ORDER = {"gauge_percent": "20", "how": "fill_up", "phone": "040 000 000", "step": "order", "shown_eur": ""}
SHARED = [Role.SEE, Role.READINGS, Role.PAY, Role.EVERYTHING]


class RoleCase(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.anas_link = Link.objects.get(user=self.ana.user)
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="1200", value_to_m3="1250"
        )
        self.bill = self.given_document(
            self.anas_payer, self.anas_house, "26-1", open_eur=Decimal("136.84"), payee_iban="SI56020170014356205",
            reference="SI00123", purpose="Plin",
        )  # fmt: skip
        self.tank = self.given_supply_point(self.anas_payer, "3000-1", kind="bulk", tank_capacity_l=2700)
        self.anas_tank = self.given_link(self.ana, self.anas_payer, self.tank, "Cisterna")
        for link in (self.anas_link, self.anas_tank):
            self.given_contract(self.anas_payer, link.supply_point, f"OGR-{link.pk}", ends_on=date(2026, 12, 31))
        self.at = {"place": self.anas_house.public_id}
        self.at_tank = {"place": self.tank.public_id}

    def person_with(self, role):
        """Return somebody with that role at Ana's house and tank; to `holder` that is Ana herself."""
        if role == Role.HOLDER:
            self.ana.is_signed_in()
            return self.ana
        person = Customer(f"Oseba-{role}")
        for link in (self.anas_link, self.anas_tank):
            self.given_share(person, link, role, f"Babica {link.supply_point.number}")
        return person

    def sees(self, person, path, text, **query):
        return text in person.opens(path, **query).content.decode()


class Matrix(RoleCase):
    def test_every_role_at_every_act(self):
        checks = {
            Act.SUBMIT_READINGS: self.submits_a_reading,
            Act.PAY: self.sees_how_to_pay,
            Act.ORDER: self.orders_gas,
            Act.RENEW: self.is_asked_to_renew,
            Act.WRITE: self.writes_about_the_place,
            Act.SHARE: self.invites,
            Act.ARRANGE: self.arranges_how_to_pay,
            Act.MOVE_OUT: self.moves_out,
        }
        assert set(checks) == set(Act)
        cells = 0
        with time_machine.travel(OPEN_DAY, tick=False):
            for role in Role:
                person = self.person_with(role)
                for act, check in checks.items():
                    with self.subTest(role=role, act=act.name):
                        assert check(person) == (act in ALLOWED[role])
                        cells += 1
        assert cells == 40

    def arranges_how_to_pay(self, person):
        pages = ("", "racuni/", "trajnik/", "obroki/")
        opened = [person.browser.get(f"/racuni-in-placevanje/{page}", self.at).status_code for page in pages]
        assert opened in ([200] * 4, [404] * 4)
        path = f"/racuni-in-placevanje/racuni/?place={self.anas_house.public_id}"
        sent = person.sends(path, {"way": "invoices_on_paper"}).status_code
        assert sent == (302 if opened[0] == 200 else 404)
        return sent == 302

    def moves_out(self, person):
        path = f"/odjemna-mesta/{self.anas_house.public_id}/selitev/"
        opened = person.browser.get(path).status_code
        assert opened in (200, 404) and self.sees(person, "/", path, **self.at) == (opened == 200)
        said = {"moves_on": "2026-11-26", "typed": "1260", "confirmed": "1260", "nobody_known": "on"}
        sent = person.sends(path, said | {"bill_address": "Log 7, 4280 Kranjska Gora"}).status_code
        assert sent == (302 if opened == 200 else 404)
        return sent == 302

    def submits_a_reading(self, person):
        SubmittedReading.objects.all().delete()
        has_form = self.sees(person, "/stanje/", "meterform", **self.at)
        assert has_form == self.sees(person, "/", 'action="/stanje/', **self.at)
        before = SubmittedReading.objects.count()
        response = person.sends(f"/stanje/?place={self.anas_house.public_id}", {"typed": "1260"})
        assert response.status_code == (302 if has_form else 404)
        assert (SubmittedReading.objects.count() > before) == has_form
        return has_form

    def sees_how_to_pay(self, person):
        address = f"/racuni/{self.bill.public_id}/"
        assert self.sees(person, address, "136,84")
        shows = self.sees(person, address, "SI56")
        assert shows == self.sees(person, address, "SI00") == self.sees(person, address, "data-copy")
        return shows

    def orders_gas(self, person):
        has_form = self.sees(person, "/narocila/", "gauge_percent", **self.at_tank)
        before = GasOrder.objects.count()
        response = person.sends(f"/narocila/?place={self.tank.public_id}", ORDER)
        assert response.status_code == (302 if has_form else 404)
        assert (GasOrder.objects.count() > before) == has_form
        of_ana = GasOrder.objects.create(
            number=f"N-{person.user.pk}", supply_point=self.tank, payer=self.anas_payer, ordered_by=self.ana.user,
            ordered_at=timezone.now(), litres=500, gauge_percent=20, phone="041 111 222",
        )  # fmt: skip
        person.opens(f"/narocila/{of_ana.public_id}/", status=200 if has_form else 404)
        return has_form

    def is_asked_to_renew(self, person):
        assert self.sees(person, "/pogodbe/", f"OGR-{self.anas_link.pk}")
        contract = Contract.objects.get(number=f"OGR-{self.anas_link.pk}")
        page = f"/pogodbe/{contract.public_id}/"
        return self.sees(person, page, f'href="{page}podaljsanje/"')

    def writes_about_the_place(self, person):
        offers = self.sees(person, "/podpora/", f'value="{self.anas_house.public_id}"')
        fields = {"topic": "other", "message": "Vprašanje", **self.at}
        before = Enquiry.objects.count()
        response = person.sends("/podpora/", fields)
        assert response.status_code == (302 if offers else 200)
        assert (Enquiry.objects.count() > before) == offers
        return offers

    def invites(self, person):
        address = f"/odjemna-mesta/{self.anas_house.public_id}/deljenje/"
        response = person.sends(address, {"email": f"nekdo{person.user.pk}@example.si", "role": "see"})
        assert response.status_code in (302, 404)
        person.opens(address, status=200 if response.status_code == 302 else 404)
        return response.status_code == 302


class WhatIsShown(RoleCase):
    def test_documents_for_no_place_or_another_place_are_the_holders_alone(self):
        other = self.given_document(self.anas_payer, None, "26-vsa", open_eur=Decimal(50))
        house = self.given_supply_point(self.anas_payer, "1042-9999", street="Drugje 3")
        elsewhere = self.given_document(self.anas_payer, house, "26-drugje", open_eur=Decimal(70))
        assert self.sees(self.ana, "/racuni/", "26-vsa")
        for role in SHARED:
            person = self.person_with(role)
            html = person.opens("/racuni/").content.decode() + person.opens("/").content.decode()
            assert "26-1" in html and "26-vsa" not in html and "26-drugje" not in html
            assert "136,84" in html and "186,84" not in html
            for document in (other, elsewhere):
                person.opens(f"/racuni/{document.public_id}/", status=404)

    def test_the_numbers_that_link_a_place_and_the_files_are_not_for_whom_it_is_merely_shown_to(self):
        path = kept_path(b"%PDF", folder="own", suffix=".pdf")
        Document.objects.update(pdf_path=path, xml_path=path)
        address = f"/racuni/{self.bill.public_id}/"
        for role in SHARED:
            with self.subTest(role):
                person, pays = self.person_with(role), Act.PAY in ALLOWED[role]
                html = person.opens(address).content.decode()
                for secret in (self.anas_payer.number, "ZD-26-1", f"{address}pdf/", f"{address}xml/"):
                    assert (secret in html) == pays
                for kind in ("pdf", "xml"):
                    response = person.opens(f"{address}{kind}/", status=200 if pays else 404)
                    assert not pays or b"".join(response.streaming_content) == b"%PDF"

    def test_the_documents_of_a_contract_are_for_whom_may_pay_as_well(self):
        contract = self.given_contract(self.anas_payer, self.anas_house)
        file = f"/pogodbe/dokumenti/{given_file(contract, b'%PDF Davcna stevilka').public_id}/"
        for role in SHARED:
            with self.subTest(role):
                person, pays = self.person_with(role), Act.PAY in ALLOWED[role]
                html = person.opens(f"/pogodbe/{contract.public_id}/").content.decode()
                assert "2,34" in html and (file in html) == pays
                response = person.opens(file, status=200 if pays else 404)
                assert not pays or b"".join(response.streaming_content).startswith(b"%PDF")

    def test_the_holders_phone_and_name_are_nobody_elses_to_send(self):
        type(self.anas_payer).objects.filter(pk=self.anas_payer.pk).update(phone="041 987 654", name="Ana Kanarček")
        person = self.person_with(Role.EVERYTHING)
        for path in ("/narocila/", "/narocila/obrazec/jeklenka/", "/narocila/obrazec/cylinder/"):
            response = person.browser.get(path, self.at_tank)
            assert "041 987 654" not in response.content.decode() and "Kanarček" not in response.content.decode()

    def test_the_phone_and_the_note_of_an_order_are_read_by_whoever_ordered(self):
        order = ORDER | {"phone": "041 987 654", "note": "Ključ je pod loncem"}
        self.ana.follows(self.ana.sends(f"/narocila/?place={self.tank.public_id}", order, status=302))
        receipt = f"/narocila/{GasOrder.objects.get().public_id}/"
        person = self.person_with(Role.EVERYTHING)
        assert self.sees(self.ana, receipt, "041 987 654") and self.sees(self.ana, receipt, "Ključ je pod loncem")
        html = person.opens(receipt).content.decode()
        assert "041 987 654" not in html and "Ključ" not in html and GasOrder.objects.get().number in html

    def test_a_share_ends_by_itself_the_day_after_its_last_one(self):
        person = Customer("Tine")
        self.given_share(person, self.anas_link, Role.SEE, "Najemnik Tine", last_on=date(2026, 11, 30))
        with time_machine.travel(moment(2026, 11, 30, 23, 59), tick=False):
            person.is_signed_in()
            assert self.sees(person, "/", "Najemnik Tine")
        with time_machine.travel(moment(2026, 12, 1, 0, 1), tick=False):
            person.is_signed_in()
            assert not self.sees(person, "/", "Najemnik Tine")
            person.opens(f"/racuni/{self.bill.public_id}/", status=404)

    def test_a_share_shows_nothing_once_its_holder_is_gone(self):
        for gone in ({"ended_at": timezone.now()}, {"closing_asked_at": timezone.now()}, {"is_active": False}):
            with self.subTest(gone):
                person = self.person_with(Role.EVERYTHING)
                person.opens(f"/racuni/{self.bill.public_id}/")
                if "ended_at" in gone:
                    Link.objects.filter(user=self.ana.user).update(**gone)
                else:
                    type(self.ana.user).objects.filter(pk=self.ana.user.pk).update(**gone)
                person.opens(f"/racuni/{self.bill.public_id}/", status=404)
                person.opens("/stanje/", status=302)
                Link.objects.filter(user=person.user).delete()
                person.user.delete()
                Link.objects.filter(user=self.ana.user).update(ended_at=None)
                type(self.ana.user).objects.filter(pk=self.ana.user.pk).update(closing_asked_at=None)

    def test_sharing_costs_no_statement(self):
        person = self.person_with(Role.SEE)
        for path in ("/", "/racuni/", "/stanje/", "/poraba/", "/pogodbe/"):
            with CaptureQueriesContext(connection) as own:
                self.ana.opens(path)
            with self.assertNumQueries(len(own)):
                person.opens(path)


@pytest.mark.django_db
def test_probation_allows_no_order_renewal_or_sharing():
    case = PortalTestCase()
    case.given_cast()
    Link.objects.filter(user=case.ana.user).update(probation_until=moment(2026, 11, 25))
    from mojplin.domain.linking.access import places_of

    with time_machine.travel(moment(2026, 11, 24), tick=False):
        place = places_of(case.ana.user.pk)[0]
        assert (place.may_submit_readings, place.may_pay, place.may_order, place.may_renew, place.may_share) == (
            True, True, False, False, False,
        )  # fmt: skip
    with time_machine.travel(moment(2026, 11, 26), tick=False):
        assert places_of(case.ana.user.pk)[0].may_order
