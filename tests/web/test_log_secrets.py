"""The log of a whole journey, down to its smallest lines, holds nothing that a reader of logs must not know."""

import json
import re
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import time_machine
from django.utils import timezone

from mojplin.domain.accounts.models import DataExport, User
from mojplin.domain.accounts.publishing import publish_first_terms
from mojplin.domain.linking.models import Invitation, Link
from mojplin.domain.linking.reading_links import reading_link_token
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.unsubscribing import Stop, stop_url
from tests.cast import PortalTestCase, Visitor, moment
from tests.logbook import log_kept
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import address, is_in

AT_TEN = moment(2026, 11, 23, 10)
EMAIL, GUEST, CONTACT = "kanarcek@example.si", "gost.kanarcka@example.com", "placnik.kanarcek@example.si"
PASSWORD, WRONG, NEW = "konj pipa zid oblak", "napacno geslo kanarcka", "megla sablja oreh vitez"
AMOUNTS = ("7391.57", "7391,57", "7.391,57", "7,391.57")
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


class SignedLinks(PortalTestCase):
    """Links that are signed and not stored have colons in them; whoever reads the log could open them."""

    def test_none_stands_in_the_log_whole_or_in_part(self):
        links = [
            address("read_by_link", reading_link_token(12_345, AT_TEN.date())),
            urlsplit(stop_url(Stop(12_345, ["order_step"]))).path,
        ]
        with log_kept("DEBUG") as log:
            for link in links:
                Visitor().browser.get(f"{link}x/")
                Visitor().browser.put(link)
        events = [json.loads(line)["event"] for line in log.getvalue().splitlines()]
        self.assertEqual(len([event for event in events if "/***/" in event]), 4)
        parts = [part for link in links for part in link.split("/")[-2].split(":")]
        self.assertEqual([part for part in parts if any(part in event for event in events)], [])


class LogOfAJourney(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(self.settings(EXPORT_DIR=Path(folder.name)))
        publish_first_terms(today=AT_TEN.date(), now=AT_TEN)
        self.payer = self.given_payer("20420001", name="Kanarček Žolna", serial=7, email=CONTACT)
        self.point = self.given_supply_point(self.payer, "1043-0001", recipient_number="20420009")
        self.given_document(
            self.payer, self.point, "26-9", external_number="ZD-2026-9", amount_eur=AMOUNTS[0], issued_on=AT_TEN.date()
        )
        self.neza, self.somebody = Visitor(), Visitor()
        self.log = self.enterContext(log_kept("DEBUG"))

    def test_no_secret_stands_in_any_line(self):
        self.registers()
        self.signs_in()
        self.links()
        self.shares()
        self.takes_her_data()
        self.forgets_the_password()
        self.somebody_tries_every_link_again()

        lines = self.log.getvalue()
        self.assertEqual([secret for secret in self.secrets() if secret.casefold() in lines.casefold()], [])
        events = [json.loads(line) for line in lines.splitlines()]
        self.assertTrue([event for event in events if "/***/" in event["event"]])

    def mailed_link(self, to: str, subject: str) -> str:
        return link_in(next(mail for mail in mails_to(to) if subject in mail.subject))

    def registers(self) -> None:
        self.neza.sends(address("register"), {"email": EMAIL}, status=302)
        link = self.mailed_link(EMAIL, "Potrdite e-naslov")
        form = {"username": "Kanarka", "password": PASSWORD, "terms": "on", "terms_version": "1"}
        self.neza.sends(link, form | {"password": "kratko"}, status=200)
        self.neza.sends(link, form, status=302)

    def signs_in(self) -> None:
        self.neza.sends(address("sign_in"), {"identifier": EMAIL, "password": WRONG}, status=200)
        self.neza.sends(address("sign_in"), {"identifier": EMAIL, "password": PASSWORD}, status=302)
        self.neza.sends(address("enter_code"), {"code": "ZZZZ-ZZZZ"})
        self.neza.presses(self.mailed_link(EMAIL, "Potrdite prijavo"))
        self.assertTrue(is_in(self.neza))

    def links(self) -> None:
        User.objects.update(registered_at=timezone.now() - timedelta(days=2))
        numbers = {"tax_number": self.payer.tax_number, "payer_number": "20420001", "document_number": "ZD-2026-9"}
        self.neza.sends(address("link"), numbers | {"document_number": "ZD-0", "name": "Dom"}, status=200)
        self.neza.sends(address("link"), numbers | {"name": "Dom"}, status=302)
        self.assertIn(AMOUNTS[2], self.neza.opens(address("documents")).content.decode())
        self.neza.opens(self.mailed_link(CONTACT, "povezano odjemno mesto"))

    def shares(self) -> None:
        form = {"email": GUEST, "role": "see", "last_on": ""}
        self.neza.sends(address("sharing", self.point.public_id), form, status=302)
        self.assertEqual(Invitation.objects.get().link, Link.objects.get())
        self.somebody.opens(self.mailed_link(GUEST, "deli odjemno mesto"))

    def takes_her_data(self) -> None:
        self.neza.sends(address("my_data"), status=302)
        mails_to(EMAIL)
        file = address("my_data_file", DataExport.objects.get().public_id)
        b"".join(self.neza.sends(file, status=200).streaming_content)
        self.neza.sends(file, status=404)

    def forgets_the_password(self) -> None:
        for typed in (EMAIL, GUEST):
            self.somebody.sends(address("forgot_password"), {"identifier": typed}, status=302)
        mails_to(GUEST)
        link = self.mailed_link(EMAIL, "Izberite novo geslo")
        self.somebody.sends(link, {"proof": "1", "password": NEW}, status=200)
        self.somebody.sends(link, {"proof": "20420001", "password": NEW}, status=302)
        self.assertTrue(User.objects.get().check_password(NEW))

    def somebody_tries_every_link_again(self) -> None:
        for mail in DemoMail.objects.all():
            for link in re.findall(r"https?://\S+", mail.text):
                self.somebody.browser.get(urlsplit(link).path)
                self.somebody.browser.post(urlsplit(link).path.rstrip("/"), {"password": NEW, "proof": WRONG})
                self.somebody.browser.get(urlsplit(link).path + "ni/takega/naslova/")

    def secrets(self) -> set[str]:
        told = "".join(mail.text for mail in DemoMail.objects.all())
        tokens, codes = set(TOKEN.findall(told)), set(CODE.findall(told))
        self.assertGreaterEqual(len(tokens), 5)
        self.assertTrue(codes)
        passwords = {PASSWORD, WRONG, NEW}
        return tokens | codes | passwords | {EMAIL, GUEST, CONTACT, self.payer.tax_number, *AMOUNTS}
