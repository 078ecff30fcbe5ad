"""Mails go out by SMTP as their reader's language has them; only a final refusal gives them up."""

import json
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from mojplin.foundation import mail
from mojplin.foundation.files import kept_path
from mojplin.foundation.mail import Attachment, DemoMail, send_now
from mojplin.foundation.outbox.delivery import Undeliverable, drain
from mojplin.foundation.outbox.models import Message

TEMPLATE = "tests/greeting"
TEXTS = {
    "subject.txt": "{{ _('Smell of gas?') }}\n{{ name }}",
    "body.txt": "{% extends 'mail/layout.txt' %}{% block text %}{{ name }}{% endblock %}",
    "body.html": "{% extends 'mail/layout.html' %}{% block text %}<p>{{ name }}</p>{% endblock %}",
}


class Peer:
    """A mail server on this machine that takes mails or answers as told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.answer_to_rcpt = self.answer_to_data = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.answer_to_rcpt or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if not self.answer_to_data:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.to.append(envelope.rcpt_tos)
        return self.answer_to_data or "250 OK"


@pytest.fixture
def peer(settings, tmp_path: Path) -> Iterator[Peer]:
    folder = tmp_path / TEMPLATE
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    peer = Peer()
    server = Controller(peer, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.MAIL_GOES_TO_DEMO_MAILBOX = False
    settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield peer
    server.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def sent(*, to: str = "ana@example.si", name: str = "Ana <b>Č</b>", language: str = "sl") -> None:
    send_now(to=to, template=TEMPLATE, context={"name": name}, language=language, message_id="abc")


@pytest.mark.django_db
def test_a_file_goes_with_its_mail(peer, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "documents"}}
    }
    path = kept_path(b"%PDF-1.7 aneks", folder="annexes", suffix=".pdf")
    assert kept_path(b"%PDF-1.7 aneks", folder="annexes", suffix=".pdf") == path
    with transaction.atomic():
        message = mail.post(
            to="ana@example.si", template=TEMPLATE, context={"name": "Ana"}, language="sl",
            attachments=[Attachment(path=path, name="Aneks OGR-1.pdf")],
        )  # fmt: skip
    assert json.dumps(message.payload)
    drain()
    (received,) = peer.mails
    (file,) = received.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("Aneks OGR-1.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.7 aneks"


def test_a_mail_carries_both_forms_its_id_and_says_it_is_automatic(peer):
    sent()
    (received,) = peer.mails
    assert received["Subject"] == "Vonj po plinu? Ana <b>Č</b>"
    assert (received["Message-ID"], received["Auto-Submitted"]) == ("<abc@127.0.0.1>", "auto-generated")
    assert "Ana <b>Č</b>" in received.get_body(("plain",)).get_content()
    assert "Ana &lt;b&gt;Č&lt;/b&gt;" in received.get_body(("html",)).get_content()


def test_a_mail_is_written_in_the_language_of_its_reader(peer):
    sent(language="en")
    assert peer.mails[0]["Subject"].startswith("Smell of gas?")


@pytest.mark.parametrize("to", ["a@example.si\r\nBcc: b@example.si", "a@example.si,b@example.si"])
def test_one_address_stays_one_recipient(peer, to):
    with pytest.raises(Undeliverable):
        sent(to=to)
    assert peer.to == []


def test_a_line_break_in_a_subject_begins_no_header(peer):
    sent(name="Ana\r\nBcc: b@example.si")
    assert peer.mails[0]["Bcc"] is None and peer.to == [["ana@example.si"]]


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_final_refusal_gives_the_mail_up_and_a_passing_one_does_not(peer, step):
    setattr(peer, f"answer_to_{step}", "550 no such user")
    with pytest.raises(Undeliverable, match="550"):
        sent()
    setattr(peer, f"answer_to_{step}", "451 try later")
    with pytest.raises(Exception, match="451"):
        sent()


@pytest.mark.django_db
def test_a_mail_server_that_is_away_delays_mails_only(peer, settings):
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    message = mail.post(to="ana@example.si", template=TEMPLATE, context={"name": "Ana"}, language="sl")
    due = drain()
    message.refresh_from_db()
    assert message.state == Message.State.WAITING and "Refused" in message.last_error
    settings.EMAIL_PORT = working
    drain(lambda: due)
    assert [received["Message-ID"] for received in peer.mails] == [f"<{message.public_id}@127.0.0.1>"]


@pytest.mark.django_db
def test_a_demo_without_mail_server_keeps_the_mail_once(peer, settings):
    settings.MAIL_GOES_TO_DEMO_MAILBOX = True
    sent()
    sent()
    kept = DemoMail.objects.get()
    assert kept.to == "ana@example.si" and kept.subject.startswith("Vonj po plinu?") and "Ana" in kept.text


@pytest.mark.django_db
def test_a_message_for_the_erp_becomes_one_whole_file(settings, tmp_path):
    settings.ERP_OUTGOING_DIR = tmp_path / "outgoing"
    message = Message.post("erp.reading.submitted", value_m3="1260.000", note="števec")
    drain()
    (file,) = settings.ERP_OUTGOING_DIR.iterdir()
    assert file.name == f"{message.public_id}.json"
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "id": message.public_id,
        "topic": "erp.reading.submitted",
        "created_at": message.created_at.isoformat(),
        "payload": {"value_m3": "1260.000", "note": "števec"},
    }
