"""Guessing stops: pauses that double, a count of its own for a known browser, networks, and the site as a whole."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from mojplin.domain.accounts.lockout import SITE, site_failures
from mojplin.domain.accounts.models import KnownDevice, Lockout
from mojplin.domain.accounts.sign_in_health import forget_old_sign_ins
from mojplin.foundation import limits
from mojplin.foundation.limits import Counter
from tests.cast import PASSWORD, Customer, Visitor
from tests.web.sign_in_case import AT_TEN, SignInCase, address

PAUSED = "Poskusov je bilo preveč. Poskusite znova ob"


class CountingHasher(MD5PasswordHasher):
    """The fast hash of the tests, which counts how often it works."""

    hashes = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashes += 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"])
class Lockouts(SignInCase):
    def guesses(self, times: int, *, visitor: Visitor | None = None, identifier: str = "ana"):
        """Type wrong passwords, each from another network, and return the last page."""
        for n in range(times):
            page = self.types_from(f"198.51.100.{n}", visitor or self.phone, "napačno", identifier=identifier)
        return page

    def types_from(self, ip: str, visitor: Visitor, password: str = PASSWORD, *, identifier: str = "ana"):
        fields = {"identifier": identifier, "password": password}
        return visitor.inspected(visitor.browser.post(address("sign_in"), fields, REMOTE_ADDR=ip), None)

    def signs_in(self) -> None:
        """Ana signs in the whole way, so that her browser is known."""
        self.types_password(self.ana)
        self.ana.presses(self.mailed_link())
        self.ana.presses(address("sign_out"))

    # One account

    def test_the_fifth_wrong_password_begins_a_pause_of_a_quarter_of_an_hour(self):
        self.assertContains(self.guesses(4), "geslo se ne ujemata")
        self.assertContains(self.guesses(1), f"{PAUSED} 10.15")
        self.later(minutes=14, seconds=59)
        self.assertContains(self.types_password(self.phone), f"{PAUSED} 10.15")
        self.later(seconds=1)
        self.assertEqual(self.types_password(self.phone).status_code, 302)

    def test_each_pause_is_twice_as_long_up_to_four_hours(self):
        pauses = []
        for _round in range(6):
            self.guesses(5)
            lockout = Lockout.objects.get()
            began = lockout.first_at
            pauses.append((lockout.paused_until - began) / timedelta(minutes=1))
            self.traveller.move_to(lockout.paused_until)
        self.assertEqual(pauses, [15, 30, 60, 120, 240, 240])

    def test_a_day_after_a_pause_the_next_one_is_short_again(self):
        for _round in range(2):
            self.guesses(5)
            self.traveller.move_to(Lockout.objects.get().paused_until)
        self.later(days=1)
        self.guesses(5)
        lockout = Lockout.objects.get()
        self.assertEqual(lockout.paused_until - lockout.first_at, timedelta(minutes=15))

    def test_four_wrong_ones_are_forgotten_after_a_quarter_of_an_hour(self):
        self.guesses(4)
        self.later(minutes=15)
        self.assertContains(self.guesses(4), "geslo se ne ujemata")

    def test_a_name_nobody_has_is_paused_just_the_same(self):
        for identifier in ("ana", "nobody"):
            with self.subTest(identifier):
                self.assertContains(self.guesses(4, identifier=identifier), "geslo se ne ujemata")
                self.assertContains(self.guesses(1, identifier=identifier), f"{PAUSED} 10.15")
                self.assertContains(self.guesses(1, identifier=identifier), f"{PAUSED} 10.15")

    def test_a_right_password_takes_only_itself_back_from_the_count_of_unknown_browsers(self):
        self.guesses(4)
        self.assertEqual(self.types_password(self.ana).status_code, 302)
        self.assertContains(self.guesses(1), PAUSED)

    # The known browser

    def test_a_stranger_who_guesses_cannot_lock_the_customer_out(self):
        self.signs_in()
        self.assertContains(self.guesses(5), PAUSED)
        self.assertContains(self.types_password(Visitor()), PAUSED)
        self.assertEqual(self.types_password(self.ana).status_code, 302)

    def test_a_known_browser_has_ten_tries_and_its_own_pause(self):
        self.signs_in()
        self.assertContains(self.guesses(9, visitor=self.ana), "geslo se ne ujemata")
        self.assertContains(self.guesses(1, visitor=self.ana), f"{PAUSED} 10.15")
        self.assertContains(self.types_password(self.ana), PAUSED)
        self.assertEqual(self.types_password(Visitor()).status_code, 302)

    def test_a_right_password_clears_the_count_of_its_own_known_browser_alone(self):
        self.signs_in()
        self.guesses(4)
        self.guesses(9, visitor=self.ana)
        self.types_password(self.ana)
        self.assertContains(self.guesses(9, visitor=self.ana), "geslo se ne ujemata")
        self.assertContains(self.guesses(1), PAUSED)

    def test_a_browser_known_to_one_user_is_unknown_to_another(self):
        self.signs_in()
        Customer("Cilka", signed_in=False)
        self.assertContains(self.guesses(5, visitor=self.ana, identifier="cilka"), PAUSED)

    def test_a_browser_not_used_for_half_a_year_is_unknown_again(self):
        self.signs_in()
        self.later(days=181)
        self.assertContains(self.guesses(5, visitor=self.ana), PAUSED)

    # Networks

    def test_a_network_has_thirty_tries_in_a_quarter_and_a_right_password_does_not_clear_them(self):
        for n in range(29):
            self.types_from("192.0.2.7", self.phone, "napačno", identifier=f"nobody{n}")
        self.assertEqual(self.types_from("192.0.2.7", self.ana).status_code, 302)
        self.types_from("192.0.2.7", self.phone, "napačno", identifier="nobody29")
        self.assertContains(self.types_from("192.0.2.7", self.ana), f"{PAUSED} 10.15")
        self.assertEqual(self.types_from("192.0.2.8", self.ana).status_code, 302)

    def test_a_network_has_two_hundred_tries_a_day(self):
        for n in range(200):
            if n % 30 == 0:
                self.later(minutes=15)
            self.types_from("192.0.2.7", self.phone, "napačno", identifier=f"nobody{n}")
        self.later(minutes=15)
        self.assertContains(self.types_from("192.0.2.7", self.ana), "Poskusite znova ob 1.00")

    def test_all_addresses_of_a_64_are_one_network(self):
        for n in range(30):
            self.types_from(f"2001:db8:1:2::{n:x}", self.phone, "napačno", identifier=f"nobody{n}")
        self.assertContains(self.types_from("2001:db8:1:2:ffff::1", self.ana), PAUSED)
        self.assertEqual(self.types_from("2001:db8:1:3::1", self.ana).status_code, 302)

    def test_who_is_stopped_by_their_network_no_longer_counts_against_the_account(self):
        for n in range(30):
            self.types_from("192.0.2.7", self.phone, "napačno", identifier=f"nobody{n}")
        for _try in range(9):
            self.types_from("192.0.2.7", self.phone, "napačno")
        self.assertEqual(self.types_password(self.ana).status_code, 302)

    # The whole site

    def given_failures(self, count: int, *, hours_ago: int) -> None:
        start = limits.window_start(timedelta(hours=1), AT_TEN - timedelta(hours=hours_ago))
        Counter.objects.create(key=SITE, window_start=start, count=count)

    def test_five_times_the_failures_of_the_week_are_an_alarm_and_pauses_are_twice_as_long(self):
        for hours_ago in range(2, 170):
            self.given_failures(10, hours_ago=hours_ago)
        self.assertEqual(site_failures(AT_TEN).usual_per_hour, 10)
        self.given_failures(49, hours_ago=0)
        with self.assertNoLogs("mojplin.domain.accounts.lockout", "ERROR"):
            self.guesses(1)
        self.assertFalse(site_failures(AT_TEN).is_attack)
        with self.assertLogs("mojplin.domain.accounts.lockout", "ERROR") as said:
            self.guesses(4)
        self.assertEqual(len(said.output), 1)
        self.assertIn("sign_in_failures_high", said.output[0])
        self.assertContains(self.types_password(self.phone), f"{PAUSED} 10.30")

    def test_a_few_wrong_passwords_after_a_quiet_week_are_no_attack(self):
        self.given_failures(24, hours_ago=0)
        with self.assertNoLogs("mojplin.domain.accounts.lockout", "ERROR"):
            self.assertContains(self.guesses(5), f"{PAUSED} 10.15")

    def test_an_attack_counts_until_the_end_of_the_next_hour(self):
        self.given_failures(100, hours_ago=1)
        self.assertTrue(site_failures(AT_TEN).is_attack)
        self.assertFalse(site_failures(AT_TEN + timedelta(hours=1)).is_attack)

    # What stays and what it costs

    def test_lockouts_and_browsers_are_forgotten_when_their_time_is_over(self):
        self.signs_in()
        self.guesses(5)
        forget_old_sign_ins(AT_TEN + timedelta(hours=24))
        self.assertEqual((Lockout.objects.count(), KnownDevice.objects.count()), (1, 1))
        forget_old_sign_ins(AT_TEN + timedelta(hours=24, minutes=16))
        self.assertEqual((Lockout.objects.count(), KnownDevice.objects.count()), (0, 1))
        forget_old_sign_ins(AT_TEN + timedelta(days=181))
        self.assertFalse(KnownDevice.objects.exists())

    def test_a_wrong_user_and_a_wrong_password_cost_the_same_statements_and_one_hash(self):
        Customer("Bojan", signed_in=False)
        costs = []
        for identifier in ("ana", "bojan", "nobody"):
            visitor = Visitor()
            visitor.browser.cookies[settings.DEVICE_COOKIE_NAME] = "some browser"
            CountingHasher.hashes = 0
            with CaptureQueriesContext(connection) as asked:
                self.types_from("192.0.2.7", visitor, "napačno", identifier=identifier)
            costs.append((CountingHasher.hashes, [query["sql"].split()[0] for query in asked]))
        self.assertEqual(costs[1], costs[2])
        self.assertEqual(costs[1][0], 1)
        self.assertEqual(len(costs[0][1]), len(costs[1][1]))
