"""Finding a customer: one field for names and numbers, letters without marks; whoever is shown reads of it."""

from django.db import connection

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.office.search import SHOWN, find
from mojplin.domain.orders.models import GasOrder
from tests.arranged import given_mandate
from tests.cast import Customer, PortalTestCase, moment
from tests.deals import given_cylinder_order, given_renewal
from tests.moved import given_move

SEARCH = "/urad/stranke/"
NOW = moment(2026, 11, 26)


class SearchCase(PortalTestCase):
    """Žiga Čop pays for one place, which Zoja sees."""

    @classmethod
    def setUpTestData(cls):
        cls().given_everything()

    def given_everything(self):
        cop = self.given_payer(
            "20418900",
            name="Žiga Čop",
            serial=7,
            email="ziga.cop@example.si",
            street="Šolska ulica 3",
            town="Škofja Loka",
        )
        point = self.given_supply_point(cop, "1042-9999", recipient_number="30418900", recipient_name="Špela Čop")
        self.given_document(cop, point, "26-OGR-104417", external_number="ZD-2026-77")
        contract = self.given_contract(cop, point, "OGR-2024/1184")
        zoja = Customer("Zoja", email="zoja@example.si", signed_in=False)
        User.objects.filter(pk=zoja.user.pk).update(name="Zofija Bevk")
        self.given_link(zoja, cop, point)
        GasOrder.objects.create(
            number="N-2026-000123", supply_point=point, payer=cop, ordered_by=zoja.user, ordered_at=NOW,
            gauge_percent=20, phone="040 000 000",
        )  # fmt: skip
        self.given_enquiry(zoja, number="V-2026-000077")
        given_cylinder_order(zoja.user, number="J-2026-000001")
        given_renewal(contract, zoja.user, number="PO-2026-000001")
        given_mandate(cop, zoja.user, "Z-2026-000001")
        given_move(cop, point, zoja.user)


class Finding(SearchCase):
    def found(self, typed):
        hits = find(typed, today=NOW.date())
        return {kind: [hit.title for hit in each] for kind, each in (hits or {}).items()}

    def test_letters_fold_and_words_come_in_any_order(self):
        for typed in ("cop", "ČOP", "Čop", "cop ziga", "zig co", "solska skofja", "ziga.cop@example.si", "loka"):
            with self.subTest(typed):
                self.assertEqual(self.found(typed)["payers"], ["Žiga Čop"])
        for typed in ("op", "cop novak", "xx"):
            self.assertNotIn("payers", self.found(typed))

    def test_every_number_leads_to_its_thing(self):
        for typed, kind, title in (
            ("20418900", "payers", "Žiga Čop"),
            ("204189", "payers", "Žiga Čop"),
            ("1042-9999", "places", "1042-9999"),
            ("1042 9999", "places", "1042-9999"),
            ("30418900", "places", "1042-9999"),
            ("spela cop", "places", "1042-9999"),
            ("26-ogr-1044", "documents", "26-OGR-104417"),
            ("zd-2026-77", "documents", "26-OGR-104417"),
            ("ogr-2024/1184", "contracts", "OGR-2024/1184"),
            ("n-2026-000123", "orders", "N-2026-000123"),
            ("j-2026", "orders", "J-2026-000001"),
            ("PO-2026-000001", "requests", "PO-2026-000001"),
            ("z-2026", "requests", "Z-2026-000001"),
            ("s-2026", "moves", "S-2026-000001"),
            ("V-2026", "enquiries", "V-2026-000077"),
            ("zoja@example.si", "users", "Zoja"),
            ("bevk zofija", "users", "Zoja"),
        ):
            with self.subTest(typed):
                self.assertEqual(self.found(typed)[kind], [title])

    def test_a_place_leads_to_who_pays_there_today(self):
        hit = find("1042-9999", today=NOW.date())["places"][0]
        self.assertEqual(hit.payer_number, "20418900")

    def test_exactly_this_number_comes_first_and_no_more_than_eight(self):
        for n in range(12):
            self.given_payer(f"777{n}", name=f"A{n}", serial=100 + n)
        self.given_payer("777", name="Zadnji po abecedi", serial=99)
        titles = self.found("777")["payers"]
        self.assertEqual((titles[0], len(titles)), ("Zadnji po abecedi", SHOWN))

    def test_odd_input_finds_nothing_and_breaks_nothing(self):
        for typed in ("", " ", "a", "%", "__", "%%%", "\\", "'; DROP TABLE", "č" * 5000, "\u202eabc", "1' OR '1'='1"):
            with self.subTest(typed[:20]):
                self.assertEqual(self.found(typed), {})

    def test_staff_and_erased_accounts_are_not_found(self):
        Customer("Zoltan", role="clerk", signed_in=False)
        self.assertNotIn("users", self.found("zoltan"))
        User.objects.filter(username="Zoja").update(erased_at=NOW)
        self.assertNotIn("users", self.found("zoja"))


class SearchPage(SearchCase):
    def setUp(self):
        self.rok = Customer("Rok", role="reader")

    def test_the_page_works_without_the_script_and_answers_the_list_alone_to_it(self):
        page = self.rok.opens(SEARCH, q="cop")
        self.assertContains(page, "Žiga Čop")
        part = self.rok.browser.get(SEARCH, {"q": "cop"}, headers={"HX-Request": "true"})
        self.assertNotContains(part, "<html")
        self.assertContains(part, "Žiga Čop")
        self.assertContains(self.rok.opens(SEARCH, q="c"), "Vpišite vsaj")
        self.assertContains(self.rok.opens("/en/office/customers/", q="xyzzy"), "Nothing found")

    def test_whoever_is_shown_reads_of_it_once_a_day(self):
        for typed in ("cop", "čop", "20418900"):
            self.rok.opens(SEARCH, q=typed)
        zoja = User.objects.get(username="Zoja")
        events = AccessEvent.objects.filter(what="office_searched")
        self.assertEqual([(e.whose, e.by, e.payer_number) for e in events], [(zoja, self.rok.user, "20418900")])
        Customer("Nika", role="clerk").opens(SEARCH, q="cop")
        self.assertEqual(events.all().count(), 2)

    def test_a_payer_nobody_has_linked_is_recorded_for_the_office(self):
        self.given_payer("20418901", name="Neža Brez", serial=8)
        self.rok.opens(SEARCH, q="neza")
        event = AccessEvent.objects.get(what="office_searched")
        self.assertEqual((event.whose, event.payer_number), (None, "20418901"))

    def test_an_account_found_by_its_own_name_reads_of_it(self):
        self.rok.opens(SEARCH, q="bevk")
        self.assertEqual(AccessEvent.objects.get(what="office_searched").whose.username, "Zoja")

    def test_a_search_costs_a_fixed_number_of_statements(self):
        cost = 14 + (connection.vendor == "postgresql")
        with self.assertNumQueries(cost):
            self.rok.opens(SEARCH, q="20418900")
        for n in range(5):
            self.given_payer(f"2041890{n + 2}", name=f"Čop {n}", serial=20 + n)
        with self.assertNumQueries(cost):
            self.rok.opens(SEARCH, q="204189")
