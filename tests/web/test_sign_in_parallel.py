"""Many at once on a real database: one confirmation wins, one session is born, no count is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from mojplin.domain.accounts.confirmation import WrongNumber, approve_by_number
from mojplin.domain.accounts.lockout import TooManyFailures
from mojplin.domain.accounts.models import KnownDevice, Lockout, PendingLogin, Session, User
from mojplin.domain.accounts.sign_in import Visit, WrongCredentials, begin_sign_in, finish_sign_in, proven_user
from mojplin.foundation.errors import Refused
from mojplin.foundation.limits import Counter
from tests.cast import PASSWORD, Customer, Visitor
from tests.mailbox import link_in, newest_mail_to

AT_ONCE, ROUNDS = 20, 5
HERE = Visit(ip="192.0.2.1", device="Chrome, Linux")


def at_once(act: Callable[[int], object]) -> list[object]:
    """Run the act in twenty threads, each with its own connection, and return what came of each."""

    def in_thread(n: int) -> object:
        try:
            return act(n)
        except Refused as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(in_thread, range(AT_ONCE)))


class ParallelSignIn(TransactionTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana", signed_in=False)

    def begun(self) -> tuple[PendingLogin, str]:
        return begin_sign_in(
            identifier="ana", password=PASSWORD, form_secret="form", former_secret="", visit=HERE, next_path="",
            now=timezone.now(),
        )  # fmt: skip

    def test_twenty_confirmations_of_one_link_make_one_session(self):
        for round_ in range(ROUNDS):
            self.press_at_once(round_, lambda _n, link: link)

    def test_both_tabs_at_once_make_one_session(self):
        for round_ in range(ROUNDS):
            self.press_at_once(round_, lambda n, link: link if n % 2 else reverse("web:finish"))

    def press_at_once(self, round_: int, address: Callable[[int, str], str]) -> None:
        """Begin a sign-in, press twenty buttons of its browser at once, and count what came of it."""
        for model in (Session, PendingLogin, KnownDevice, Counter):
            model.objects.all().delete()
        self.ana.browser.cookies.clear()
        self.ana.sends(reverse("web:sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        link = link_in(newest_mail_to("ana@example.si"))
        cookie = self.ana.browser.cookies[settings.SIGN_IN_COOKIE_NAME].value

        def press(n: int) -> object:
            visitor = Visitor()
            visitor.browser.cookies[settings.SIGN_IN_COOKIE_NAME] = cookie
            answer = visitor.browser.post(address(n, link))
            cookies = (settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)
            return tuple(answer.cookies[name].value for name in cookies if name in answer.cookies)

        secrets = set(at_once(press)) - {()}

        self.assertEqual(len(secrets), 1, f"round {round_}")
        self.assertEqual((Session.objects.count(), PendingLogin.objects.get().state), (1, "used"))

    def test_twenty_finishes_give_the_same_session(self):
        pending, secret = self.begun()
        PendingLogin.objects.update(state="approved")

        def finish(_n: int) -> object:
            mine = PendingLogin.objects.get(pk=pending.pk)
            done = finish_sign_in(pending=mine, browser_secret=secret, visit=HERE, now=timezone.now())
            return done.session_secret

        self.assertEqual(len(set(at_once(finish))), 1)
        self.assertEqual(Session.objects.count(), 1)

    def test_twenty_clicks_on_the_password_make_one_sign_in(self):
        secrets = at_once(lambda _n: self.begun()[1] if _n < 4 else None)
        self.assertEqual(len(set(secrets) - {None}), 1)
        self.assertEqual(PendingLogin.objects.count(), 1)
        self.assertTrue(User.objects.exists())

    def test_guessing_twenty_numbers_at_once_is_three_tries(self):
        pending, _secret = self.begun()
        wrong = [f"{n}" for n in range(10, 100) if f"{n}" != pending.number]

        def guess(n: int) -> object:
            mine = PendingLogin.objects.get(pk=pending.pk)
            return approve_by_number(pending=mine, number=wrong[n], now=timezone.now())

        answers = at_once(guess)

        pending.refresh_from_db()
        self.assertEqual((pending.state, pending.wrong_numbers), ("dead", 3))
        self.assertEqual(answers.count(WrongNumber), 2)

    def test_guessing_twenty_passwords_at_once_is_five_tries_and_one_pause(self):
        now = timezone.now()

        answers = at_once(lambda _n: proven_user(identifier="ana", password="napačno", visit=HERE, now=now))

        lockout = Lockout.objects.get()
        self.assertLessEqual(answers.count(WrongCredentials), 4)
        self.assertEqual(set(answers) - {WrongCredentials}, {TooManyFailures})
        self.assertEqual((lockout.pauses, lockout.paused_until), (1, now + timedelta(minutes=15)))
