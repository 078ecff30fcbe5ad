"""Every address has a policy, and keeps it: who, with which methods, whose object, sent twice."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from mojplin.domain.accounts.email_by_staff import propose_email
from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.accounts.publishing import save_draft
from mojplin.domain.billing.models import Document
from mojplin.domain.linking.by_staff import propose_link
from mojplin.domain.linking.closing import close
from mojplin.domain.linking.models import ClosedPayer
from mojplin.domain.metering.models import ReadingPhoto, SubmittedReading
from mojplin.domain.office.looking import look_at_account, look_at_payer
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.publishing.models import PageDraft
from mojplin.domain.supply.models import FeedRun
from mojplin.domain.support.models import AnswerTemplate
from mojplin.foundation.outbox.models import Message
from tests.arranged import given_mandate, given_notice
from tests.cast import Customer, PortalTestCase, Visitor
from tests.deals import DEAL_THINGS, deal_things
from tests.moved import given_move

POLICIES: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "routes.toml").read_text("utf-8"))
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
STAFF_ROLES = ("reader", "clerk", "admin")
OWNED = (
    "document",
    "document_archive",
    "supply_point",
    "reading",
    "order",
    "enquiry",
    "enquiry_file",
    "invitation",
    "request",
    "move",
    *DEAL_THINGS,
)


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def policy(self) -> dict[str, Any]:
        return POLICIES[self.name]

    def address(self, value: object) -> str:
        return reverse(self.name, kwargs=dict.fromkeys(self.parameters, value))


def routes() -> list[Route]:
    return list(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, namespace: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each, f"{each.namespace}:" if each.namespace else namespace)
        elif isinstance(each, URLPattern):
            yield Route(f"{namespace}{each.name}", tuple(each.pattern.converters), each.callback)


def without_chance(response: HttpResponse, asked: object) -> str:
    """Return the page without what is drawn by lot for each answer, and without the id that was asked for."""
    page = re.sub(r'(name="(?:form_key|csrfmiddlewaretoken)" value=")[^"]*', r"\1", response.content.decode())
    return page.replace(str(asked), "")


def opened(route: Route) -> int:
    """Return how a page of the office answers the role it is for, who has not said why they look."""
    if "GET" not in route.policy["methods"]:
        return 405
    return 404 if route.policy.get("looks") else 302 if route.policy.get("leads") else 200


class PolicyTests(PortalTestCase):
    def setUp(self) -> None:
        self.given_cast()
        self.nika = Customer("Nika", role="admin")
        save_draft(revision=0, by=self.nika.user, now=timezone.now(), text_sl="Osnutek", text_en="Draft")
        PageDraft.objects.create(
            name="contact", text_sl="# Stik", text_en="# Contact", saved_by=self.nika.user, saved_at=timezone.now()
        )
        self.own, self.foreign = self.things_of("ana"), self.things_of("bojan")

    def things_of(self, who: str) -> dict[str, object]:
        """Return the id of one thing of each kind that belongs to Ana or Bojan."""
        is_ana = who == "ana"
        user = (self.ana if is_ana else self.bojan).user
        payer = self.anas_payer if is_ana else self.bojans_firm
        point = self.anas_house if is_ana else self.bojans_points[0]
        meter = self.anas_meter if is_ana else self.bojans_meters[0]
        now = timezone.now()
        reading = SubmittedReading.objects.create(
            supply_point=point, payer=payer, meter=meter, month=date(2026, 11, 1), version=1,
            value_m3=Decimal(1260), read_on=date(2026, 11, 20), submitted_by=user, submitted_at=now, is_odd=True,
        )  # fmt: skip
        ReadingPhoto.objects.create(
            reading=reading, path=default_storage.save("meters/test.jpg", ContentFile(b"JPEG")), size_bytes=4,
            added_by=user, added_at=now,
        )  # fmt: skip
        order = GasOrder.objects.create(
            number=f"N-{who}", supply_point=point, payer=payer, ordered_by=user, ordered_at=now,
            litres=500, gauge_percent=20, phone="040 000 000",
        )  # fmt: skip
        enquiry = self.given_enquiry(self.ana if is_ana else self.bojan, supply_point=point)
        document = self.given_document(
            payer, point, f"26-{who}", open_eur="9.90", payee_iban="SI56020170014356205", reference="SI99"
        )
        return {
            "document": document.public_id,
            "document_archive": self.given_archive(user, document).public_id,
            "supply_point": point.public_id,
            "reading": reading.public_id,
            "order": order.public_id,
            "asked": order.number,
            "marked": reading.public_id,
            "enquiry": enquiry.public_id,
            "enquiry_file": self.given_file(enquiry).public_id,
            "office_enquiry": enquiry.public_id,
            "office_file": self.given_file(enquiry).public_id,
            "answer_text": AnswerTemplate.objects.create(
                title=who, text_sl="Besedilo", text_en="Text", saved_by=user, saved_at=now
            ).pk,
            "invitation": self.given_invitation(to=user).public_id,
            "request": given_mandate(payer, user).public_id,
            "move": given_move(payer, point, user).public_id,
            "form": "gas_purchase",
            "payer": payer.number,
            "account": user.public_id,
            "token": UNKNOWN * 2,
            "version": 1,
            "topic": "mail",
            "message": Message.objects.create(
                topic="mail", payload={}, state="dead", created_at=now, next_attempt_at=now
            ).public_id,
            "page": "contact",
            "notice": given_notice(self.nika.user, title_sl=f"Obvestilo {who}").public_id,
            "run": FeedRun.objects.create(folder=who, started_at=now, state="running").pk,
        } | deal_things(self, payer, point, who, user)

    def address(self, route: Route) -> str:
        """Return the address with a thing that is Ana's."""
        return route.address(self.own.get(route.policy.get("object", ""), UNKNOWN))

    def visitor_for(self, route: Route) -> Visitor:
        return {"customer": self.ana, "staff": self.nika}.get(route.policy["who"]) or Visitor()

    def test_every_address_has_a_policy_and_every_policy_an_address(self) -> None:
        assert sorted(route.name for route in routes()) == sorted(POLICIES)

    def test_an_address_that_takes_a_thing_says_whose(self) -> None:
        silent = [route.name for route in routes() if route.parameters and "object" not in route.policy]
        assert silent == []

    def test_a_customers_page_sends_whoever_is_not_signed_in_to_sign_in(self) -> None:
        for route in routes():
            if route.policy["who"] == "customer":
                with self.subTest(route.name):
                    response = Visitor().opens(self.address(route), status=302)
                    assert response["Location"].startswith(f"{reverse('web:sign_in')}?next="), response["Location"]

    def test_the_staffs_pages_do_not_exist_for_anybody_else(self) -> None:
        for route in routes():
            if route.policy["who"] == "staff":
                nothing = self.ana.opens("/ni-take-strani/", status=404).content
                assert self.ana.opens(self.address(route), status=404).content == nothing, route.name
                led = Visitor().opens(self.address(route), status=302)["Location"]
                assert led.startswith(f"{reverse('office_sign_in')}?next="), route.name
                self.nika.opens(self.address(route), status=opened(route))

    def test_a_page_of_the_office_opens_to_its_role_and_those_above_it(self) -> None:
        staff = {role: Customer(f"Staff-{role}", role=role) for role in STAFF_ROLES}
        for route in routes():
            if route.policy["who"] == "staff":
                lowest = STAFF_ROLES.index(route.policy["role"])
                assert getattr(route.view, "staff_role", None) == route.policy["role"], route.name
                for place, visitor in enumerate(staff.values()):
                    visitor.opens(self.address(route), status=opened(route) if place >= lowest else 404)

    @override_settings(DEMO=False, MAIL_GOES_TO_DEMO_MAILBOX=False)
    def test_the_demos_pages_do_not_exist_elsewhere(self) -> None:
        for route in routes():
            if route.policy["who"] == "demo":
                Visitor().opens(self.address(route), status=404)

    def test_every_other_method_is_refused(self) -> None:
        for route in routes():
            visitor = self.visitor_for(route)
            for method in {"GET", "POST", "PUT", "DELETE"} - set(route.policy["methods"]):
                with self.subTest(route.name, method=method):
                    response = visitor.browser.generic(method, self.address(route))
                    visitor.inspected(response, 405)
                    assert response["Allow"]

    def test_a_thing_of_another_answers_exactly_as_one_that_never_was(self) -> None:
        for route in routes():
            kind = route.policy.get("object")
            if kind in OWNED:
                with self.subTest(route.name):
                    foreign = self.ana.opens(route.address(self.foreign[kind]), status=404)
                    unknown = self.ana.opens(route.address(UNKNOWN), status=404)
                    assert foreign.content == unknown.content
                    assert foreign.headers.items() == unknown.headers.items()
                    nobodys = self.cilka.opens(route.address(self.own[kind]), status=404)
                    assert nobodys.content == unknown.content

    def test_a_place_of_another_answers_exactly_as_one_that_never_was(self) -> None:
        for route in routes():
            if route.policy.get("object") == "place":
                with self.subTest(route.name):
                    foreign = self.ana.inspected(self.asks_for_place(route, self.foreign["supply_point"]), None)
                    unknown = self.ana.inspected(self.asks_for_place(route, UNKNOWN), None)
                    assert foreign.status_code == unknown.status_code
                    assert without_chance(foreign, self.foreign["supply_point"]) == without_chance(unknown, UNKNOWN)

    def asks_for_place(self, route: Route, public_id: object) -> HttpResponse:
        return self.ana.browser.get(route.address(None), {"place": public_id})

    def test_ones_own_things_open(self) -> None:
        files = (
            "web:document_pdf",
            "web:document_xml",
            "web:document_archive_file",
            "web:document_code",
            "web:document_code_picture",
            "web:contract_file",
            "web:annex",
            "web:renewal_annex",
            "web:enquiry_file",
            "web:mandate",
            "web:reading_picture",
        )
        only_when_asked = (
            "web:accept_terms", "web:keep_account", "web:link_choice", "web:prove", "web:prove_code",
            "web:renewal_review", "web:withdraw_renewal", "web:move_out",
        )  # fmt: skip
        for route in routes():
            policy = route.policy
            if policy["who"] == "customer" and "GET" in policy["methods"] and route.name not in files + only_when_asked:
                with self.subTest(route.name):
                    self.ana.opens(self.address(route))

    def test_a_page_behind_a_secret_address_tells_nobody_the_address(self) -> None:
        for route in routes():
            if route.policy.get("object") == "token":
                with self.subTest(route.name):
                    method = "GET" if "GET" in route.policy["methods"] else "POST"
                    response = self.ana.browser.generic(method, self.address(route))
                    self.assertEqual(response["Referrer-Policy"], "strict-origin")
        self.assertEqual(self.ana.browser.get("/prijava/?next=/vabilo/abc/")["Referrer-Policy"], "strict-origin")
        self.assertEqual(self.ana.browser.get("/profil/")["Referrer-Policy"], "same-origin")

    def test_what_is_sent_twice_is_done_once_or_says_why_not(self) -> None:
        for route in routes():
            policy, is_once = route.policy, getattr(route.view, "is_once", False)
            with self.subTest(route.name):
                if "POST" not in policy["methods"]:
                    assert "once" not in policy and not is_once
                else:
                    assert is_once if policy["once"] is True else len(policy["once"]) > 20

    def test_sensitive_steps_are_those_that_say_so(self) -> None:
        for route in routes():
            assert getattr(route.view, "needs_step_up", False) == route.policy.get("step_up", False), route.name

    def test_pages_that_ask_for_the_second_factor_again_are_those_that_say_so(self) -> None:
        for route in routes():
            assert getattr(route.view, "needs_second_factor", False) == route.policy.get("asks", False), route.name

    def test_without_the_second_factor_staff_open_nothing_but_the_way_to_it(self) -> None:
        self.nika.is_signed_in(second_factor=False)
        for route in routes():
            is_open = route.policy["who"] in ("anyone", "demo")
            is_way = route.name.startswith("staff:second_factor") or route.name == "web:stay"
            if not is_open and not is_way:
                for method in route.policy["methods"]:
                    with self.subTest(route.name, method=method):
                        led = self.nika.inspected(self.nika.browser.generic(method, self.address(route)), 302)
                        assert led["Location"].startswith(reverse("staff:second_factor"))

    def test_whatever_of_a_customer_a_page_of_the_office_shows_that_customer_reads_of_it(self) -> None:
        """Open every page of the office as somebody who has seen nothing yet, without and with a reason to look."""
        self.given_open_proposals()
        names = (b">20418837", b"Ana Novak", b"ana@example.si", b">Ana<")  # a place's number names nobody
        shows = set()
        for number, route in enumerate(each for each in routes() if each.policy["who"] == "staff"):
            for method in set(route.policy["methods"]):
                member = Customer(f"Uradnica-{number}-{method}", role="admin")
                mine = AccessEvent.objects.filter(whose=self.ana.user, by=member.user)
                needs_reason = route.policy.get("looks") or route.policy.get("leads")
                if needs_reason:
                    look = {"why": "call", "words": "", "by": member.user, "now": timezone.now(), "ip": None}
                    look_at_payer(number=self.anas_payer.number, **look)
                    look_at_account(user=self.ana.user, **look)
                before = mine.count()
                asked = {"q": "Ana Novak"} if route.name == "staff:search" else {}
                address = self.address(route)
                if route.name == "staff:customer_page":
                    address = reverse(route.name, args=[self.ana.user.public_id, "racuni/"])
                answer = member.browser.generic(method, address, QUERY_STRING=urlencode(asked))
                said = b"".join(answer.streaming_content) if answer.streaming else answer.content
                if any(name in said for name in names) or (needs_reason and answer.status_code == 200):
                    shows.add(route.name)
                    with self.subTest(route.name, method=method):
                        told = f"{[each for each in names if each in said]} untold: domain/office/looking.py says how"
                        self.assertGreater(mine.count(), before, told)
        fewest = {"search", "payer", "payer_document", "account", "customer_view", "links", "payer_links", "audit"}
        self.assertLessEqual({f"staff:{name}" for name in fewest | {"addresses", "link_letter"}}, shows)

    def given_open_proposals(self) -> None:
        """Lists of the office name Ana: somebody proposes a link and an address for her, her payer is closed."""
        clerk, now = Customer("Oto", role="clerk"), timezone.now()
        point = self.given_supply_point(self.anas_payer, "1042-9000")
        known = {"user": "ana", "reason": "Poklicala je.", "by": clerk.user, "now": now}
        propose_link(payer_id=self.anas_payer.pk, supply_point=point.number, **known)
        propose_email(email="ana.nova@example.si", **known)
        close(self.anas_payer.pk, ClosedPayer.Reason.NEAR_MISSES, now)
        self.own["office_document"] = self.own["document"]
        Document.objects.filter(public_id=self.own["document"]).update(
            pdf_path=default_storage.save("test.pdf", ContentFile(b"%PDF-1.7"))
        )

    def test_open_pages_are_those_that_say_so(self) -> None:
        for route in routes():
            is_open = not getattr(route.view, "login_required", True)
            assert is_open == (route.policy["who"] != "customer"), route.name
        assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
