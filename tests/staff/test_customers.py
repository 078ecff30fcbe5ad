"""A customer in the office: masked until a reason is chosen; every look stands in the log that the customer reads."""

from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, PendingLogin, Session, SignInToken, User
from mojplin.domain.billing.models import Document
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.orders.models import GasOrder
from mojplin.foundation import mail
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

NOW = moment(2026, 11, 26, 10)
PAYER = "/urad/stranke/placnik/20418837/"


class CustomerCase(PortalTestCase):
    def setUp(self):
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.given_cast()
        type(self.anas_payer).objects.update(email="ana.placnica@example.si", phone="040 111 222")
        User.objects.filter(pk=self.ana.user.pk).update(name="Ana Novak mlajša", contact_phone="040 333 444")
        self.rok, self.nika = Customer("Rok", role="reader"), Customer("Nika", role="clerk")
        self.account = f"/urad/stranke/registracija/{self.ana.user.public_id}/"
        self.given_things()

    def given_things(self):
        SubmittedReading.objects.create(
            supply_point=self.anas_house, payer=self.anas_payer, meter=self.anas_meter, month=date(2026, 11, 1),
            version=2, value_m3=Decimal(4399), read_on=date(2026, 11, 26), submitted_by=self.ana.user, submitted_at=NOW,
        )  # fmt: skip
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="4260", value_to_m3="4312"
        )
        self.document = self.given_document(
            self.anas_payer, self.anas_house, "26-OGR-104417", open_eur=Decimal("136.84"), due_on=date(2026, 11, 12)
        )
        self.given_contract(self.anas_payer, self.anas_house)
        GasOrder.objects.create(
            number="N-2026-000123", supply_point=self.anas_house, payer=self.anas_payer, ordered_by=self.ana.user,
            ordered_at=NOW, litres=800, gauge_percent=20, phone="040 000 000",
        )  # fmt: skip
        self.given_enquiry(
            self.ana, "Zakaj pavšal?", number="V-77", topic="billing", supply_point=self.anas_house,
            sent_at=NOW - timedelta(days=1),
        )  # fmt: skip
        mail.post(to="ana@example.si", template="accounts/mail/already_registered", context={}, language="sl")

    def looks(self, who, address=PAYER, why="call", **more):
        return who.sends(address, {"why": why} | more)

    def log_of(self, customer):
        return customer.opens("/profil/dnevnik-dostopov/").content.decode()


