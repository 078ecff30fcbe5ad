"""What customers ask for, in the office: one list, the oldest first; answered there where the ERP does not."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from unittest.mock import patch

from django.test import override_settings

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.billing.arrangements import AlreadyAnswered, withdraw
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.contracts.models import RenewalAnswer
from mojplin.domain.orders.models import GasOrder, OrderStep
from mojplin.domain.orders.operations import NoLongerToCancel, cancel_order
from mojplin.foundation.outbox.models import Message
from tests.arranged import given_mandate
from tests.cast import Customer, moment
from tests.deals import given_cylinder_order, given_renewal
from tests.mailbox import mails_to
from tests.standing import StandingCase, words

NOW = moment(2026, 11, 26, 10)
LIST = "/urad/zahteve/"


class AskedCase(StandingCase):
    at = NOW

    def given_everything(self):
        super().given_everything()
        self.rok, self.nika = Customer("Rok", role="reader"), Customer("Nika", role="clerk")
        self.order = GasOrder.objects.create(
            number="N-2026-000123", supply_point=self.anas_house, payer=self.anas_payer, ordered_by=self.ana.user,
            ordered_at=NOW - timedelta(days=4), litres=800, gauge_percent=20, phone="040 123 456",
            note="Pes je prijazen.",
        )  # fmt: skip
        self.cylinders = given_cylinder_order(self.ana.user, ordered_at=NOW - timedelta(days=1))
        contract = self.given_contract(self.anas_payer, self.anas_house)
        self.renewal = given_renewal(contract, self.ana.user, agreed_at=NOW - timedelta(days=2))
        self.mandate = given_mandate(self.anas_payer, self.ana.user, "Z-2026-000007", asked_at=NOW)

    def setUp(self):
        self.enterContext(override_settings(READING_REMINDERS=False))
        super().setUp()

    def answers(self, thing, act, who=None, **fields):
        return (who or self.nika).sends(f"{LIST}{thing.number}/odgovor/", {"act": act} | fields)

    def told(self, topic):
        return [each.payload for each in Message.objects.filter(topic=topic)]


class TheList(AskedCase):
    def numbers(self, **query):
        page = words(self.rok.opens(LIST, **query))
        found = ("N-2026-000123", "PO-2026-000001", "J-2026-000001", "Z-2026-000007")
        return sorted((each for each in found if each in page), key=page.index)

    def test_holds_all_that_waits_the_oldest_first_and_no_names(self):
        self.assertEqual(self.numbers(), ["N-2026-000123", "PO-2026-000001", "J-2026-000001", "Z-2026-000007"])
        page = words(self.rok.opens(LIST))
        self.assertIn("4 dni", page)
        for hidden in ("Ana Novak", "040 123", "Pes je", "Ob potoku"):
            self.assertNotIn(hidden, page)
        self.assertFalse(AccessEvent.objects.filter(what="office_viewed_request").exists())

    def test_is_filtered_by_kind_state_and_age(self):
        self.assertEqual(self.numbers(kind="direct_debit"), ["Z-2026-000007"])
        self.assertEqual(self.numbers(kind="invoices"), [])
        self.assertEqual(self.numbers(days=3), ["N-2026-000123"])
        GasOrder.objects.update(state="planned")
        RequestAnswer.objects.create(number=self.mandate.number, state="accepted", answered_on=NOW.date())
        self.assertEqual(self.numbers(state="planned"), ["N-2026-000123"])
        self.assertEqual(self.numbers(state="done"), ["Z-2026-000007"])
        self.assertEqual(len(self.numbers(state="all")), 4)
        self.assertEqual(len(self.numbers(kind="'", state="\0", days="999", after="x~y~z")), 2)

    def test_goes_on_where_a_page_ended_also_between_two_of_the_same_instant(self):
        with patch("mojplin.domain.office.asked.ROWS", 1):
            GasOrder.objects.update(ordered_at=NOW)
            self.renewal.__class__.objects.update(agreed_at=NOW)
            seen, address = [], LIST
            for _page in range(4):
                page = words(self.rok.opens(address))
                seen += [each for each in ("N-2026", "PO-2026", "J-2026", "Z-2026") if f"{each}-" in page]
                following = re.search(r'href="(/urad[^"]+after=[^"]+)"', page)
                address = unescape(following[1]) if following else ""
        self.assertEqual((seen, address), (["J-2026", "N-2026", "PO-2026", "Z-2026"], ""))

    def test_takes_one_statement_for_each_table(self):
        self.rok.opens(LIST)
        with self.assertNumQueries(6):  # the session, and five tables
            self.rok.opens(LIST)
        for _number in range(3):
            given_cylinder_order(self.ana.user)
        with self.assertNumQueries(6):
            self.rok.opens(LIST)


class ThePage(AskedCase):
    def test_shows_what_was_sent_and_stands_in_the_customers_log_once(self):
        for _time in range(2):
            page = words(self.rok.opens(f"{LIST}{self.order.number}/"))
        for shown in ("800 l", "1042-7731", "Ob potoku 14", "040 123 456", "Pes je prijazen.", "Ana Novak", "20 %"):
            self.assertIn(shown, page)
        self.assertNotIn("Načrtujte dostavo", page)
        log = words(self.ana.opens("/profil/dnevnik-dostopov/"))
        self.assertEqual(log.count("Vpogled v vaše naročilo ali zahtevo"), 1)
        self.assertIn("N-2026-000123", log)

    def test_is_led_to_from_the_payer_and_from_the_account(self):
        payer, account = "/urad/stranke/placnik/20418837/", f"/urad/stranke/registracija/{self.ana.user.public_id}/"
        for address, numbers in (
            (payer, ("N-2026-000123", "PO-2026-000001", "Z-2026-000007")),
            (account, ("J-2026-000001", "PO-2026-000001", "Z-2026-000007")),
        ):
            page = words(self.rok.follows(self.rok.sends(address, {"why": "call"})))
            for number in numbers:
                self.assertIn(f"{LIST}{number}/", page)

    def test_never_shows_the_whole_account(self):
        page = words(self.nika.opens(f"{LIST}{self.mandate.number}/"))
        self.assertIn("6205", page)
        self.assertNotIn("SI56020170014356205", page.replace(" ", ""))

    def test_of_each_kind_opens_and_knows_nothing_of_others(self):
        for each in (self.cylinders, self.renewal):
            self.nika.opens(f"{LIST}{each.number}/")
        for number in ("N-2026-999999", "X-1", "J-2026-000123"):
            self.nika.opens(f"{LIST}{number}/", status=404)

    @override_settings(OFFICE_ANSWERS=frozenset(["requests"]))
    def test_where_the_erp_answers_the_office_only_looks(self):
        page = words(self.nika.opens(f"{LIST}{self.order.number}/"))
        self.assertIn("Odgovarja ERP", page)
        self.assertNotIn("Načrtujte dostavo", page)
        self.assertEqual(self.answers(self.order, "refuse", reason="Ne.").status_code, 404)
        self.assertEqual(self.answers(self.mandate, "accept").status_code, 302)

    def test_readers_do_not_act(self):
        self.assertEqual(self.answers(self.order, "refuse", self.rok, reason="Ne.").status_code, 404)


class Orders(AskedCase):
    def test_are_planned_for_days_that_the_customer_reads(self):
        page = words(self.nika.follows(
            self.answers(self.order, "plan", planned_from="2026-12-01", planned_until="2026-12-03")
        ))  # fmt: skip
        self.assertIn("1. 12. do 3. 12. 2026", page)
        self.assertIn("Nika", page)
        theirs = words(self.ana.opens(f"/narocila/{self.order.public_id}/"))
        self.assertIn("1. 12. do 3. 12. 2026", theirs)
        (told,) = self.told("erp.order.answered")
        self.assertEqual(
            (told["number"], told["answer"], told["planned_from"], told["planned_until"], told["answered_by"]),
            ("N-2026-000123", "planned", "2026-12-01", "2026-12-03", "Nika"),
        )
        log = words(self.ana.opens("/profil/dnevnik-dostopov/"))
        self.assertIn("Odgovor na vaše naročilo ali zahtevo", log)
        self.assertIn("3. decembra", mails_to("ana@example.si")[0].text.replace("\xa0", " "))

    def test_are_planned_once_when_the_form_comes_twice(self):
        form = {"act": "plan", "planned_from": "2026-12-01", "form_key": "enkrat"}
        for _time in range(2):
            self.nika.sends(f"{LIST}{self.order.number}/odgovor/", form, status=302)
        self.assertEqual(len(self.told("erp.order.answered")), 1)

    def test_of_cylinders_are_refused_with_a_reason_the_customer_reads(self):
        self.answers(self.cylinders, "refuse", reason="  Na ta naslov\nne vozimo. ")
        theirs = words(self.ana.opens(f"/narocila/jeklenke/{self.cylinders.public_id}/"))
        self.assertIn("Na ta naslov ne vozimo.", theirs)
        self.assertIn("Na ta naslov ne vozimo.", mails_to("ana@example.si")[0].text)
        self.assertEqual(self.told("erp.order.answered")[0]["answer"], "refused")

    def test_can_be_planned_anew_but_not_cancelled_by_the_customer_any_more(self):
        for day in ("2026-12-01", "2026-12-02"):
            self.answers(self.order, "plan", planned_from=day)
        self.assertEqual(OrderStep.objects.get().planned_from, date(2026, 12, 2))
        with self.assertRaises(NoLongerToCancel):
            cancel_order(order=self.order, place_name="Dom", by=self.ana.user, now=NOW)

    def test_are_not_planned_once_the_customer_has_cancelled(self):
        cancel_order(order=self.order, place_name="Dom", by=self.ana.user, now=NOW)
        page = words(self.answers(self.order, "plan", planned_from="2026-12-01"))
        self.assertIn("Nič se ni zgodilo", page)
        self.assertFalse(OrderStep.objects.exists())
        self.assertEqual(self.told("erp.order.answered"), [])

    def test_are_planned_for_days_to_come_alone(self):
        cases = (
            ({"planned_from": "2026-11-25"}, "že mimo"),
            ({"planned_from": "2026-12-02", "planned_until": "2026-12-01"}, "pred prvim"),
            ({"planned_from": "9999-12-31"}, "v enem letu"),
            ({"planned_from": ""}, "Izberite dan dostave."),
            ({"planned_from": "1\0" + "0" * 30}, "planned_from"),
        )
        for fields, said in cases:
            with self.subTest(fields=fields):
                self.assertIn(said, words(self.answers(self.order, "plan", **fields)))
        for reason, said in (("   ", "Napišite razlog"), ("x" * 201, "200")):
            self.assertIn(said, words(self.answers(self.order, "refuse", reason=reason)))
        self.assertEqual(self.answers(self.order, "accept").status_code, 404)
        self.assertFalse(OrderStep.objects.exists())


class RenewalsAndRequests(AskedCase):
    def test_a_renewal_is_accepted_once(self):
        self.answers(self.renewal, "accept")
        self.renewal.refresh_from_db()
        self.assertEqual(self.renewal.state, "accepted")
        self.assertEqual(RenewalAnswer.objects.get().answered_by, self.nika.user)
        self.assertIn("Nič se ni zgodilo", words(self.answers(self.renewal, "refuse", reason="Vseeno ne.")))
        self.assertEqual([each["answer"] for each in self.told("erp.renewal.answered")], ["accepted"])
        self.assertEqual(len(mails_to("ana@example.si")), 1)

    def test_a_request_is_refused_and_the_customer_reads_why(self):
        self.answers(self.mandate, "refuse", reason="Banka računa ne pozna.")
        theirs = words(self.ana.opens(f"/racuni-in-placevanje/{self.mandate.public_id}/"))
        self.assertIn("Banka računa ne pozna.", theirs)
        self.assertEqual(self.told("erp.request.answered")[0]["reason"], "Banka računa ne pozna.")
        with self.assertRaises(AlreadyAnswered):
            withdraw(request=self.mandate, by=self.ana.user, now=NOW)
        self.mandate.refresh_from_db()
        self.assertIsNone(self.mandate.ended_at)

    def test_a_request_that_was_withdrawn_is_not_answered(self):
        withdraw(request=self.mandate, by=self.ana.user, now=NOW)
        self.assertIn("Nič se ni zgodilo", words(self.answers(self.mandate, "accept")))
        self.assertFalse(RequestAnswer.objects.exists())

    def test_instalments_stand_day_by_day(self):
        asked = PayerRequest.objects.create(
            number="Z-2026-000008", family="instalments", kind="instalments", payer=self.anas_payer,
            asked_by=self.ana.user, asked_at=NOW, amount_eur=Decimal("91.24"),
            instalments=[["2026-12-10", "45.62"], ["2027-01-10", "45.62"]],
        )  # fmt: skip
        page = words(self.nika.opens(f"{LIST}{asked.number}/"))
        self.assertIn("10. 1. 2027", page)
        self.assertIn("91,24 €", page)
