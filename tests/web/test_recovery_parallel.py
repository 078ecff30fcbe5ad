"""Many at once on a real database: one reset wins, one change of address is made, no try is lost."""

import json

from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from mojplin.domain.accounts.email_change import ask_to_change_email, confirm_change, undo_change
from mojplin.domain.accounts.models import AccessEvent, EmailChange, Passkey, PasswordReset, Session, User
from mojplin.domain.accounts.passkeys import MOST_KEYS, add_passkey, options_to_add
from mojplin.domain.accounts.password_change import change_password
from mojplin.domain.accounts.recovery import (
    TooManyProofs,
    WrongProof,
    ask_for_password,
    reset_of_link,
    reset_token,
    set_forgotten_password,
)
from mojplin.domain.accounts.sessions import SESSIONS_PER_USER, start_session
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation.limits import Counter
from mojplin.foundation.outbox.models import Message
from tests.authenticator import Authenticator
from tests.cast import PASSWORD, Customer
from tests.mailbox import mails_to
from tests.web.test_sign_in_parallel import at_once

HERE = Visit(ip="192.0.2.1", device="Chrome, Linux")


def password(n: int) -> str:
    return f"megla sablja oreh vitez {n}"


class ParallelPasskeys(TransactionTestCase):
    @override_settings(BASE_URL="http://127.0.0.1:8000")
    def test_of_many_keys_at_once_no_more_are_kept_than_may_be(self) -> None:
        ana, now = Customer("Ana", signed_in=False), timezone.now()
        secrets = [start_session(user=ana.user, device="x", ip=None, now=now) for _n in range(SESSIONS_PER_USER)]
        for n in range(MOST_KEYS - 1):
            Passkey.objects.create(
                user=ana.user, name=str(n), credential_id=f"AAA{n}", public_key=b"", sign_count=0, created_at=now
            )
        sessions = list(Session.objects.select_related("user"))
        keys = [Authenticator() for _secret in secrets]
        made = [
            key.makes(json.loads(options_to_add(session=session, now=now)))
            for key, session in zip(keys, sessions, strict=True)
        ]

        def adds(n: int) -> object:
            which = n % len(sessions)
            return add_passkey(name="x", credential=made[which], session=sessions[which], visit=HERE, now=now)

        at_once(adds)
        self.assertEqual(Passkey.objects.count(), MOST_KEYS)


class ParallelRecovery(TransactionTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana")
        self.now = timezone.now()

    def token(self) -> str:
        ask_for_password(identifier="ana", language="sl", ip=None, now=self.now)
        mails_to("ana@example.si")
        return reset_token(PasswordReset.objects.order_by("-pk").first().public_id)

    def test_twenty_uses_of_one_link_set_one_password(self):
        for _round in range(5):
            token = self.token()

            def use(n: int, token: str = token) -> object:
                set_forgotten_password(
                    reset=reset_of_link(token), proof="20418837", password=password(n), payer_numbers=["20418837"],
                    visit=HERE, now=self.now,
                )  # fmt: skip
                return n

            before = AccessEvent.objects.filter(what="password_reset").count()
            winners = [each for each in at_once(use) if isinstance(each, int)]

            self.assertEqual(len(winners), 1)
            self.assertTrue(User.objects.get().check_password(password(winners[0])))
            self.assertEqual(AccessEvent.objects.filter(what="password_reset").count(), before + 1)
            Counter.objects.all().delete()

    def test_guessing_twenty_numbers_at_once_is_five_tries(self):
        token = self.token()

        def guess(n: int) -> object:
            return set_forgotten_password(
                reset=reset_of_link(token), proof=f"2041{n:04}", password=password(n), payer_numbers=["20418837"],
                visit=HERE, now=self.now,
            )  # fmt: skip

        answers = at_once(guess)

        self.assertEqual((answers.count(WrongProof), answers.count(TooManyProofs)), (5, 15))

    def test_twenty_changes_of_the_password_at_once_are_one(self):
        session = self.ana.user.sessions.get()

        def change(n: int) -> object:
            change_password(
                current_password=PASSWORD, password=password(n), by=User.objects.get(), session=session,
                new_secret=f"secret {n}", visit=HERE, now=self.now,
            )  # fmt: skip
            return n

        winners = [each for each in at_once(lambda n: change(n) if n < 5 else None) if isinstance(each, int)]

        self.assertEqual(len(winners), 1)
        self.assertTrue(User.objects.get().check_password(password(winners[0])))

    def test_both_mailboxes_agreeing_twenty_times_change_the_address_once_and_undo_it_once(self):
        change = ask_to_change_email(email="nova@example.si", by=self.ana.user, visit=HERE, now=self.now)
        sides = ("old", "new")

        def agree(n: int) -> object:
            mine = EmailChange.objects.get(pk=change.pk)
            return confirm_change(change=mine, side=sides[n % 2], visit=HERE, now=self.now)

        at_once(agree)

        self.assertEqual(User.objects.get().email, "nova@example.si")
        self.assertEqual(Message.objects.filter(topic="email_changed").count(), 1)
        at_once(lambda _n: undo_change(change=EmailChange.objects.get(pk=change.pk), visit=HERE, now=self.now))
        self.assertEqual(User.objects.get().email, "ana@example.si")
        self.assertEqual(AccessEvent.objects.filter(what="email_change_undone").count(), 1)

    def test_asking_for_a_change_many_times_at_once_leaves_one_that_waits(self):
        at_once(lambda n: ask_to_change_email(email=f"nova{n}@example.si", by=self.ana.user, visit=HERE, now=self.now))
        self.assertEqual(EmailChange.objects.filter(state="waiting").count(), 1)
        self.assertEqual(EmailChange.objects.count(), 5)
