"""Known browsers: a cookie that opens nothing, a mail for a new one, and one secret for all who share a browser."""

from datetime import timedelta

import pytest
from django.conf import settings

from mojplin.domain.accounts.models import AccessEvent, KnownDevice, PendingLogin, Session
from mojplin.domain.accounts.revocation import end_ways_in
from tests.cast import PASSWORD, Customer, Visitor, moment
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import SignInCase, address, is_in

DEVICE = settings.DEVICE_COOKIE_NAME


class Devices(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.ana.user.registered_at -= timedelta(days=30)
        self.ana.user.save()

    def signs_in(self, visitor: Visitor, name: str = "ana"):
        visitor.sends(address("sign_in"), {"identifier": name, "password": PASSWORD}, status=302)
        letter = next(each for each in mails_to(f"{name}@example.si") if each.subject == "Potrdite prijavo")
        return visitor.presses(link_in(letter))

    def news(self) -> list[str]:
        return [mail.text for mail in mails_to("ana@example.si") if "Nova prijava" in mail.subject]

    def test_a_new_browser_is_remembered_for_half_a_year_and_its_owner_is_told(self):
        cookie = self.signs_in(self.ana).cookies[DEVICE]

        self.assertEqual((cookie["max-age"], cookie["samesite"], cookie["path"]), (180 * 86_400, "Lax", "/"))
        self.assertTrue(cookie["httponly"])
        [letter] = self.news()
        self.assertIn("Naprava: Chrome, Linux. Čas: 23.\N{NO-BREAK SPACE}novembra ob 10.00.", letter)
        self.assertIn("takoj spremenite geslo", letter)
        self.assertNotIn(cookie.value, repr(list(KnownDevice.objects.values())))

    def test_the_same_browser_again_is_no_news_and_stays_known(self):
        first = self.signs_in(self.ana).cookies[DEVICE].value
        self.later(days=170)
        self.assertEqual(self.signs_in(self.ana).cookies[DEVICE].value, first)
        self.later(days=170)
        self.signs_in(self.ana)
        self.assertEqual(len(self.news()), 1)

    def test_the_cookie_never_spares_the_confirmation(self):
        self.signs_in(self.ana)
        self.ana.presses(address("sign_out"))
        self.types_password(self.ana)
        self.assertFalse(is_in(self.ana))
        self.assertEqual(self.state(), "waiting")

    def test_two_who_share_a_browser_are_both_known_in_it(self):
        cilka = Customer("Cilka", signed_in=False)
        cilka.user.registered_at -= timedelta(days=30)
        cilka.user.save()
        for name in ("ana", "cilka", "ana", "cilka"):
            self.signs_in(self.ana, name)
            self.ana.presses(address("sign_out"))
            self.later(hours=1)
        self.assertEqual(len(self.news()), 1)
        self.assertEqual(KnownDevice.objects.values("secret_hash").distinct().count(), 1)

    def test_a_cookie_an_attacker_planted_is_worthless_after_the_sign_in(self):
        mallory = Customer("Mallory", signed_in=False)
        planted = self.signs_in(mallory, "mallory").cookies[DEVICE].value
        self.ana.browser.cookies[DEVICE] = planted
        self.assertNotEqual(self.signs_in(self.ana).cookies[DEVICE].value, planted)
        mallory.presses(address("sign_out"))
        for _try in range(5):
            answer = self.types_password(mallory, identifier="ana", password="napačno")
        self.assertContains(answer, "Poskusov je bilo preveč")

    def test_a_double_click_gives_the_same_cookie_and_one_mail(self):
        self.types_password(self.ana)
        secret = self.ana.browser.cookies[settings.SIGN_IN_COOKIE_NAME].value
        self.phone.sends(self.mailed_link(), {"number": self.number()}, status=200)
        twin = Visitor()
        twin.browser.cookies[settings.SIGN_IN_COOKIE_NAME] = secret
        answers = [self.ana.presses(address("finish")), twin.presses(address("finish"))]
        self.assertEqual(len({answer.cookies[DEVICE].value for answer in answers}), 1)
        self.assertEqual(len(self.news()), 1)

    def test_the_browser_in_which_one_has_just_registered_is_no_news(self):
        neza = Customer("Neza", signed_in=False)
        self.signs_in(neza, "neza")
        self.assertEqual([mail.subject for mail in mails_to("neza@example.si")], ["Potrdite prijavo"])
        self.signs_in(Visitor(), "neza")
        self.assertEqual(len([each for each in mails_to("neza@example.si") if "Nova" in each.subject]), 1)

    def test_after_a_new_password_or_address_every_browser_is_new_again(self):
        self.signs_in(self.ana)
        end_ways_in(self.ana.user)
        self.later(hours=1)
        self.signs_in(self.ana)
        self.assertEqual(len(self.news()), 2)

    def test_the_sign_in_is_in_the_access_log(self):
        self.signs_in(self.ana)
        event = AccessEvent.objects.get()
        self.assertEqual((event.whose, event.what, event.about), (self.ana.user, "signed_in", "Chrome, Linux"))

    def test_a_second_sign_in_in_one_browser_ends_the_session_it_replaces(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.ana.is_signed_in()
        self.ana.presses(link)
        self.assertTrue(is_in(self.ana))
        self.assertEqual(Session.objects.count(), 1)
        self.ana.presses(address("finish"))
        self.assertTrue(is_in(self.ana))
        self.assertEqual(PendingLogin.objects.get().state, "used")


@pytest.mark.django_db
def test_the_news_in_english():
    ana = Customer("Ana", signed_in=False)
    ana.user.language, ana.user.registered_at = "en", moment(2026, 1, 1)
    ana.user.save()
    ana.sends(address("sign_in", language="en"), {"identifier": "ana", "password": PASSWORD}, status=302)
    ana.presses(link_in(ana.reads_mail("ana@example.si")))
    letter = ana.reads_mail("ana@example.si")
    assert letter.subject == "New sign-in: Chrome, Linux"
    assert "there was a sign-in to Moj Butan plin with a new device or browser." in letter.text
    assert "change your password at once" in letter.html
