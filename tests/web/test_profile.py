"""Profile and the phone's menu."""

from django.conf import settings

from mojplin.domain.accounts.models import Session
from tests.cast import Customer, PortalTestCase, Visitor


class Profile(PortalTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana")

    def test_it_shows_who_is_signed_in_and_where(self):
        page = self.ana.opens("/profil/")
        self.assertContains(page, "an•••••@example.si")
        self.assertContains(page, "ta naprava")
        with self.assertNumQueries(3):
            self.ana.browser.get("/profil/")

    def test_language_is_kept_and_the_page_goes_on_in_it(self):
        self.assertContains(self.ana.follows(self.ana.sends("/profil/", {"language": "en"})), "The language is saved.")
        self.ana.user.refresh_from_db()
        self.assertEqual(self.ana.user.language, "en")
        self.ana.sends("/profil/", {"language": "xx"}, status=404)

    def test_appearance_is_remembered_by_the_browser(self):
        saved = self.ana.sends("/profil/", {"theme": "dark"})
        self.assertTrue(saved.cookies[settings.THEME_COOKIE_NAME]["httponly"])
        self.assertContains(self.ana.opens("/profil/"), 'data-theme="dark"')
        self.ana.sends("/profil/", {"theme": "<b>"}, status=404)
        self.ana.sends("/profil/", {}, status=400)

    def test_another_device_is_signed_out_from_here(self):
        here = self.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.ana.is_signed_in()
        first, second = Session.objects.order_by("pk")
        self.assertContains(self.ana.opens("/profil/"), first.public_id)
        self.ana.sends("/profil/", {"session": first.public_id}, status=302)
        self.assertEqual(Session.objects.get(), second)
        other = Visitor()
        other.browser.cookies[settings.SESSION_COOKIE_NAME] = here
        other.opens("/profil/", status=302)

    def test_nobody_ends_a_strangers_session(self):
        cilka = Customer("Cilka")
        cilka.sends("/profil/", {"session": self.ana.user.sessions.get().public_id}, status=302)
        self.ana.opens("/profil/")

    def test_the_menu_of_phones_leads_everywhere_and_a_visitor_to_the_sign_in(self):
        page = self.ana.opens("/vec/")
        for path in ("/pogodbe/", "/narocila/", "/podpora/", "/odjemna-mesta/", "/profil/", "/pogoji/", "/en/more/"):
            self.assertContains(page, f'href="{path}"')
        for path in ("/profil/", "/vec/"):
            self.assertIn("/prijava/?next=", Visitor().opens(path, status=302)["Location"])
