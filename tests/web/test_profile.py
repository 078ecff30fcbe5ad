"""The profile: one's details, which mails one wants, and the phone's menu."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, Session, User
from tests.cast import Customer, PortalTestCase, Visitor
from tests.mailbox import mails_to

GOOD = {"name": "Ana Novak", "contact_phone": "040 123 456", "language": "sl", "theme": "auto"}


class Profile(PortalTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana")

    def saved(self) -> User:
        return User.objects.get(pk=self.ana.user.pk)

    def test_it_shows_who_is_signed_in_and_leads_to_everything_of_ones_own(self):
        page = self.ana.opens("/profil/")
        self.assertContains(page, "an•••••@example.si")
        for path in (
            "geslo",
            "e-naslov",
            "prijave",
            "kljuci",
            "sporocila",
            "dnevnik-dostopov",
            "moji-podatki",
            "zaprtje",
        ):
            with self.subTest(path):
                self.assertIn(f"/profil/{path}/", page.content.decode())
        with self.assertNumQueries(3):
            self.ana.browser.get("/profil/")

    def test_it_says_on_how_many_devices_one_is_signed_in(self):
        self.assertContains(self.ana.opens("/profil/"), "1 prijavljena naprava<")
        self.ana.is_signed_in()
        self.assertContains(self.ana.opens("/profil/"), "2 prijavljeni napravi<")
        here = Session.objects.order_by("pk").last()
        Session.objects.exclude(pk=here.pk).update(last_seen_at=timezone.now() - timedelta(hours=25))
        page = self.ana.opens("/profil/")
        self.assertContains(page, "1 prijavljena naprava<")
        self.assertContains(page, "Moje prijave")

    def test_details_are_saved_and_written_into_the_access_log_once(self):
        self.assertContains(self.ana.follows(self.ana.sends("/profil/", GOOD)), "Vaši podatki so shranjeni.")
        self.ana.sends("/profil/", GOOD, status=302)
        self.assertEqual((self.saved().name, self.saved().contact_phone), ("Ana Novak", "040 123 456"))
        self.assertEqual(AccessEvent.objects.get().what, "profile_changed")

    def test_language_is_kept_and_the_page_goes_on_in_it(self):
        page = self.ana.follows(self.ana.sends("/profil/", GOOD | {"language": "en"}))
        self.assertContains(page, "Your details are saved.")
        self.assertEqual(self.saved().language, "en")

    def test_appearance_follows_the_person_and_stays_in_the_browser(self):
        answer = self.ana.sends("/profil/", GOOD | {"theme": "dark"}, status=302)
        self.assertTrue(answer.cookies[settings.THEME_COOKIE_NAME]["httponly"])
        elsewhere = Customer.__new__(Customer)
        Visitor.__init__(elsewhere)
        elsewhere.user = self.ana.user
        elsewhere.is_signed_in()
        self.assertContains(elsewhere.opens("/profil/"), 'data-theme="dark"')
        del self.ana.browser.cookies[settings.SESSION_COOKIE_NAME]
        self.assertContains(self.ana.opens("/prijava/"), 'data-theme="dark"')

    def test_what_is_not_right_is_said_beside_its_field_and_nothing_is_saved(self):
        for field, value in (
            ("name", "a" * 61), ("name", "a" * 300), ("name", "An\u202ea"),
            ("name", "Nagrada! example.com"), ("name", "Nagrada! example。com"), ("name", "ana@example"), ("name", "https://x"),
            ("contact_phone", "kličite me"), ("contact_phone", "1"), ("language", "xx"), ("theme", "<b>"),
        ):  # fmt: skip
            with self.subTest(field, value=value[:20]):
                page = self.ana.sends("/profil/", GOOD | {field: value}, status=200)
                self.assertContains(page, f'id="id_{field}_error"')
        self.assertEqual((self.saved().name, self.saved().language, self.saved().theme), ("", "sl", "auto"))

    def test_name_and_phone_can_be_emptied(self):
        self.ana.sends("/profil/", GOOD, status=302)
        self.ana.sends("/profil/", GOOD | {"name": " ", "contact_phone": ""}, status=302)
        self.assertEqual((self.saved().name, self.saved().contact_phone), ("", ""))

    def test_a_mail_that_is_not_wanted_does_not_come_and_one_that_is_required_is_no_choice(self):
        page = self.ana.opens("/profil/sporocila/")
        self.assertContains(page, 'value="enquiry_received"')
        self.assertNotContains(page, 'value="security"')
        self.ana.follows(self.ana.sends("/profil/sporocila/", {"wanted": ["reading_received"]}, status=302))
        enquiry = {"topic": "other", "place": "", "message": "Živjo"}
        self.ana.sends("/podpora/", enquiry, status=302)
        self.assertEqual(mails_to("ana@example.si"), [])
        self.ana.sends("/profil/sporocila/", {"wanted": ["reading_received", "enquiry_received"]}, status=302)
        self.ana.sends("/podpora/", enquiry, status=302)
        self.assertEqual(len(mails_to("ana@example.si")), 1)
        self.assertEqual(AccessEvent.objects.filter(what="notices_changed").count(), 2)

    def test_the_menu_of_phones_leads_everywhere_and_a_visitor_to_the_sign_in(self):
        page = self.ana.opens("/vec/")
        for path in ("/pogodbe/", "/narocila/", "/podpora/", "/odjemna-mesta/", "/profil/", "/pogoji/", "/en/more/"):
            self.assertContains(page, f'href="{path}"')
        for path in ("/profil/", "/vec/", "/profil/sporocila/"):
            self.assertIn("/prijava/?next=", Visitor().opens(path, status=302)["Location"])
