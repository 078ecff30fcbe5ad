"""The access log as its owner reads it."""

from datetime import timedelta

from django.utils import timezone

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent
from tests.cast import Customer, PortalTestCase

PAGE = "/profil/dnevnik-dostopov/"
What = AccessEvent.What


class AccessLog(PortalTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana")

    def given_event(self, what: AccessEvent.What, by: Customer | None, *, about: str = "", hours: int = 0) -> None:
        at = timezone.now() - timedelta(hours=hours)
        access_log.record(whose=self.ana.user, what=what, by=by.user if by else None, about=about, now=at)

    def test_a_role_is_called_by_its_name(self) -> None:
        self.given_event(What.ROLE_CHANGED, None, about="clerk")
        self.assertContains(self.ana.opens(PAGE), "<span>podpora</span>", html=True)

    def test_of_the_terms_it_names_the_version(self) -> None:
        self.given_event(What.TERMS_ACCEPTED, self.ana, about="3")
        self.assertContains(self.ana.opens(PAGE), "<span>Različica 3</span>", html=True)

    def test_it_says_who_did_what_newest_first_and_staff_by_their_role(self):
        clerk, bojan = Customer("Marjetica", role="clerk"), Customer("Bojan")
        self.given_event(What.OFFICE_VIEWED, clerk, hours=3)
        self.given_event(What.SHARE_ENDED, bojan, about="Babica 👵", hours=2)
        self.given_event(What.ACCOUNT_ERASED, None, hours=1)
        self.given_event(What.PASSWORD_CHANGED, self.ana)
        page = self.ana.opens(PAGE)
        text = page.content.decode()
        order = [
            "Geslo spremenjeno",
            "portal sam",
            "Babica 👵",
            "drug uporabnik odjemnega mesta",
            "Ogled vaših podatkov",
        ]
        self.assertEqual(sorted(order, key=text.index), order)
        self.assertContains(page, "dobaviteljeva pisarna (")
        for name in ("Marjetica", "Bojan"):
            self.assertNotContains(page, name)
        with self.assertNumQueries(3):
            self.ana.browser.get(PAGE)

    def test_nobody_reads_anothers(self):
        self.given_event(What.POINT_LINKED, self.ana, about="KANARCEK")
        self.assertContains(Customer("Cilka").opens(PAGE), "Ni še zapisov")

    def test_a_long_one_is_read_page_by_page_without_gap_or_double(self):
        for number in range(60):
            self.given_event(What.POINT_LINKED, self.ana, about=f"mesto-{number:02}.", hours=number // 4)
        seen, address = [], PAGE
        while address:
            text = self.ana.opens(address).content.decode()
            seen += [f"mesto-{n:02}." for n in range(60) if f"mesto-{n:02}." in text]
            address = text.split('rel="next"')[0].split('href="')[-1].split('"')[0] if 'rel="next"' in text else ""
        self.assertEqual(sorted(seen), [f"mesto-{n:02}." for n in range(60)])

    def test_a_wrong_page_begins_at_the_newest(self):
        self.given_event(What.POINT_LINKED, self.ana, about="Dom")
        midnight = "2026-01-01T00:00:00+00:00"
        for odd in ("x", "2026-01-01~1", "~", f"{midnight}~-1", f"{midnight}~{'9' * 5000}", "9" * 400, "\x00"):
            self.assertContains(self.ana.opens(PAGE, before=odd), "Dom")
        for out_of_reach in ("0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-12:00~1"):
            self.assertContains(self.ana.opens(PAGE, before=out_of_reach), "Dom")

    def test_it_is_there_in_english(self):
        self.given_event(What.POINT_LINKED, self.ana, about="Dom")
        self.assertContains(self.ana.opens("/en/profile/access-log/"), "Supply point linked")
