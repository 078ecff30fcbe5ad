"""What is Bojan's stands nowhere else: he does all the portal offers, others look and try, then all is searched."""

import io
import tempfile
import zipfile
from pathlib import Path

import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mojplin.domain.accounts.models import DataExport, User
from mojplin.domain.supply.models import Payer
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.office import add_note, answer
from mojplin.foundation.mail import DemoMail
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.deals import given_file
from tests.logbook import log_kept
from tests.mailbox import mails_to
from tests.test_routes import routes
from tests.web.sign_in_case import address
from tests.web.test_sharing_roles import ORDER

NOON = moment(2026, 11, 26)
CANARY, NOTE = "KANARCEK", "OPOMBA PISARNE"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CONTACT, GUEST = "kontakt@example.si", "tine@example.com"
MAY_KNOW = ("bojan@example.si", CONTACT, GUEST)
"""Bojan, his payer's contact, and whom he invites: the mail says who invites to what."""


class Canaries(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(NOON, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(self.settings(EXPORT_DIR=Path(folder.name)))
        self.given_cast()
        self.given_all_is_well()
        self.nika = Customer("Nika", role="clerk")
        Payer.objects.filter(pk=self.bojans_firm.pk).update(name=CANARY, street=f"{CANARY} 1", email=CONTACT)
        self.tank = self.given_supply_point(
            self.bojans_firm, f"2000-{CANARY}", kind="bulk", tank_capacity_l=2700, street=f"{CANARY} 7"
        )
        self.given_link(self.bojan, self.bojans_firm, self.tank, name="Cisterna")
        self.given_contract(self.bojans_firm, self.tank, f"OGR-{CANARY}", ends_on=None)
        contract = self.given_contract(self.bojans_firm, self.bojans_points[0], f"OGR-{CANARY}-2")
        given_file(contract, PDF + CANARY.encode())
        self.given_document(self.bojans_firm, self.tank, f"26-{CANARY}", open_eur="9.90", purpose=CANARY)
        self.log = self.enterContext(log_kept("DEBUG"))

    def test_what_is_bojans_is_told_to_nobody_else(self):
        self.bojan_does_everything()
        self.the_office_answers()
        self.others_try_his_numbers_and_address()
        for each in (self.ana, self.cilka):
            self.assertNotIn(CANARY, self.copy_of(each))
        for visitor in (self.ana, self.cilka, Visitor()):
            self.looks_everywhere(visitor)
        mails_to("")
        told = DemoMail.objects.exclude(to__in=[*MAY_KNOW, settings.SUPPLIER["email"]])
        self.assertGreaterEqual(told.count(), 3)
        self.assertEqual(
            [mail.subject for mail in told if CANARY in f"{mail.subject}{mail.text}{mail.html}".upper()], []
        )
        self.assertNotIn(CANARY, self.log.getvalue().upper())

    def test_what_the_office_notes_for_itself_never_reaches_the_customer(self):
        self.bojan_does_everything()
        self.the_office_answers()
        page = self.bojan.opens(address("enquiry", Enquiry.objects.get().public_id))
        self.assertContains(page, f"Odgovor {CANARY}")
        self.assertNotContains(page, NOTE)
        copy = self.copy_of(self.bojan)
        self.assertIn(CANARY, copy)
        self.assertNotIn(NOTE, copy)
        self.assertFalse(DemoMail.objects.filter(text__contains=NOTE).exists())
        self.assertNotIn(NOTE, self.log.getvalue())

    def bojan_does_everything(self) -> None:
        acts = [
            (address("profile"), {"name": f"{CANARY} ime", "language": "sl", "theme": "auto", "contact_phone": ""}),
            (address("rename", self.tank.public_id), {"name": f"{CANARY} mesto", "icon": "home", "colour": "blue"}),
            (f"{address('readings')}?place={self.bojans_points[0].public_id}", {"typed": "12"}),
            (
                f"{address('orders')}?place={self.tank.public_id}",
                ORDER | {"note": CANARY},
            ),
            (
                address("support"),
                {
                    "topic": "other", "place": "", "message": f"{CANARY} sporočilo",
                    "file": SimpleUploadedFile(f"{CANARY}.pdf", PDF + CANARY.encode()),
                },
            ),
            (address("sharing", self.bojans_points[0].public_id), {"email": GUEST, "role": "see", "last_on": ""}),
        ]  # fmt: skip
        for where, fields in acts:
            self.bojan.sends(where, fields, status=302)
        mails_to("")

    def the_office_answers(self) -> None:
        enquiry, now = Enquiry.objects.get(), timezone.now()
        add_note(enquiry=enquiry.pk, text=f"{NOTE} {CANARY}", by=self.nika.user, now=now)
        answer(enquiry=enquiry.pk, text=f"Odgovor {CANARY}", by=self.nika.user, now=now)
        mails_to("")

    def others_try_his_numbers_and_address(self) -> None:
        User.objects.update(registered_at=moment(2026, 11, 1))
        near = {"tax_number": self.bojans_firm.tax_number, "payer_number": self.bojans_firm.number, "name": ""}
        for visitor in (self.ana, self.cilka):
            for number in range(3):
                page = visitor.sends(address("link"), near | {"document_number": f"ZD-{number}"}, status=200)
                self.assertNotIn(CANARY, page.content.decode().upper())
            visitor.sends(address("change_email"), {"email": "bojan@example.si"}, status=302)
        for name, typed in (("register", "email"), ("forgot_password", "identifier"), ("forgot_username", "email")):
            page = Visitor().sends(address(name), {typed: "bojan@example.si"}, status=302)
            self.assertNotIn(CANARY, str(page.headers).upper())

    def looks_everywhere(self, visitor: Visitor) -> None:
        looked = 0
        for route in routes():
            if "GET" in route.policy["methods"] and not route.parameters and route.policy["who"] != "demo":
                answer = visitor.browser.get(route.address(None))
                self.assertLess(answer.status_code, 500, route.name)
                told = b"".join(answer.streaming_content) if answer.streaming else answer.content
                self.assertNotIn(CANARY.encode(), told.upper() + str(answer.headers).upper().encode(), route.name)
                looked += 1
        self.assertGreaterEqual(looked, 50)

    @staticmethod
    def copy_of(customer: Customer) -> str:
        """Return everything that is in the copy of the customer's data, and what its files are called."""
        customer.sends(address("my_data"), status=302)
        mails_to("")
        export = DataExport.objects.get(user=customer.user)
        sent = customer.sends(address("my_data_file", export.public_id), status=200)
        copy = zipfile.ZipFile(io.BytesIO(b"".join(sent.streaming_content)))
        return "".join(name + copy.read(name).decode() for name in copy.namelist()).upper()
