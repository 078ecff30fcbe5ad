"""What leaves the office: lists as Excel or CSV, and a day's deliveries on paper; with a reason, and logged."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import openpyxl

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.orders.day_sheet import stops_on
from mojplin.domain.orders.models import GasOrder, OrderStep
from tests.arranged import given_mandate
from tests.cast import Customer, moment
from tests.deals import given_cylinder_order, given_renewal
from tests.pdfs import text_of_pdf
from tests.standing import StandingCase, words

NOW = moment(2026, 11, 26, 10)
TABLE, DELIVERIES = "/urad/zahteve/tabela/", "/urad/zahteve/dostave/"


class ListCase(StandingCase):
    at = NOW

    def given_everything(self):
        super().given_everything()
        self.rok, self.nika = Customer("Rok", role="reader"), Customer("Nika", role="clerk")
        self.order = self.ordered(
            "N-2026-000123", self.anas_house, self.anas_payer, self.ana, note="=HYPERLINK(1)", litres=800
        )
        self.cylinders = given_cylinder_order(self.ana.user, ordered_at=NOW, number="J-2026-000001")

    def ordered(self, number, point, payer, who, **more):
        fields = {"ordered_at": NOW - timedelta(days=4), "gauge_percent": 20, "phone": "040 123 456"} | more
        return GasOrder.objects.create(number=number, supply_point=point, payer=payer, ordered_by=who.user, **fields)

    def logged(self, whose, what):
        return AccessEvent.objects.filter(whose=whose, what=what)


class Tables(ListCase):
    def takes(self, what="orders", who=None, **more):
        fields = {"what": what, "since": "2026-11-01", "until": "2026-11-26", "why": "order", "file": "csv"} | more
        return (who or self.nika).sends(TABLE, fields)

    def rows(self, **fields):
        response = self.takes(**fields)
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))

    def test_of_orders_holds_refills_and_cylinders_and_no_formula(self):
        header, refill, cylinders = self.rows()
        self.assertEqual(header[0], "Številka")
        self.assertEqual(refill[:2] + refill[3:6], ["N-2026-000123", "Prejeto", "20418837", "Ana Novak", "1042-7731"])
        self.assertEqual(refill[-1], "'=HYPERLINK(1)")
        self.assertEqual((cylinders[0], cylinders[13]), ("J-2026-000001", "63,80"))

    def test_is_excel_too_with_texts_as_texts(self):
        response = self.takes(file="xlsx")
        self.assertIn("orders-2026-11-26.xlsx", response["Content-Disposition"])
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual([sheet["A2"].value, sheet["O2"].value], ["N-2026-000123", "=HYPERLINK(1)"])
        self.assertEqual(sheet["O2"].data_type, "s")

    def test_of_requests_readings_and_enquiries(self):
        contract = self.given_contract(self.anas_payer, self.anas_house)
        given_renewal(contract, self.ana.user, agreed_at=NOW)
        given_mandate(self.anas_payer, self.ana.user, "Z-2026-000007")
        self.assertEqual([row[0] for row in self.rows(what="requests")[1:]], ["PO-2026-000001", "Z-2026-000007"])
        SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=1, value_m3=Decimal(4399), read_on=NOW.date(), submitted_by=self.ana.user, submitted_at=NOW,
            is_odd=True,
        )  # fmt: skip
        reading = self.rows(what="readings")[1]
        self.assertEqual(reading[4:7] + reading[-1:], ["2026-11", "1", "4399,000", "potrjeno kljub opozorilu"])
        self.given_enquiry(self.ana, "+386 pokličite", number="P-2026-000900")
        self.assertEqual(self.rows(what="enquiries")[1][-1], "'+386 pokličite")

    def test_is_read_by_everybody_who_is_in_it_and_in_the_log_of_the_office(self):
        for _time in range(2):
            self.takes()
        self.assertEqual(self.logged(self.ana.user, "office_took_out").count(), 2)  # as the payer, and by cylinders
        self.assertFalse(self.logged(self.bojan.user, "office_took_out").exists())
        event = self.logged(None, "office_took_out").first()
        self.assertEqual((event.about, event.reason), ("orders, 2026-11-01/2026-11-26, 2", "order"))
        self.assertIn("Izvoz vaših podatkov v tabelo", words(self.ana.opens("/profil/dnevnik-dostopov/")))

    def test_is_bounded_and_needs_a_reason(self):
        cases = (
            ({"why": ""}, "Izberite razlog vpogleda."),
            ({"why": "other", "words": " "}, "napišite razlog"),
            ({"until": "2026-10-01"}, "pred prvim"),
            ({"since": "2020-01-01"}, "največ eno leto"),
            ({"what": "passwords"}, "Izberite, kaj potrebujete."),
            ({"since": "9" * 30}, "field--bad"),
            ({"since": "9999-01-01", "until": "9999-12-31"}, "Vpišite dan"),
            ({"since": "0001-01-01", "until": "0001-03-01"}, "Vpišite dan"),
        )
        for fields, said in cases:
            with self.subTest(fields=fields):
                self.assertIn(said, words(self.takes(**fields)))
        with patch("mojplin.domain.office.taking_out.MOST_ROWS", 1):
            self.assertIn("več kot 1 vrstic", words(self.takes()))
        self.assertFalse(AccessEvent.objects.filter(what="office_took_out").exists())

    def test_costs_the_same_statements_whatever_is_in_it(self):
        self.takes()
        with self.assertNumQueries(12):
            self.takes()
        for number in range(3):
            self.ordered(f"N-2026-00020{number}", self.bojans_points[0], self.bojans_firm, self.bojan)
            given_cylinder_order(self.ana.user, ordered_at=NOW)
        self.takes()
        with self.assertNumQueries(12):
            self.takes()


class Deliveries(ListCase):
    def plan(self, order, first, last=None):
        type(order).objects.filter(pk=order.pk).update(state="planned")
        OrderStep.objects.create(order_number=order.number, state="planned", planned_from=first, planned_until=last)

    def test_of_a_day_are_those_planned_for_it_by_post_code(self):
        far = self.ordered("N-2026-000200", self.bojans_points[0], self.bojans_firm, self.bojan)
        type(far.supply_point).objects.filter(pk=far.supply_point_id).update(post_code="4265", town="Bohinjsko jezero")
        self.plan(far, date(2026, 11, 26), date(2026, 11, 28))
        self.plan(self.cylinders, date(2026, 11, 27))
        self.plan(self.order, date(2026, 11, 28))
        other = self.ordered("N-2026-000300", self.anas_house, self.anas_payer, self.ana)
        self.plan(other, date(2026, 11, 27))
        type(other).objects.filter(pk=other.pk).update(state="cancelled")
        of = {day: [(stop.order.number, stop.post_code) for stop in stops_on(date(2026, 11, day))] for day in (27, 28)}
        self.assertEqual(of[27], [("J-2026-000001", "1241"), ("N-2026-000200", "4265")])
        self.assertEqual(of[28], [("N-2026-000123", "1241"), ("N-2026-000200", "4265")])
        page = words(self.nika.opens(DELIVERIES, day="2026-11-27"))
        self.assertIn("N-2026-000200", page)
        for hidden in ("040 123", "040 000", "Ana Novak", "Ukanc"):
            self.assertNotIn(hidden, page)

    def test_are_printed_on_a4_with_all_that_the_driver_needs(self):
        self.plan(self.order, date(2026, 11, 26))
        sheet = self.nika.sends(DELIVERIES, {"why": "order"})
        self.assertEqual(sheet["Content-Type"], "application/pdf")
        text = " ".join(text_of_pdf(sheet.content).split())
        for shown in ("1241 Kamnik", "Ob potoku 14", "Ana Novak", "800", "20", "040 123 456", "=HYPERLINK(1)", "1 / 1"):
            self.assertIn(shown, text)
        self.assertEqual(self.logged(self.ana.user, "office_printed").count(), 1)
        self.assertEqual(self.logged(None, "office_printed").get().about, "2026-11-26, 1")

    def test_are_not_printed_without_a_reason(self):
        self.plan(self.order, date(2026, 11, 26))
        self.assertIn("Izberite razlog vpogleda.", words(self.nika.sends(DELIVERIES, {"why": ""})))
        self.assertFalse(AccessEvent.objects.filter(what="office_printed").exists())

    def test_of_a_day_nobody_knows_are_todays_and_may_be_none(self):
        for day in ("2026-13-01", "", "9" * 40, "'"):
            self.assertIn("Za ta dan ni načrtovano nič.", words(self.nika.opens(DELIVERIES, day=day)))
        self.rok.opens(DELIVERIES, status=404)

    def test_cost_the_same_statements_whatever_the_day(self):
        self.plan(self.order, date(2026, 11, 26))
        self.plan(self.cylinders, date(2026, 11, 26))
        self.nika.opens(DELIVERIES)
        with self.assertNumQueries(5):
            self.nika.opens(DELIVERIES)
        self.plan(given_cylinder_order(self.ana.user), date(2026, 11, 26))
        with self.assertNumQueries(5):
            self.nika.opens(DELIVERIES)
