"""The cast and its verbs. Ana owns a house, Bojan is a firm with several points, Cilka is a stranger.

A `Customer` opens real pages through Django's test client; every page is inspected. The case sets scenes (`given_...`).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client, TestCase
from django.utils import timezone
from stdnum.si import ddv

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sessions import start_session
from mojplin.domain.billing.models import Document, DocumentArchive
from mojplin.domain.contracts.models import Contract
from mojplin.domain.linking.models import Invitation, Link
from mojplin.domain.metering.models import BilledReading
from mojplin.domain.supply.models import FeedRun, Meter, Payer, PayerPeriod, SupplyPoint
from mojplin.domain.support.models import Attachment, Enquiry
from mojplin.foundation.heartbeat import beat
from mojplin.foundation.idempotency import new_form_key
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.protected import encrypted, lookup_hash
from mojplin.foundation.testing import faults_of_headers, faults_of_page
from tests.mailbox import newest_mail_to

PASSWORD = "konj pipa zid oblak"


class Visitor:
    """Somebody with a browser: opens pages, sends forms; every HTML page is inspected."""

    def __init__(self) -> None:
        self.browser = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0"})

    def opens(self, path: str, *, status: int = 200, **query: Any) -> HttpResponse:
        return self.inspected(self.browser.get(path, query), status)

    def sends(self, path: str, fields: dict[str, Any] | None = None, *, status: int | None = None) -> HttpResponse:
        """Post a form with a fresh form key (unless `fields` has one)."""
        response = self.browser.post(path, {"form_key": new_form_key()} | (fields or {}))
        return self.inspected(response, status)

    def follows(self, response: HttpResponse) -> HttpResponse:
        """Open where a redirect leads."""
        assert response.status_code in (301, 302, 303), response.status_code
        return self.opens(urlsplit(response["Location"])._replace(scheme="", netloc="").geturl())

    def presses(self, path: str) -> HttpResponse:
        """Post an empty form, as a page with one button does."""
        return self.sends(path)

    @staticmethod
    def reads_mail(address: str) -> DemoMail:
        """Let the worker send what waits, and return the newest mail to the address."""
        return newest_mail_to(address)

    @staticmethod
    def inspected(response: HttpResponse, status: int | None) -> HttpResponse:
        if status is not None:
            assert response.status_code == status, f"{response.status_code}, wanted {status}"
        assert faults_of_headers(response.headers) == []
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            faults = faults_of_page(response.content.decode())
            assert faults == [], faults
        return response


class Customer(Visitor):
    """A registered user; signed in at once unless `signed_in=False`."""

    def __init__(self, username: str, *, email: str = "", signed_in: bool = True, role: str = "customer") -> None:
        super().__init__()
        email = email or f"{username.casefold()}@example.si"
        self.user = User(username=username, email=email, registered_at=timezone.now(), role=role)
        self.user.set_password(PASSWORD)
        self.user.save()
        if signed_in:
            self.is_signed_in()

    def is_signed_in(self, *, second_factor: bool = True) -> None:
        """Sign in; the second factor, which is asked of staff alone, has been shown unless it says otherwise."""
        now = timezone.now()
        shown_at = now if second_factor else None
        secret = start_session(user=self.user, device="Chrome, Linux", ip=None, now=now, second_factor_at=shown_at)
        self.browser.cookies[settings.SESSION_COOKIE_NAME] = secret


def tax_number(serial: int) -> str:
    """Return the check-valid tax number that follows from a serial number (1000001, 1000002, ...)."""
    base = 1_000_000 + serial
    while not ddv.is_valid(number := f"{base}{ddv.calc_check_digit(str(base))}"):
        base += 100_000  # some stems have no check digit
    return number


class Scenes:
    """Scenes of the supplier's data, and the cast."""

    def given_payer(self, number: str = "20418837", *, name: str = "Ana Novak", serial: int = 1, **more: Any) -> Payer:
        number_of_tax = tax_number(serial)
        fields = {
            "kind": "person", "street": "Ob potoku 14", "post_code": "1241", "town": "Kamnik",
            "email": "", "phone": "",
        } | more  # fmt: skip
        payer = Payer.objects.create(
            number=number,
            name=name,
            tax_number_hash=lookup_hash(number_of_tax),
            tax_number_encrypted=encrypted(number_of_tax),
            tax_number_last3=number_of_tax[-3:],
            **fields,
        )
        payer.tax_number = number_of_tax  # for tests that type it
        return payer

    def given_supply_point(
        self, payer: Payer, number: str = "1042-7731", *, since: date = date(2020, 1, 1), **more: Any
    ) -> SupplyPoint:
        fields = {
            "kind": "metered", "product": "propane", "street": "Ob potoku 14", "post_code": "1241",
            "town": "Kamnik", "recipient_number": "20418845", "recipient_name": payer.name,
        } | more  # fmt: skip
        point = SupplyPoint.objects.create(number=number, **fields)
        PayerPeriod.objects.create(supply_point=point, payer=payer, starts_on=since)
        return point

    def given_meter(self, point: SupplyPoint, number: str = "", **more: Any) -> Meter:
        fields = {"digits": 5, "decimals": 0, "installed_on": date(2020, 1, 1), "initial_value_m3": Decimal(0)} | more
        return Meter.objects.create(number=number or f"G4-{point.number}", supply_point=point, **fields)

    def given_document(self, payer: Payer, point: SupplyPoint | None, number: str, **more: Any) -> Document:
        amount = Decimal(more.pop("amount_eur", "136.84"))
        net = (amount / Decimal("1.22")).quantize(Decimal("0.01"))
        fields = {
            "kind": "invoice", "issued_on": date(2026, 11, 12), "due_on": date(2026, 11, 30),
            "external_number": f"ZD-{number}", "net_eur": net, "vat_eur": amount - net, "open_eur": Decimal(0),
        } | more  # fmt: skip
        return Document.objects.create(number=number, payer=payer, supply_point=point, amount_eur=amount, **fields)

    def given_archive(self, asked_by: User, *documents: Document) -> DocumentArchive:
        """A ZIP that is ready to be taken."""
        now = timezone.now()
        archive = DocumentArchive.objects.create(
            asked_by=asked_by, language="sl", document_ids=[each.pk for each in documents], asked_at=now,
            state="ready", expires_at=now + timedelta(days=1), size_bytes=3, documents_done=len(documents),
        )  # fmt: skip
        settings.ARCHIVE_DIR.mkdir(parents=True, exist_ok=True)
        (settings.ARCHIVE_DIR / f"{archive.public_id}.zip").write_bytes(b"ZIP")
        return archive

    def given_billed(
        self, meter: Meter, payer: Payer, *, month: date, value_from_m3: str, value_to_m3: str, **more: Any
    ) -> BilledReading:
        """One billed calendar month (`month` is its first day)."""
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        fields = {"basis": "customer_reported", "document_number": ""} | more
        return BilledReading.objects.create(
            number=f"R-{meter.number}-{month:%Y%m}-{BilledReading.objects.count()}",
            supply_point=meter.supply_point,
            payer=payer,
            meter=meter,
            period_from=month,
            period_to=date.fromordinal(following.toordinal() - 1),
            value_from_m3=Decimal(value_from_m3),
            value_to_m3=Decimal(value_to_m3),
            consumption_m3=Decimal(value_to_m3) - Decimal(value_from_m3),
            **fields,
        )

    def given_contract(self, payer: Payer, point: SupplyPoint, number: str = "OGR-2024/1184", **more: Any) -> Contract:
        fields = {
            "starts_on": date(2025, 2, 1), "ends_on": date(2027, 1, 31), "price_eur": Decimal("2.34"), "unit": "m3",
            "price_basis": "fixed", "notice_days": 30,
        } | more  # fmt: skip
        return Contract.objects.create(number=number, supply_point=point, payer=payer, **fields)

    @staticmethod
    def given_all_is_well() -> None:
        """Let the worker be alive for an hour, and the supplier's data be new: what the address for machines asks."""
        now = timezone.now()
        FeedRun.objects.create(folder="f", started_at=now, made_at=now, state=FeedRun.State.TAKEN_IN)
        beat(now + timedelta(hours=1))

    def given_link(self, customer: Customer, payer: Payer, point: SupplyPoint, name: str = "Dom") -> Link:
        return Link.objects.create(
            user=customer.user, payer=payer, supply_point=point, name=name, created_at=timezone.now()
        )

    def given_share(self, customer: Customer, holders: Link, role: str, name: str = "Babica", **more: Any) -> Link:
        """`customer` sees in that role what the holder's link shows."""
        return Link.objects.create(
            user=customer.user, payer=holders.payer, supply_point=holders.supply_point, shared_from=holders,
            role=role, name=name, created_at=timezone.now(), **more,
        )  # fmt: skip

    def given_invitation(self, *, to: User, role: str = "see") -> Invitation:
        """Somebody whom nothing else is about invites the user to a place of theirs."""
        number = 700 + Invitation.objects.count()
        payer = self.given_payer(f"20490{number}", name="Gostitelj", serial=number)
        point = self.given_supply_point(payer, f"7000-{number}")
        link = self.given_link(Customer(f"Gostitelj{number}", signed_in=False), payer, point)
        now = timezone.now()
        return Invitation.objects.create(
            link=link, email=to.email, role=role, token_hash=f"{number}", invited_at=now,
            expires_at=now + timedelta(days=14),
        )  # fmt: skip

    def given_enquiry(self, customer: Customer, text: str = "Živjo", **more: Any) -> Enquiry:
        now = timezone.now()
        number = f"P-2026-{900 + Enquiry.objects.count():06d}"
        fields = {"number": number, "topic": "other", "sent_at": now, "last_at": now, "promised_on": now.date()} | more
        enquiry = Enquiry.objects.create(sent_by=customer.user, **fields)
        enquiry.entries.create(side="customer", text=text, written_by=customer.user, written_at=enquiry.sent_at)
        return enquiry

    def given_file(self, enquiry: Enquiry, name: str = "stevec.jpg") -> Attachment:
        """A file that came with the first words."""
        path = default_storage.save("enquiries/2026-11-26/stevec.jpg", ContentFile(b"JPEG"))
        return Attachment.objects.create(
            entry=enquiry.entries.earliest("pk"), name=name, path=path, media_type="image/jpeg", size_bytes=4
        )

    def given_cast(self) -> None:
        """Ana with her house (one link), Bojan's firm with two points, and Cilka who has nothing."""
        self.ana, self.bojan, self.cilka = Customer("Ana"), Customer("Bojan"), Customer("Cilka")
        self.anas_payer = self.given_payer()
        self.anas_house = self.given_supply_point(self.anas_payer)
        self.anas_meter = self.given_meter(self.anas_house)
        self.given_link(self.ana, self.anas_payer, self.anas_house)
        self.bojans_firm = self.given_payer("20419106", name="Apartmaji Pod Vrhom, d. o. o.", serial=2, kind="company")
        self.bojans_points = [
            self.given_supply_point(self.bojans_firm, f"2000-{n}", street=f"Ukanc {n}", town="Bohinj") for n in (1, 2)
        ]
        self.bojans_meters = [self.given_meter(point) for point in self.bojans_points]
        for n, point in enumerate(self.bojans_points, start=1):
            self.given_link(self.bojan, self.bojans_firm, point, name=f"Apartma {n}")


class PortalTestCase(Scenes, TestCase):
    """A test with scenes, rolled back afterwards."""


def moment(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """Return an instant in Ljubljana."""
    return datetime(year, month, day, hour, minute, tzinfo=timezone.get_default_timezone())
