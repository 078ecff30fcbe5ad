"""A confirmation that no law requires is stopped by one click, as reminders are (RFC 8058)."""

import re
from datetime import date
from urllib.parse import urlsplit

import time_machine
from django.core import mail as sent_mail
from django.test import Client, override_settings

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import PortalTestCase, moment

EVENING = moment(2026, 11, 26, 18, 47)


class Confirmations(PortalTestCase):
    def setUp(self):
        self.enterContext(time_machine.travel(EVENING, tick=False))
        self.given_cast()
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="4260", value_to_m3="4312"
        )
        self.tank = self.given_supply_point(self.anas_payer, "1042-9", kind="bulk", tank_capacity_l=2700)
        self.given_link(self.ana, self.anas_payer, self.tank, name="Vikend")

    def sends_reading(self):
        self.ana.sends(f"/stanje/?place={self.anas_house.public_id}", {"typed": "4399"}, status=302)

    def sends_gauge(self):
        self.ana.sends(f"/stanje/plinohram/?place={self.tank.public_id}", {"typed": "45"}, status=302)

    def writes_to_support(self):
        self.ana.sends("/podpora/", {"topic": "other", "place": "", "message": "Živjo"}, status=302)

    def received(self):
        """Send what waits as real mails, and return the newest one for Ana."""
        with override_settings(
            MAIL_GOES_TO_DEMO_MAILBOX=False, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"
        ):
            drain()
        return [each for each in sent_mail.outbox if each.to == ["ana@example.si"]][-1]

    def test_each_is_stopped_by_one_post_of_the_mail_program(self):
        for acts, topic in (
            (self.sends_reading, "reading_received"),
            (self.sends_gauge, "reading_received"),
            (self.writes_to_support, "enquiry_received"),
        ):
            with self.subTest(acts.__name__):
                NoticeChoice.objects.all().delete()
                acts()
                mail = self.received()
                headers = mail.message()
                assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
                address = re.fullmatch("<(.+)>", "".join(headers["List-Unsubscribe"].split()))[1]
                assert address in mail.body and address in mail.alternatives[0].content
                assert Client().post(urlsplit(address).path, {"List-Unsubscribe": "One-Click"}).status_code == 200
                assert list(NoticeChoice.objects.values_list("user", "topic", "is_wanted")) == [
                    (self.ana.user.pk, topic, False)
                ]
                sent = len(sent_mail.outbox)
                acts()
                drain()
                assert "ana@example.si" not in [to for each in sent_mail.outbox[sent:] for to in each.to]

    def test_the_outbox_names_reader_and_kind_and_keeps_no_link(self):
        self.sends_reading()
        kept = Message.objects.get(topic="mail").payload
        assert kept["stop"] == [self.ana.user.pk, ["reading_received"]] and "odjava" not in str(kept)
