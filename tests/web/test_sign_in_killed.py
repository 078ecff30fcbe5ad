"""The process dies between confirming and finishing: the waiting tab finishes, and there is never a second session."""

import signal
from datetime import timedelta

import time_machine
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from mojplin.domain.accounts.models import KnownDevice, PendingLogin, Session
from mojplin.foundation.mail import DemoMail
from tests.cast import PASSWORD, Customer
from tests.mailbox import link_in
from tests.warmed import Warmed
from tests.web.sign_in_case import address, is_in


class KilledSignIn(TransactionTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.web.kill_settings",
            "KILL_DATABASE_NAME": str(connection.settings_dict["NAME"]),
            "MOJPLIN_DATA_DIR": str(settings.DATA_DIR),
        }
        cls.runs = cls.enterClassContext(Warmed(environment, ["tests.web.killed_browser"]))

    def setUp(self) -> None:
        self.ana = Customer("Ana", signed_in=False)
        self.ana.sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        self.link = link_in(self.ana.reads_mail("ana@example.si"))

    def dies(self, moment: str) -> None:
        """Let another process, with Ana's cookie, press the button of the mail and be killed at that moment."""
        cookie = self.ana.browser.cookies[settings.SIGN_IN_COOKIE_NAME].value
        self.assertEqual(self.runs.run("tests.web.killed_browser:dies_at", moment, self.link, cookie), -signal.SIGKILL)

    def state(self) -> str:
        return PendingLogin.objects.get().state

    def test_after_a_death_between_confirming_and_finishing_the_waiting_tab_finishes(self):
        self.dies("approved")
        self.assertEqual((self.state(), Session.objects.count()), ("approved", 0))

        self.assertContains(self.ana.opens(address("waiting")), "Prijava je potrjena")
        self.ana.presses(address("finish"))

        self.assertTrue(is_in(self.ana))
        self.assertEqual((self.state(), Session.objects.count()), ("used", 1))

    def test_after_that_death_the_button_of_the_mail_finishes_as_well_and_only_once(self):
        self.dies("approved")
        self.ana.presses(self.link)
        self.ana.presses(address("finish"))
        self.ana.presses(self.link)
        self.assertTrue(is_in(self.ana))
        self.assertEqual((Session.objects.count(), KnownDevice.objects.count()), (1, 1))

    def test_a_death_before_the_answer_leaves_one_session_and_the_same_browser_gets_it(self):
        self.dies("finished")
        self.assertEqual((self.state(), Session.objects.count()), ("used", 1))
        self.assertFalse(is_in(self.ana))

        self.ana.presses(address("finish"))

        self.assertTrue(is_in(self.ana))
        self.assertEqual(Session.objects.count(), 1)

    def test_who_comes_back_later_signs_in_again_and_has_one_session_of_their_own(self):
        self.dies("finished")
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            self.assertEqual(self.ana.presses(address("finish"))["Location"], address("sign_in"))
            self.assertFalse(is_in(self.ana))
            self.ana.sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
            self.ana.presses(link_in(self.ana.reads_mail("ana@example.si")))
            self.assertTrue(is_in(self.ana))
        self.assertEqual(DemoMail.objects.count(), 2)