class APayer(CustomerCase):
    def test_it_is_masked_until_a_reason_is_chosen(self):
        page = self.rok.opens(PAYER).content.decode()
        for shown in ("Ana Novak", "20418837", "1042-7731", "Kamnik", "an•••", "oddano", "1 registracija", "1 dan"):
            self.assertIn(shown, page)
        hidden = (
            "ana.placnica@", "040 111", "Ob potoku", "136,84", "4399", "104417", "Zakaj pavšal", "N-2026", "V-77",
            "registracija/",
        )  # fmt: skip
        for each in hidden:
            self.assertNotIn(each, page)

        page = self.rok.follows(self.looks(self.rok)).content.decode()

        shown = (
            "ana.placnica@example.si", "040\xa0111\xa0222", "Ob potoku 14", "136,84", "4399", "26-OGR-104417",
            "Zakaj pavšal", "N-2026-000123", "V-77", self.account, "OGR-2024/1184", "4312", "Klic stranke", "10.30",
        )  # fmt: skip
        for each in shown:
            self.assertIn(each, page)
        self.assertNotIn(self.anas_payer.tax_number, page)

    def test_the_customer_reads_who_looked_and_why(self):
        self.rok.opens(PAYER)
        self.looks(self.rok, why="complaint")
        self.looks(self.nika, why="other", words="Preverjam števec")
        log = self.log_of(self.ana)
        for told in ("Ogled vaših podatkov", "Razlog: Ugovor računu", "Razlog: Preverjam števec"):
            self.assertIn(told, log)
        self.assertIn("dobaviteljeva pisarna (vpogled)", log)
        self.assertNotIn("Rok", log)
        self.assertNotIn("Reklamacija", self.log_of(self.bojan))

    def test_everybody_who_sees_the_payer_reads_of_the_look_and_the_office_where_nobody_does(self):
        eva = Customer("Eva")
        self.given_link(eva, self.anas_payer, self.anas_house)
        self.looks(self.rok)
        looks = AccessEvent.objects.filter(what="office_viewed", by=self.rok.user)
        self.assertEqual({each.whose for each in looks}, {self.ana.user, eva.user})
        self.given_payer("20418999", name="Brez Registracije", serial=9)
        self.looks(self.rok, "/urad/stranke/placnik/20418999/")
        event = AccessEvent.objects.get(what="office_viewed", payer_number="20418999")
        self.assertEqual((event.whose, event.reason), (None, "call"))

    def test_who_saw_the_payer_once_reads_that_they_stand_on_its_page(self):
        Link.objects.update(ended_at=NOW, ended_because=Link.End.USER)
        self.assertIn(">Ana<", self.rok.follows(self.looks(self.rok)).content.decode())
        told = AccessEvent.objects.get(whose=self.ana.user, by=self.rok.user)
        self.assertEqual(told.what, "office_listed")

    def test_the_look_ends_after_half_an_hour_and_is_nobody_elses(self):
        self.looks(self.rok)
        self.assertIn("136,84", self.rok.opens(PAYER).content.decode())
        self.assertNotIn("136,84", self.nika.opens(PAYER).content.decode())
        self.traveller.shift(timedelta(minutes=29))
        self.assertIn("136,84", self.rok.opens(PAYER).content.decode())
        self.traveller.shift(timedelta(minutes=2))
        if self.rok.browser.get(PAYER).status_code == 302:
            self.rok.is_signed_in()
        self.assertNotIn("136,84", self.rok.opens(PAYER).content.decode())

    def test_a_reason_must_be_chosen_and_something_else_must_be_said(self):
        self.assertContains(self.looks(self.rok, why=""), "Izberite razlog")
        self.assertContains(self.looks(self.rok, why="king"), "Izberite razlog")
        self.assertContains(self.looks(self.rok, why="other", words="  "), "Na kratko napišite razlog")
        self.assertFalse(AccessEvent.objects.filter(what="office_viewed").exists())

    def test_a_document_is_opened_by_who_has_said_why_and_each_opening_is_told(self):
        Document.objects.filter(pk=self.document.pk).update(
            pdf_path=default_storage.save("test.pdf", ContentFile(b"%PDF-1.7"))
        )
        address = f"/urad/stranke/dokument/{self.document.public_id}/"
        self.rok.opens(address, status=404)
        self.looks(self.rok)
        answer = self.rok.opens(address)
        self.assertEqual(b"".join(answer.streaming_content), b"%PDF-1.7")
        self.assertIn("26-OGR-104417", self.log_of(self.ana))
        self.nika.opens(address, status=404)

    def test_an_empty_payer_and_an_unknown_one(self):
        self.given_payer("20418999", name="Prazna", serial=9)
        page = self.rok.follows(self.looks(self.rok, "/urad/stranke/placnik/20418999/")).content.decode()
        self.assertIn("ne plačuje za nobeno odjemno mesto", page)
        self.rok.opens("/urad/stranke/placnik/999/", status=404)
        self.rok.opens("/en/office/customers/payer/20418837/")

    def test_the_pages_cost_a_fixed_number_of_statements(self):
        self.looks(self.rok)
        with self.assertNumQueries(24):
            self.rok.opens(PAYER)
        for n in range(4):
            point = self.given_supply_point(self.anas_payer, f"1042-80{n}")
            self.given_document(self.anas_payer, point, f"26-{n}", open_eur=Decimal("1.00"))
            self.given_link(Customer(f"Gost{n}", signed_in=False), self.anas_payer, point)
        with self.assertNumQueries(24):
            self.rok.opens(PAYER)


