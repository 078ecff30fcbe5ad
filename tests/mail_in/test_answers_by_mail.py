"""A customer answers the office's mail: into the conversation, once, and never by anybody without its address."""

import io
import sys
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail as sent_mails
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import override_settings
from PIL import Image

from mojplin.domain.support import office
from mojplin.domain.support.by_mail import mails_since
from mojplin.domain.support.models import Attachment, Enquiry
from mojplin.domain.support.reply_address import reply_address
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from mojplin.interfaces.mail.management.commands.take_mail import TRY_LATER, take
from tests.cast import Customer, PortalTestCase, moment
from tests.mail_in.letters_written import GMAIL, answer, with_file
from tests.mailbox import mails_to

MONDAY = moment(2026, 11, 23, 10)
PDF = b"%PDF-1.4\n...\n%%EOF"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "orange").save(written, "PNG")
    return written.getvalue()


@override_settings(SUPPORT_REPLY_EMAIL="odgovori@example.si")
class AnswersByMail(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(MONDAY, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.nika = Customer("Nika", role="clerk", signed_in=False)
        self.enquiry = self.given_enquiry(self.ana, "Zakaj pavšalno?", promised_on=date(2026, 11, 24))
        self.address = reply_address(self.enquiry)

    def comes(self, mail: EmailMessage | bytes) -> str:
        return take(mail if isinstance(mail, bytes) else mail.as_bytes()).value

    def said(self) -> list[str]:
        return list(self.enquiry.entries.order_by("pk").values_list("text", flat=True))[1:]

    def told(self) -> list[str]:
        return [mail.subject for mail in mails_to("ana@example.si", now=MONDAY)]

    @override_settings(MAIL_GOES_TO_DEMO_MAILBOX=False, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
    def test_the_offices_answer_says_where_to_answer_and_the_answer_arrives_there(self):
        office.answer(enquiry=self.enquiry.pk, text="Ker stanja ni bilo.", by=self.nika.user, now=MONDAY)
        drain(lambda: MONDAY)
        (ours,) = [each for each in sent_mails.outbox if each.to == ["ana@example.si"]]
        assert self.comes(answer(ours.reply_to[0], GMAIL)) == "taken"
        assert self.said() == ["Ker stanja ni bilo.", "Hvala, zdaj razumem."]
        self.enquiry.refresh_from_db()
        assert (self.enquiry.state, self.enquiry.promised_on) == ("sent", date(2026, 11, 24))
        html = self.ana.opens(f"/podpora/{self.enquiry.public_id}/").content.decode()
        assert "Hvala, zdaj razumem." in html and "po e-pošti" in html

    def test_the_same_mail_twice_is_one_answer_and_another_is_another(self):
        outcomes = [self.comes(answer(self.address)) for _each in range(2)]
        outcomes.append(self.comes(answer(self.address, "Še to.", message_id="<2@mail.example.com>")))
        assert outcomes == ["taken", "again", "taken"]
        assert self.said() == ["Hvala, zdaj razumem.", "Še to."]
        assert mails_since(MONDAY.date()) == {"taken": 2, "again": 1}

    def test_a_mail_without_an_identity_is_known_by_its_content(self):
        mail = answer(self.address)
        del mail["Message-ID"]
        assert [self.comes(mail), self.comes(mail)] == ["taken", "again"]

    def test_who_has_not_the_address_is_answered_by_nobody(self):
        wrong = self.address.replace("+", "+9")
        for to in (wrong, self.address[:-14] + "0@example.si", "odgovori@example.si", "podpora@example.si"):
            assert self.comes(answer(to)) == "unknown"
        self.ana.user.is_active = False
        self.ana.user.save()
        assert self.comes(answer(self.address)) == "unknown"
        assert self.said() == [] and not Message.objects.exists()
        assert mails_since(MONDAY.date()) == {"unknown": 5}

    def test_what_a_machine_answers_is_not_taken_and_not_answered(self):
        for header in ({"Auto_Submitted": "auto-replied"}, {"Return_Path": "<>"}):
            assert self.comes(answer(self.address, **header)) == "automatic"
        assert self.said() == [] and self.told() == []

    def test_another_sender_is_marked_for_the_office_and_on_the_page(self):
        assert self.comes(answer(self.address, sender="mama@example.org")) == "taken"
        assert self.comes(answer(self.address, sender="ANA@example.si", message_id="<2@x>")) == "taken"
        assert list(self.enquiry.entries.order_by("pk").values_list("came_from", flat=True))[1:] == [
            "mama@example.org",
            "",
        ]
        to_office = mails_to("podpora@example.si", now=MONDAY)[-1]
        assert "z drugega naslova, mama@example.org" in to_office.text
        assert "mama@example.org" in self.ana.opens(f"/podpora/{self.enquiry.public_id}/").content.decode()

    def test_files_get_in_by_the_rules_of_uploads_and_what_does_not_is_named(self):
        mail = with_file(answer(self.address), picture(), "stevec.png")
        mail = with_file(with_file(mail, PDF, "racun.pdf"), b"MZ program", "igra.jpg")
        assert self.comes(mail) == "in_part"
        kept = Attachment.objects.order_by("pk").values_list("name", "media_type")
        assert list(kept) == [("stevec.jpg", "image/jpeg"), ("racun.pdf", "application/pdf")]
        (told,) = mails_to("ana@example.si", now=MONDAY)
        assert told.subject == f"Del vašega e-sporočila k {self.enquiry.number} manjka" and "igra.jpg" in told.text

    def test_a_fourth_file_and_the_end_of_a_very_long_text_are_left_out_and_told(self):
        mail = answer(self.address, "beseda " * 1000)
        for number in range(4):
            with_file(mail, PDF, f"{number}.pdf")
        assert self.comes(mail) == "in_part"
        assert (len(self.said()[0]), Attachment.objects.count()) == (5000, 3)
        assert "3.pdf" in mails_to("ana@example.si", now=MONDAY)[0].text

    def test_an_answer_without_new_words_or_after_long_is_told_to_the_account_once_a_day(self):
        empty = answer(self.address, "> vse je navedeno", sender="tuj@example.org")
        assert [self.comes(empty), self.comes(empty)] == ["empty", "empty"]
        assert self.told() == [f"Vaše e-sporočilo k {self.enquiry.number} ni prispelo v pogovor"]
        Enquiry.objects.update(state="closed", closed_at=MONDAY - timedelta(days=91))
        assert self.comes(answer(self.address)) == "closed"
        assert self.said() == [] and len(self.told()) == 1
        assert mails_to("tuj@example.org", now=MONDAY) == []

    def test_two_machines_stop_talking_after_twenty(self):
        outcomes = [self.comes(answer(self.address, message_id=f"<{n}@x>")) for n in range(22)]
        assert outcomes == ["taken"] * 20 + ["too_many"] * 2
        assert len(self.told()) == 1

    def test_a_mail_that_is_too_large_is_told(self):
        assert self.comes(answer(self.address).as_bytes() + b"x" * (45 * 1024 * 1024)) == "too_large"
        assert "prevelik" in mails_to("ana@example.si", now=MONDAY)[0].text

    def test_a_folder_of_mails_is_taken_once_and_nothing_is_deleted(self):
        with TemporaryDirectory() as folder:
            for name in ("new", "cur"):
                (Path(folder) / name).mkdir()
            (Path(folder) / "new" / "1.host").write_bytes(answer(self.address).as_bytes())
            with override_settings(ANSWERS_MAILBOX=f"maildir:{folder}"):
                for _each in range(2):
                    call_command("take_mail", "--mailbox", stdout=io.StringIO())
            assert [each.name for each in (Path(folder) / "cur").iterdir()] == ["1.host:2,S"]
        assert self.said() == ["Hvala, zdaj razumem."]

    def test_a_mail_whose_sender_is_brackets_within_brackets_does_not_keep_the_others_waiting(self):
        endless = answer(self.address).as_bytes().replace(b"From: Ana Novak", b"From: " + b"(" * 10_000)
        with TemporaryDirectory() as folder:
            for name in ("new", "cur"):
                (Path(folder) / name).mkdir()
            (Path(folder) / "new" / "1.host").write_bytes(endless)
            (Path(folder) / "new" / "2.host").write_bytes(answer(self.address).as_bytes())
            with override_settings(ANSWERS_MAILBOX=f"maildir:{folder}"):
                call_command("take_mail", "--mailbox", stdout=io.StringIO())
            assert not list((Path(folder) / "new").iterdir())
        assert self.said() == ["Hvala, zdaj razumem."]

    def test_a_mailbox_is_read_by_imap_and_its_mails_marked_as_read(self):
        box = FakeImap([answer(self.address).as_bytes()])
        with (
            override_settings(ANSWERS_MAILBOX="imaps://odgovori%40example.si:a%2Fb@posta.example.si/Odgovori"),
            patch("imaplib.IMAP4_SSL", lambda host, port, **_more: box),
        ):
            call_command("take_mail", "--mailbox", stdout=io.StringIO())
        assert box.done == [("odgovori@example.si", "a/b"), '"Odgovori"', ("1", "+FLAGS", "(\\Seen)")]
        assert self.said() == ["Hvala, zdaj razumem."]

    def test_when_the_database_or_the_mailbox_is_away_the_mail_server_tries_later(self):
        stdin = SimpleNamespace(buffer=io.BytesIO(answer(self.address).as_bytes()))
        away = patch("mojplin.interfaces.mail.management.commands.take_mail.take", side_effect=OperationalError("away"))
        with away, patch.object(sys, "stdin", stdin), pytest.raises(CommandError) as later:
            call_command("take_mail")
        assert later.value.returncode == TRY_LATER
        with override_settings(ANSWERS_MAILBOX="maildir:/nowhere"), pytest.raises(CommandError) as later:
            call_command("take_mail", "--mailbox")
        assert later.value.returncode == TRY_LATER


class FakeImap:
    """A mailbox with these mails unread, as `imaplib` speaks of it."""

    def __init__(self, mails: list[bytes]) -> None:
        self.mails, self.done = mails, []

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        return None

    def login(self, user, password):
        self.done.append((user, password))

    def select(self, folder):
        self.done.append(folder)
        return "OK", [b"1"]

    def search(self, _charset, _what):
        return "OK", [b" ".join(b"%d" % (n + 1) for n in range(len(self.mails)))]

    def fetch(self, number, _what):
        return "OK", [(b"1 (BODY[] {9}", self.mails[int(number) - 1]), b")"]

    def store(self, *what):
        self.done.append(what)
        return "OK", []
