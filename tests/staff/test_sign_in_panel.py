"""Staff see how signing in is doing: the mail that waits, an attack, and whose password somebody has."""

from datetime import timedelta

import time_machine

from mojplin.domain.accounts.confirmation import deny
from mojplin.domain.accounts.lockout import SITE
from mojplin.domain.accounts.models import AccessEvent, DeniedSignIn, PendingLogin, Registration, SignInToken
from mojplin.domain.accounts.sign_in import Visit, begin_sign_in
from mojplin.domain.accounts.sign_in_health import alarm_at_late_mail, forget_old_sign_ins, often_denied
from mojplin.foundation import limits
from mojplin.foundation.housekeeping import do_watches
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import PASSWORD, Customer, PortalTestCase, moment

AT_TEN = moment(2026, 11, 23, 10)
HERE = Visit(ip="192.0.2.1", device="Chrome, Linux")
OFFICE = "/urad/"


class SignInPanel(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.nika = Customer("Nika", role="reader")
        self.ana = Customer("Ana", signed_in=False)

    def begins(self, form: str = "form") -> PendingLogin:
        pending, _secret = begin_sign_in(
            identifier="ana", password=PASSWORD, form_secret=form, former_secret="", visit=HERE, next_path="",
            now=self.now(),
        )  # fmt: skip
        return pending

    def now(self):
        return AT_TEN + self.passed

    passed = timedelta(0)

    def later(self, **how_long: int) -> None:
        self.passed += timedelta(**how_long)
        self.traveller.move_to(self.now())

    # The mail

    def test_a_sign_in_mail_that_waits_longer_than_a_minute_is_an_alarm_once_a_minute(self):
        self.begins()
        self.later(seconds=60)
        with self.assertNoLogs("mojplin.domain.accounts.sign_in_health"):
            alarm_at_late_mail(self.now())
        self.later(seconds=1)
        with self.assertLogs("mojplin.domain.accounts.sign_in_health", "ERROR") as said:
            for _tick in range(5):
                do_watches(self.now())
                self.later(seconds=10)
        self.assertEqual(len(said.output), 1)
        self.assertIn("sign_in_mail_late", said.output[0])
        self.assertContains(self.nika.opens(OFFICE), "Nihče se ne more prijaviti")

    def test_a_mail_that_was_sent_is_no_alarm(self):
        self.begins()
        drain()
        self.later(minutes=5)
        with self.assertNoLogs("mojplin.domain.accounts.sign_in_health"):
            do_watches(self.now())
        page = self.nika.opens(OFFICE).content.decode()
        self.assertIn("Najstarejše neposlano sporočilo za prijavo", page)
        self.assertNotIn("Nihče se ne more prijaviti", page)

    # Guessing

    def test_staff_see_that_passwords_are_guessed_all_over_the_portal(self):
        self.assertNotContains(self.nika.opens(OFFICE), "ugiba gesla")
        for _wrong in range(30):
            limits.hit(SITE, window=timedelta(hours=1), now=self.now())
        self.assertContains(self.nika.opens(OFFICE), "Nekdo ugiba gesla po vsem portalu.")

    # It is not me

    def test_whose_password_somebody_has_stands_in_the_office_after_the_second_denial_in_a_day(self):
        deny(pending=self.begins("one"), now=self.now())
        self.later(hours=24)
        self.nika.is_signed_in()
        self.assertNotContains(self.nika.opens(OFFICE), "Nekdo pozna geslo")
        deny(pending=self.begins("two"), now=self.now())
        page = self.nika.opens(OFFICE)
        self.assertContains(page, "Nekdo pozna geslo teh uporabnikov")
        self.assertContains(page, "Ana")
        self.assertNotContains(page, "ana@example.si")
        self.later(days=28)
        self.assertEqual([(each.user, each.count) for each in often_denied(self.now())], [(self.ana.user, 2)])
        self.later(days=3)
        self.assertEqual(often_denied(self.now()), [])

    def test_two_denials_more_than_a_day_apart_are_two_events_of_the_access_log_and_no_more(self):
        deny(pending=self.begins("one"), now=self.now())
        self.later(hours=24, seconds=1)
        deny(pending=self.begins("two"), now=self.now())
        self.assertEqual(often_denied(self.now()), [])
        events = AccessEvent.objects.values_list("whose", "what")
        self.assertEqual(list(events), [(self.ana.user.pk, "sign_in_denied")] * 2)

    def test_denying_twice_is_denying_once(self):
        pending = self.begins()
        for _press in range(2):
            deny(pending=pending, now=self.now())
        self.assertEqual(DeniedSignIn.objects.count(), 1)

    # What is forgotten

    def test_sign_ins_links_and_registrations_go_after_a_day_and_denials_after_thirty(self):
        deny(pending=self.begins(), now=self.now())
        self.begins("two")
        drain()
        self.ana.sends("/registracija/", {"email": "neza@example.si"})
        kept = (PendingLogin, SignInToken, Registration, DeniedSignIn)
        forget_old_sign_ins(self.now() + timedelta(hours=24))
        self.assertEqual([model.objects.count() for model in kept], [2, 1, 1, 1])
        forget_old_sign_ins(self.now() + timedelta(hours=24, seconds=1))
        self.assertEqual([model.objects.count() for model in kept], [0, 0, 0, 1])
        forget_old_sign_ins(self.now() + timedelta(days=31))
        self.assertFalse(DeniedSignIn.objects.exists())
        self.assertTrue(Message.objects.exists())