class AnAccount(CustomerCase):
    def test_the_mails_of_a_sign_in_are_listed_with_their_state(self):
        for minutes, fields in (
            (30, {"accepted_at": NOW}), (20, None), (5, None),
        ):  # fmt: skip
            pending = PendingLogin.objects.create(
                user=self.ana.user, browser_hash=f"{minutes}", number="42", device="Chrome, Windows",
                created_at=NOW - timedelta(minutes=minutes), expires_at=NOW + timedelta(minutes=10 - minutes),
                last_mail_asked_at=NOW,
            )  # fmt: skip
            if fields:
                SignInToken.objects.create(pending=pending, token_hash="a", code_hash="a", made_at=NOW, **fields)
        page = self.rok.follows(self.looks(self.rok, self.account)).content.decode()
        rows = [row for row in page.split("<tr") if "Potrdite prijavo" in row]
        states = [next(state for state in ("predano", "čaka", "opuščeno") if state in row) for row in rows]
        self.assertEqual(states, ["predano", "čaka", "opuščeno"])

    def test_it_is_masked_until_a_reason_is_chosen(self):
        mails_to("ana@example.si")
        page = self.rok.opens(self.account).content.decode()
        for shown in ("Ana", "an•••", "1042-7731", "20418837"):
            self.assertIn(shown, page)
        for hidden in ("ana@example.si", "mlajša", "040 333", ">Dom<", "Zakaj pavšal", "Že ste registrirani"):
            self.assertNotIn(hidden, page)
        page = self.rok.follows(self.looks(self.rok, self.account, why="message")).content.decode()
        shown = ("ana@example.si", "mlajša", "040\xa0333", "Dom", "Zakaj pavšal", "N-2026-000123", "predano", "registr")
        for each in shown:
            self.assertIn(each, page)
        self.assertIn("Razlog: Sporočilo v portalu", self.log_of(self.ana))

    def test_a_look_at_the_payer_does_not_open_the_account(self):
        self.looks(self.rok)
        self.assertNotIn("mlajša", self.rok.opens(self.account).content.decode())

    def test_a_clerk_signs_the_customer_out_and_the_customer_reads_why(self):
        self.looks(self.nika, self.account)
        address = f"{self.account}odjava/"
        self.rok.sends(address, {"reason": "x"}, status=404)
        page = self.nika.follows(self.nika.sends(address))
        self.assertContains(page, "Na kratko napišite razlog")
        self.assertTrue(Session.objects.filter(user=self.ana.user).exists())
        page = self.nika.follows(self.nika.sends(address, {"reason": "Ukraden telefon"}))
        self.assertContains(page, "povsod odjavljena")
        self.assertFalse(Session.objects.filter(user=self.ana.user).exists())
        self.assertIn("Ukraden telefon", mails_to("ana@example.si")[0].text)
        self.ana.is_signed_in()
        self.assertIn("Razlog: Ukraden telefon", self.log_of(self.ana))

    def test_staff_and_erased_accounts_are_not_there(self):
        self.rok.opens(f"/urad/stranke/registracija/{self.nika.user.public_id}/", status=404)
        User.objects.filter(pk=self.ana.user.pk).update(erased_at=NOW)
        self.rok.opens(self.account, status=404)
        self.rok.opens("/urad/stranke/registracija/nekaj/", status=404)

    def test_the_page_costs_a_fixed_number_of_statements(self):
        self.looks(self.rok, self.account)
        with self.assertNumQueries(18):
            self.rok.opens(self.account)
        for n in range(4):
            self.given_link(self.ana, self.anas_payer, self.given_supply_point(self.anas_payer, f"1042-80{n}"))
            mail.post(to="ana@example.si", template="accounts/mail/no_account", context={}, language="sl")
        with self.assertNumQueries(18):
            self.rok.opens(self.account)


class EveryLook(CustomerCase):
    def test_whatever_of_a_customer_the_office_opens_stands_in_that_customers_log(self):
        """Open every page of the office that is about a customer: after each, the customer reads of one more look."""
        Document.objects.filter(pk=self.document.pk).update(
            pdf_path=default_storage.save("test.pdf", ContentFile(b"%PDF-1.7"))
        )
        mine = AccessEvent.objects.filter(whose=self.ana.user, by=self.nika.user)
        for opens in (
            lambda: self.nika.opens("/urad/stranke/", q="ana novak"),
            lambda: self.looks(self.nika),
            lambda: list(self.nika.opens(f"/urad/stranke/dokument/{self.document.public_id}/").streaming_content),
            lambda: self.nika.opens(f"/urad/povezave/placnik/{self.anas_payer.number}/"),
            lambda: self.looks(self.nika, self.account),
        ):
            before = mine.count()
            opens()
            self.assertGreater(mine.count(), before)
        shown = self.log_of(self.ana)
        self.assertEqual(shown.count("kdo: dobaviteljeva pisarna"), mine.count())

    def test_a_masked_page_counts_as_found_once_a_day(self):
        for _ in range(3):
            self.rok.opens(PAYER)
            self.rok.opens(self.account)
        events = AccessEvent.objects.filter(by=self.rok.user).values_list("what", "payer_number")
        self.assertEqual(sorted(events), [("office_searched", ""), ("office_searched", "20418837")])
        self.assertEqual(timezone.now(), NOW)
