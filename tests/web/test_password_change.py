"""Changing the password in the profile: the present one first; here one stays signed in, elsewhere nobody does."""

from datetime import timedelta

import time_machine
from django.conf import settings

from mojplin.domain.accounts.models import AccessEvent, PasswordReset, PendingLogin, Session, User
from mojplin.domain.accounts.sessions import secret_hash
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in
from tests.web.sign_in_case import address, is_in

AT_TEN = moment(2026, 11, 23, 10)
NEW = "megla sablja oreh vitez"
FIELDS = {"current_password": PASSWORD, "password": NEW}


class ChangeOfPassword(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.ana = Customer("Ana")
        self.cilka = Customer("Cilka")
        self.laptop = Visitor()
        self.laptop.browser.cookies = self.ana.browser.cookies.copy()
        self.ana.is_signed_in()

    def changes(self, **fields: str):
        return self.ana.sends(address("change_password"), FIELDS | fields)

    def cookie(self) -> str:
        return self.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value

    def test_here_one_stays_signed_in_with_another_key_and_elsewhere_one_is_signed_out(self):
        former = self.cookie()
        self.ana.opens(address("change_password"))
        page = self.ana.follows(self.changes())
        self.assertContains(page, "Geslo je spremenjeno")
        self.assertNotEqual(self.cookie(), former)
        self.assertFalse(Session.objects.filter(key_hash=secret_hash(former)).exists())
        self.assertTrue(is_in(self.ana))
        self.assertFalse(is_in(self.laptop))
        self.assertTrue(is_in(self.cilka))
        self.assertTrue(User.objects.get(username="Ana").check_password(NEW))
        self.assertTrue(AccessEvent.objects.filter(whose=self.ana.user, what="password_changed").exists())

    def test_sign_ins_and_links_that_wait_die_with_the_old_password(self):
        visitor = Visitor()
        visitor.sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        visitor.sends(address("forgot_password"), {"identifier": "ana"}, status=302)
        link_in(visitor.reads_mail("ana@example.si"))
        self.assertEqual(self.changes().status_code, 302)
        self.assertEqual(PendingLogin.objects.get().state, "dead")
        self.assertEqual(PasswordReset.objects.get().state, "dead")

    def test_a_mail_tells_and_leads_to_a_new_password_if_it_was_not_the_owner(self):
        self.changes()
        letter = self.ana.reads_mail("ana@example.si")
        self.assertEqual(letter.subject, "Vaše geslo je spremenjeno")
        self.assertIn("23. novembra ob 10.00 (Chrome, Linux)", letter.text.replace("\u00a0", " "))
        self.assertEqual(link_in(letter), address("forgot_password"))

    def test_a_double_click_keeps_the_session(self):
        first = self.ana.browser.cookies.copy()
        answer = self.changes(form_key="same")
        changed = self.cookie()
        self.assertEqual(answer.status_code, 302)
        # The second click left the browser before the first answer came, and met the page before its act was done.
        Session.objects.filter(key_hash=secret_hash(changed)).update(
            key_hash=secret_hash(first[settings.SESSION_COOKIE_NAME].value)
        )
        self.ana.browser.cookies = first
        again = self.changes(form_key="same")
        self.assertEqual((again.status_code, again["Location"]), (answer.status_code, answer["Location"]))
        self.assertEqual(self.cookie(), changed)
        self.assertEqual(AccessEvent.objects.filter(what="password_changed").count(), 1)

    def test_a_wrong_present_password_is_refused_and_after_five_one_waits(self):
        for wrong in ("napačno geslo", "", "x" * 5000, "konj pipa zid oblaK", "konj"):
            self.assertContains(self.changes(current_password=wrong), "To ni vaše sedanje geslo")
        self.changes(current_password="še eno")
        self.assertContains(self.changes(), "čez 15 minut")
        self.traveller.shift(timedelta(minutes=15))
        self.assertEqual(self.changes().status_code, 302)

    def test_the_new_one_must_be_good_and_another_one(self):
        for password, reason in {
            "kratko": "vsaj 12",
            "butanplin kurjava hrast": "imena portala",
            "x" * 257: "predolgo",
            PASSWORD: "To je geslo, ki ga imate zdaj",
        }.items():
            with self.subTest(password=password):
                self.assertContains(self.changes(password=password), reason)
        self.assertTrue(User.objects.get(username="Ana").check_password(PASSWORD))

    def test_a_stranger_is_sent_to_sign_in_and_nothing_happens(self):
        answer = Visitor().sends(address("change_password"), FIELDS, status=302)
        self.assertIn(address("sign_in"), answer["Location"])
        self.cilka.sends(address("change_password"), FIELDS | {"user": str(self.ana.user.pk)}, status=302)
        self.assertTrue(User.objects.get(username="Ana").check_password(PASSWORD))

    def test_the_profile_leads_here(self):
        page = self.ana.opens(address("profile"))
        self.assertContains(page, f'href="{address("change_password")}"')
        self.assertContains(page, f'href="{address("change_email")}"')

    def test_in_english(self):
        page = self.ana.opens(address("change_password", language="en"))
        self.assertContains(page, "You stay signed in here; all other devices are signed out.")
