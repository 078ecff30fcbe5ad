"""My sign-ins: which browsers are in, ending one or all; how long a session lasts, and the tab that asks."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, PendingLogin, Session
from mojplin.domain.accounts.sessions import forget_ended_sessions
from tests.cast import Customer, Visitor
from tests.web.sign_in_case import SignInCase, address, is_in


class Devices(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.ana.is_signed_in()
        self.tablet = Visitor()
        self.tablet.browser.cookies[settings.SESSION_COOKIE_NAME] = self.ana.browser.cookies[
            settings.SESSION_COOKIE_NAME
        ].value
        self.ana.is_signed_in()

    def test_every_device_is_listed_and_this_one_is_marked(self):
        with self.assertNumQueries(3):
            self.ana.browser.get(address("devices"))
        page = self.ana.opens(address("devices"))
        self.assertContains(page, "ta naprava", count=1)
        self.assertContains(page, "Chrome, Linux", count=3)  # once more in the name of the button

    def test_one_is_ended_and_a_strangers_is_not(self):
        of_tablet = Session.objects.order_by("pk").first()
        Customer("Cilka").sends(address("devices"), {"session": of_tablet.public_id}, status=302)
        self.assertTrue(is_in(self.tablet))
        self.ana.sends(address("devices"), {"session": of_tablet.public_id}, status=302)
        self.assertFalse(is_in(self.tablet))
        self.assertTrue(is_in(self.ana))
        event = AccessEvent.objects.get()
        self.assertEqual((event.what, event.about), ("signed_out_device", of_tablet.device))

    def test_signing_out_everywhere_ends_the_others_and_what_waits_for_a_button(self):
        self.types_password(self.phone)
        self.ana.sends(address("end_sessions"), status=302)
        self.assertFalse(is_in(self.tablet))
        self.assertTrue(is_in(self.ana))
        self.assertEqual(PendingLogin.objects.get().state, "dead")
        self.assertEqual(AccessEvent.objects.get().what, "signed_out_everywhere")

    def test_the_eleventh_device_ends_the_one_used_longest_ago(self):
        for _each in range(9):
            self.later(seconds=1)
            self.ana.is_signed_in()
        self.assertEqual(Session.objects.filter(user=self.ana.user).count(), 10)
        self.assertFalse(is_in(self.tablet))


class Limits(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.ana.is_signed_in()

    def seconds_left(self) -> int:
        return self.ana.opens(address("session_state")).json()["seconds_left"]

    def test_a_tab_that_only_asks_does_not_stay_signed_in(self):
        for _look in range(6):
            self.later(minutes=10)
            left = self.seconds_left()
        self.assertEqual(left, 0)
        self.assertFalse(is_in(self.ana))

    def test_the_button_keeps_the_session_and_so_does_any_page(self):
        self.later(minutes=59)
        self.assertEqual(self.seconds_left(), 60)
        self.assertEqual(self.ana.opens(address("stay")).json(), {"seconds_left": 3600, "may_stay": True})
        self.later(minutes=59)
        self.assertTrue(is_in(self.ana))
        self.later(minutes=59)
        self.assertTrue(is_in(self.ana))

    def test_after_twelve_hours_one_signs_in_again_however_busy(self):
        for _half_hour in range(23):
            self.later(minutes=30)
            self.assertTrue(is_in(self.ana))
        self.later(minutes=29)
        state = self.ana.opens(address("stay")).json()
        self.assertEqual(state, {"seconds_left": 60, "may_stay": False})
        self.later(minutes=1)
        self.assertFalse(is_in(self.ana))

    def test_the_office_has_shorter_limits(self):
        nika = Customer("Nika", role="reader")
        self.later(minutes=29, seconds=59)
        self.assertTrue(is_in(nika))
        session = Session.objects.get(user=nika.user)
        session.created_at = timezone.now() - timedelta(hours=8)
        session.save()
        self.assertFalse(is_in(nika))

    def test_what_ran_out_a_month_ago_is_forgotten(self):
        self.later(days=29)
        forget_ended_sessions(timezone.now())
        self.assertEqual(Session.objects.count(), 1)
        self.later(days=2)
        forget_ended_sessions(timezone.now())
        self.assertEqual(Session.objects.count(), 0)

    def test_nobody_signed_in_has_no_time_left(self):
        self.assertEqual(self.phone.opens(address("session_state")).json(), {"seconds_left": 0, "may_stay": False})
