"""The worker sends sign-in mails: hashes first, a new pair for each try, never late, never to two."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from mojplin.domain.accounts.models import SignInToken
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import PASSWORD, Customer, Visitor, moment

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
    assert "Sporočilo pošiljamo" in ana.opens(WAITING).content.decode()
    for _try in range(3):
        ana.clock.shift(timedelta(seconds=40))
        drain()
    assert len(mailoutbox) == 1
    assert SignInToken.objects.count() == 3
    assert SignInToken.objects.exclude(accepted_at=None).count() == 1
    assert "oddano ob 10.0" in ana.opens(WAITING).content.decode()


@contextmanager
def a_server_that_never_greets() -> Iterator[int]:
    """Give the port of a server that takes the connection and then says nothing, as an overloaded one does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_hangs_in_the_middle_is_given_up_and_the_mail_tried_again(ana, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with a_server_that_never_greets() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.EMAIL_USE_SSL, settings.EMAIL_TIMEOUT = False, 0.3
        drain()
    assert Message.objects.get().state == "waiting"
    assert "Sporočilo pošiljamo" in ana.opens(WAITING).content.decode()
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    ana.clock.shift(timedelta(seconds=40))
    drain()
    assert [letter.to for letter in mailoutbox] == [["ana@example.si"]]


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


# What the waiting page says


def page_of(ana) -> str:
    return ana.opens(WAITING).content.decode()


@pytest.mark.parametrize("code", [550, 552, 554])
def test_the_waiting_page_says_that_the_address_was_refused_and_offers_to_send_again(ana, mailoutbox, code):
    Server.faults = [SMTPRecipientsRefused({"ana@example.si": (code, b"no")})]
    drain()
    page = page_of(ana)
    assert "Naše sporočilo je bilo zavrnjeno" in page and "an•••••@example.si" in page
    assert ana.browser.get("/prijava/stanje/?mail=queued&every=2")["HX-Redirect"] == WAITING

    ana.clock.shift(timedelta(seconds=61))
    ana.follows(ana.presses(reverse("web:resend")))
    drain()
    assert "oddano ob 10.01" in page_of(ana)
    assert len(mailoutbox) == 1


def test_a_mail_refused_after_its_text_was_sent_is_refused_as_well(ana):
    Server.faults = [SMTPDataError(554, b"spam")]
    drain()
    assert "Naše sporočilo je bilo zavrnjeno" in page_of(ana)


@pytest.mark.parametrize("code", [421, 451, 452])
def test_a_server_that_asks_to_come_later_is_asked_again(ana, mailoutbox, code):
    Server.faults = [SMTPDataError(code, b"later")]
    drain()
    assert "Sporočilo pošiljamo" in page_of(ana)
    ana.clock.shift(timedelta(seconds=13))
    drain()
    assert len(mailoutbox) == 1
    assert "oddano ob 10.00" in page_of(ana)


def test_after_a_minute_without_the_server_the_page_says_that_it_takes_longer(ana):
    Server.faults = [TimeoutError()] * 9
    for _try in range(3):
        drain()
        ana.clock.shift(timedelta(seconds=30))
    assert "Pošiljanje danes traja dlje" in page_of(ana)


def test_three_minutes_after_sending_the_page_says_where_to_look_and_opens_the_code(ana):
    drain()
    ana.clock.shift(timedelta(minutes=2, seconds=59))
    assert "vsiljeno pošto ali" not in page_of(ana)
    ana.clock.shift(timedelta(seconds=1))
    page = page_of(ana)
    assert "vsiljeno pošto ali" in page and page.count('<details class="more" open>') == 2


def test_an_expired_mail_is_one_button_until_three_were_sent(ana):
    for _mail in range(2):
        drain()
        ana.clock.shift(timedelta(minutes=10))
        assert "gesla vam ni treba znova vpisovati" in page_of(ana)
        ana.follows(ana.presses(reverse("web:resend")))
    assert "Sporočilo pošiljamo" in page_of(ana)
    ana.clock.shift(timedelta(minutes=10) - timedelta(seconds=1))
    assert "Pošiljanje danes traja dlje" in page_of(ana)


def test_the_waiting_tab_asks_every_two_seconds_for_a_minute_and_then_every_five(ana):
    drain()
    ask = "/prijava/stanje/?mail=sent&every="
    assert 'hx-trigger="every 2s"' in page_of(ana)
    assert ana.browser.get(ask + "2").status_code == 204
    ana.clock.shift(timedelta(seconds=60))
    slower = ana.browser.get(ask + "2").content.decode()
    assert 'hx-trigger="every 5s"' in slower and "Čakamo na vašo potrditev" not in slower
    assert ana.browser.get(ask + "5").status_code == 204
    ana.clock.shift(timedelta(minutes=2))
    told = ana.browser.get(ask + "5").content.decode()
    assert 'hx-swap-oob="innerHTML"' in told and "vsiljeno pošto" in told


def test_mails_that_are_sent_again_count_towards_five_in_an_hour(ana):
    others = [Visitor(), Visitor()]
    for visitor in others:
        visitor.sends(reverse("web:sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
    ana.clock.shift(timedelta(seconds=61))
    for visitor in (ana, others[0]):
        assert visitor.presses(reverse("web:resend")).status_code == 302
    assert "preveč sporočil" in others[1].presses(reverse("web:resend")).content.decode()
