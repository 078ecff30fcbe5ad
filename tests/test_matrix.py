"""Every address x method x role x thing: what is not one's own answers as what never was, and shows nobody's things."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from http.cookies import SimpleCookie

import pytest
from django.db import models, transaction
from django.http import HttpResponse
from django.utils import timezone

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.billing.models import Document, DocumentLine, PayerRequest
from mojplin.domain.contracts.models import Renewal
from mojplin.domain.linking.models import Invitation, Link
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.orders.models import CylinderOrder, GasOrder
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.domain.support.models import Attachment, Enquiry, Entry
from mojplin.foundation.mail import DemoMail
from tests.arranged import given_mandate
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor
from tests.deals import DEAL_THINGS, deal_things
from tests.moved import given_move
from tests.test_routes import UNKNOWN, Route, routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SHARED_ROLES = ("see", "readings", "pay", "everything")
ROLES = ("anonymous", "unconfirmed", "owner", *SHARED_ROLES, "co-user", "ended", "stranger", "reader", "clerk", "admin")
THINGS = (
    "document",
    "document_archive",
    "supply_point",
    "reading",
    "order",
    "enquiry",
    "enquiry_file",
    "invitation",
    "place",
    "request",
    "move",
    *DEAL_THINGS,
)
FEWEST_CELLS = 1_900
"""Of each role; the sum over the roles is what the matrix proves, and is printed when the tests are over."""
CANARY = "KANARCEK"
_BY_LOT = re.compile(r'(name="(?:form_key|csrfmiddlewaretoken)" value=")[^"]*|(?:[A-Z0-9]{4}-){2,}[A-Z0-9]{4}')
"""Keys of forms, and reference numbers of error pages."""
NOT_OWNERS = ("anonymous", "unconfirmed", "stranger", "reader", "clerk", "admin", "ended")


class MatrixCase(PortalTestCase):
    """Ana owns a house and once had a cottage; Bojan's firm is full of canaries."""

    def setUp(self) -> None:
        self.given_cast()
        names = {"username": CANARY, "username_key": CANARY.casefold(), "email": f"{CANARY.casefold()}@example.si"}
        User.objects.filter(pk=self.bojan.user.pk).update(**names)
        self.bojan.user.refresh_from_db()
        self.cottage = self.given_supply_point(self.anas_payer, "1000-9", street="Log 7")
        ended = self.given_link(self.ana, self.anas_payer, self.cottage, "Vikend")
        Link.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
        former = self.things_at(self.anas_payer, self.cottage, self.bojan, "C")
        self.things = {
            "own": self.things_at(self.anas_payer, self.anas_house, self.ana, "A"),
            "foreign": self.things_at(self.bojans_firm, self.bojans_points[0], self.bojan, CANARY),
            "random": dict.fromkeys(THINGS, UNKNOWN),
        }
        self.things["ended"] = {
            kind: former[kind] for kind in ("document", "supply_point", "place", "move", *DEAL_THINGS)
        }
        self.plant_canaries()
        self.given_all_is_well()

    def things_at(self, payer: Payer, point: SupplyPoint, who: Customer, mark: str) -> dict[str, str]:
        now = timezone.now()
        meter = point.meters.first() or self.given_meter(point, f"M-{mark}")
        reading = SubmittedReading.objects.create(
            supply_point=point, payer=payer, meter=meter, month=date(2026, 11, 1), version=1,
            value_m3=Decimal(1260), read_on=date(2026, 11, 20), submitted_by=who.user, submitted_at=now,
        )  # fmt: skip
        order = GasOrder.objects.create(
            number=f"N-{mark}", supply_point=point, payer=payer, ordered_by=who.user, ordered_at=now,
            litres=500, gauge_percent=20, phone="040 000 000",
        )  # fmt: skip
        enquiry = self.given_enquiry(who, supply_point=point, about_kind="document", about_id=f"D-{mark}")
        document = self.given_document(
            payer, point, f"26-{mark}", open_eur="9.90", payee_iban="SI56020170014356205", reference="SI99"
        )
        DocumentLine.objects.create(
            document=document, position=1, description="Plin", quantity=Decimal(1), unit="m3",
            unit_price_eur=Decimal(1), net_eur=Decimal(1), vat_percent=Decimal(22),
        )  # fmt: skip
        return {
            "document": document.public_id, "document_archive": self.given_archive(who.user, document).public_id,
            "supply_point": point.public_id, "place": point.public_id,
            "reading": reading.public_id, "order": order.public_id, "enquiry": enquiry.public_id,
            "enquiry_file": self.given_file(enquiry).public_id,
            "invitation": self.given_invitation(to=who.user).public_id,
            "request": self.request_of(payer, who, mark).public_id,
            # Agreed once, so that it may hold the words of a decision.
            "move": given_move(payer, point, who.user, agreed_at=timezone.now()).public_id,
        } | deal_things(self, payer, point, mark, who.user)  # fmt: skip

    @staticmethod
    def request_of(payer: Payer, who: Customer, mark: str) -> PayerRequest:
        """A direct debit that takes the place of the payer's earlier one."""
        earlier = PayerRequest.objects.filter(payer=payer, ended_at=None)
        earlier.update(ended_at=timezone.now(), ended_because=PayerRequest.Ended.REPLACED)
        return given_mandate(payer, who.user, f"Z-{mark}")

    def plant_canaries(self) -> None:
        """Write a canary into every free text of what is Bojan's or his firm's; their numbers hold one already."""
        of_bojan = [
            User.objects.filter(pk=self.bojan.user.pk),
            Session.objects.filter(user=self.bojan.user),
            Invitation.objects.filter(email=self.bojan.user.email),
            Payer.objects.filter(pk=self.bojans_firm.pk),
            SupplyPoint.objects.filter(pk__in=[point.pk for point in self.bojans_points]),
            Link.objects.filter(user=self.bojan.user),
            Document.objects.filter(payer=self.bojans_firm),
            DocumentLine.objects.filter(document__payer=self.bojans_firm),
            Enquiry.objects.filter(sent_by=self.bojan.user),
            Entry.objects.filter(enquiry__sent_by=self.bojan.user),
            Attachment.objects.filter(entry__enquiry__sent_by=self.bojan.user),
            GasOrder.objects.filter(payer=self.bojans_firm),
            CylinderOrder.objects.filter(ordered_by=self.bojan.user),
            PayerRequest.objects.filter(payer=self.bojans_firm),
            Renewal.objects.filter(contract__payer=self.bojans_firm),
            MoveOut.objects.filter(payer=self.bojans_firm),
        ]
        self.planted = 0
        for rows in of_bojan:
            for field in texts_of(rows.model):
                for pk in rows.values_list("pk", flat=True):
                    self.planted += 1
                    rows.filter(pk=pk).update(**{field.name: f"{CANARY}-{self.planted}"[-(field.max_length or 99) :]})

    def visitor(self, role: str) -> Visitor:
        """Return somebody in that role towards Ana's house."""
        anas = Link.objects.get(user=self.ana.user, ended_at=None)
        if role in ("reader", "clerk", "admin"):
            return Customer("Nika", role=role)
        if role in SHARED_ROLES:
            guest = Customer("Gost")
            self.given_share(guest, anas, role)
            return guest
        if role in ("co-user", "ended"):
            other = Customer("Eva")
            link = self.given_link(other, self.anas_payer, self.anas_house, "Dom")
            if role == "ended":
                Link.objects.filter(pk=link.pk).update(ended_at=timezone.now())
            return other
        if role == "unconfirmed":
            half_in = Customer("Half", signed_in=False)
            half_in.sends("/prijava/", {"identifier": "half", "password": PASSWORD}, status=302)
            return half_in
        return {"anonymous": Visitor(), "owner": self.ana, "stranger": self.cilka}[role]


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of free text: what follows a rule (numbers that are looked up, states, ids) stays as it is."""
    ruled = {"public_id", "number", "kind", "state", "product", "reference", "payee_iban", "purpose_code", "topic",
             "tax_number_hash", "tax_number_encrypted", "tax_number_last3", "xml_state", "xml_path", "pdf_path",
             "role", "unit", "how", "post_code", "mail_hash", "password", "iban_encrypted"}  # fmt: skip
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and field.name not in ruled and not field.choices
        and not field.unique and (field.max_length or 99) >= 12
    ]  # fmt: skip


def told(response: HttpResponse, asked: str) -> tuple[int, str, str]:
    """Return the answer without what is drawn by lot each time and without the id that was asked for."""
    body = b"" if response.streaming else response.content
    page = _BY_LOT.sub(r"\1", body.decode("utf-8", "replace"))
    return response.status_code, page.replace(asked, ""), response.get("Location", "").replace(asked, "")


@contextmanager
def undone(visitor: Visitor) -> Iterator[None]:
    """Let one answer change nothing for the next: neither rows nor cookies."""
    cookies = SimpleCookie(visitor.browser.cookies.output(header="", sep=";"))
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    visitor.browser.cookies = cookies


@pytest.mark.parametrize("role", ROLES)
class TestMatrix:
    def test_nothing_of_others_exists(self, role: str, db: None, record_property: Callable[[str, int], None]) -> None:
        case = MatrixCase()
        case.setUp()
        assert case.planted >= 40
        visitor = case.visitor(role)
        cells = sum(self.cells_of(route, case, visitor, role) for route in routes())
        assert cells >= FEWEST_CELLS
        record_property("matrix cells", cells)
        for mail in DemoMail.objects.exclude(to=case.bojan.user.email):
            assert CANARY not in (mail.text + (mail.html or "") + mail.subject).upper()

    def cells_of(self, route: Route, case: MatrixCase, visitor: Visitor, role: str) -> int:
        kind = route.policy.get("object", "")
        if kind not in THINGS:
            for method in METHODS:
                self.ask(visitor, method, route, UNKNOWN, kind, role)
            return len(METHODS)
        cells = 0
        for method in METHODS:
            nothing = told(self.ask(visitor, method, route, UNKNOWN, kind, role), UNKNOWN)
            for whose, ids in case.things.items():
                if kind not in ids or (whose == "random"):
                    continue
                answer = told(self.ask(visitor, method, route, ids[kind], kind, role), ids[kind])
                cells += 1
                if whose != "own" or role in NOT_OWNERS:
                    assert answer == nothing, f"{method} {route.name} {whose} as {role}"
            cells += 1
        return cells

    def ask(self, visitor: Visitor, method: str, route: Route, thing: str, kind: str, role: str) -> HttpResponse:
        address = route.address(None if kind == "place" else thing if kind in THINGS else sample(kind))
        if kind == "place":
            address += f"?place={thing}"
        with undone(visitor):
            response = visitor.browser.generic(method, address)
            assert response.status_code < 500, f"{method} {route.name} as {role}"
            content = b"".join(response.streaming_content) if response.streaming else response.content
        if role not in ("reader", "clerk", "admin"):
            told_in_all = (content + str(response.headers).encode()).upper()
            assert CANARY.encode() not in told_in_all, f"{method} {route.name} as {role}"
        allowed = set(route.policy["methods"]) | ({"HEAD"} if "GET" in route.policy["methods"] else set())
        if method not in allowed:
            assert response.status_code in (302, 404, 405), f"{method} {route.name} as {role}"
        return response


def sample(kind: str) -> object:
    """Return something of the right shape for an address that takes no thing of a customer."""
    return {
        "version": 1,
        "run": 1,
        "form": "gas_purchase",
        "payer": "20418837",
        "proposal": 1,
        "link": 1,
        "answer_text": 1,
        "export": UNKNOWN,
    }.get(kind, UNKNOWN)
