"""The worker sends sign-in mails: hashes first, a new pair for each try, never late, never to two."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from mojplin.domain.accounts.models import SignInToken
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import PASSWORD, Customer, moment

AT_TEN = moment(2026, 11, 23, 10)
WAITING = "/prijava/caka/"


class Server(EmailBackend):
    """The far end of the network: a mail server that fails with what a test puts here, then works."""

    faults: list[Exception] = []
    hashes_at_sending: list[int] = []

    def send_messages(self, letters) -> int:
        Server.hashes_at_sending.append(SignInToken.objects.count())
        if Server.faults:
            raise Server.faults.pop(0)
        return super().send_messages(letters)


@pytest.fixture
def ana(db, settings):
    settings.MAIL_GOES_TO_DEMO_MAILBOX = False
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.faults, Server.hashes_at_sending = [], []
    ana = Customer("Ana", signed_in=False)
    with time_machine.travel(AT_TEN, tick=False) as clock:
        ana.clock = clock
        ana.sends(reverse("web:sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        yield ana


def test_the_hashes_are_kept_before_the_mail_leaves(ana, mailoutbox):
    drain()
    assert Server.hashes_at_sending == [1]
    assert [letter.to for letter in mailoutbox] == [["ana@example.si"]]
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_server_that_is_away_delays_the_mail_and_the_page_says_so(ana, mailoutbox):
    Server.faults = [SMTPServerDisconnected("away"), TimeoutError()]
    drain()
    assert "Čakamo na poštni strežnik" in ana.opens(WAITING).content.decode()
    for _try in range(3):
        ana.clock.shift(timedelta(seconds=40))
        drain()
    assert len(mailoutbox) == 1
    assert SignInToken.objects.count() == 3
    assert SignInToken.objects.exclude(accepted_at=None).count() == 1
    assert "oddano ob 10.0" in ana.opens(WAITING).content.decode()


def test_a_server_that_stays_away_for_ten_minutes_gets_no_mail_at_all(ana, mailoutbox):
    Server.faults = [SMTPServerDisconnected("away")]
    drain()
    ana.clock.shift(timedelta(minutes=10))
    drain()
    assert mailoutbox == []
    assert Message.objects.get().state == "dead"


def test_an_address_that_is_refused_for_good_is_not_tried_again(ana, mailoutbox):
    Server.faults = [SMTPRecipientsRefused({"ana@example.si": (550, b"no such user")})]
    drain()
    assert Message.objects.get().state == "dead"
    assert mailoutbox == []


def test_what_no_longer_waits_is_not_mailed(ana, mailoutbox):
    ana.sends(reverse("web:sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
    drain()
    assert len(mailoutbox) == 1
