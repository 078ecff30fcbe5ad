"""The journey of a new customer in a real browser, from an e-mail address to Home: sl and en, phone and desk."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mojplin.domain.accounts.models import User
from mojplin.domain.contracts.models import Offer, Price
from mojplin.domain.linking.models import Link
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import PASSWORD, Customer, Scenes
from tests.mailbox import link_in, newest_mail_to

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Supplier:
    """What the supplier knows about the customer of the journey."""

    tax_number: str
    payer_number: str
    document_number: str


@pytest.fixture
def supplier() -> Supplier:
    scenes, today = Scenes(), timezone.localdate()
    payer = scenes.given_payer("20418837", name="Marjeta Hribar")
    house = scenes.given_supply_point(payer)
    meter = scenes.given_meter(house)
    counter = 3000
    for month in months_before(today, 26):
        used = 130 if month.month in (12, 1, 2) else 15 if 5 < month.month < 9 else 60
        basis = "flat_rate" if month.month == 2 else "customer_reported"
        scenes.given_billed(
            meter, payer, month=month, value_from_m3=str(counter), value_to_m3=str(counter + used), basis=basis
        )
        counter += used
    document = scenes.given_document(
        payer, house, "26-OGR-104417", open_eur=Decimal("136.84"), issued_on=today - timedelta(days=10),
        due_on=today + timedelta(days=7),
    )  # fmt: skip
    scenes.given_document(payer, house, "26-DOB-002031", kind="credit_note", amount_eur="18.40", due_on=None)
    contract = scenes.given_contract(payer, house, ends_on=today + timedelta(days=66))
    Offer.objects.create(
        number="P-1", contract=contract, months=24, price_eur=Decimal("2.19"), valid_from=today,
        valid_until=today + timedelta(days=60),
    )  # fmt: skip
    Price.objects.create(
        product="propane", unit="m3", valid_from=today - timedelta(days=90), price_eur=Decimal("2.49"),
        kwh_per_unit=Decimal("25.9845"),
    )  # fmt: skip
    call_command("publish_terms", verbosity=0)
    return Supplier(payer.tax_number, payer.number, document.external_number)


def months_before(today: date, count: int) -> list[date]:
    """Return the first days of the last `count` full months, oldest first."""
    ordinal = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(ordinal - count, ordinal)]


def mailed_link(live_url: str, name: str = "marjeta") -> str:
    """Return the newest mail's link on the live server's port; the mail itself names the portal's own address."""
    return live_url + link_in(newest_mail_to(f"{name}@example.si"))


def copy_of_terms_has_come(name: str = "marjeta") -> None:
    """Read the mail that follows a registration: one asked for later, to sign in, would overtake it."""
    assert newest_mail_to(f"{name}@example.si").subject.startswith(("Splošni pogoji", "General terms"))


def sends(page: Page, form: str = "main form") -> None:
    page.locator(f"{form} button[type=submit]").first.click()


def registers(page: Page, start: str, live_url: str, name: str) -> None:
    page.goto(f"{live_url}{start}registracija/" if start == "/" else f"{live_url}{start}register/")
    looked_at(page, "register")
    page.fill("input[name=email]", f"{name}@example.si")
    sends(page)
    looked_at(page, "register-sent")
    page.goto(mailed_link(live_url))
    looked_at(page, "register-finish")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.check("main input[type=checkbox]")
    sends(page)
    copy_of_terms_has_come(name)


def signs_in(page: Page, mail_browser: BrowserContext | None, live_url: str, name: str) -> None:
    """Type name and password, then press the mail's button: in this browser, or on a phone with the number."""
    looked_at(page, "sign-in")
    page.fill("input[name=identifier]", name)
    page.fill("input[name=password]", PASSWORD)
    sends(page)
    looked_at(page, "waiting")
    link = mailed_link(live_url)
    if mail_browser is None:
        page.goto(link)
        looked_at(page, "confirm")
        sends(page)
        return
    number = "".join(re.findall(r"\d", page.locator(".paircode").inner_text()))
    phone = mail_browser.new_page()
    phone.goto(link)
    looked_at(phone, "confirm-elsewhere")
    phone.fill("input[name=number]", number)
    sends(phone)
    looked_at(phone, "confirmed-elsewhere")


def links_the_house(page: Page, supplier: Supplier) -> None:
    page.fill("input[name=tax_number]", supplier.tax_number)
    page.fill("input[name=payer_number]", supplier.payer_number)
    page.fill("input[name=document_number]", supplier.document_number)
    page.fill("input[name=name]", "Dom")
    sends(page)


ROOMS = {
    "/": ("poraba", "stanje", "racuni", "pogodbe", "narocila", "podpora", "profil", "vec", "odjemna-mesta", "pogoji"),
    "/en/": (
        "consumption", "readings", "documents", "contracts", "orders", "support", "profile", "more", "places", "terms",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("start", "size"), [("/", PHONE), ("/en/", DESK)], ids=["phone", "desk"])
def test_a_new_customer_reaches_home(browser: Browser, live_server, supplier, start, size):
    context = browser.new_context(viewport=size)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(re.match(r"\w+://[^/]+", request.url)[0]))
    live_url = live_server.url

    registers(page, start, live_url, "marjeta")
    with browser.new_context(viewport=PHONE, locale="sl-SI") as elsewhere:
        signs_in(page, elsewhere, live_url, "marjeta")
        expect(page.locator("main")).to_contain_text(re.compile("odjemno mesto|supply point", re.I))
    page.wait_for_url(re.compile(re.escape(live_url + start) + "$"))
    looked_at(page, "home-empty")
    page.locator("main a.btn").first.click()
    looked_at(page, "link")
    links_the_house(page, supplier)
    Link.objects.update(name="Apartma Pod Velikim Vrhom – vzhodno krilo")
    page.goto(live_url + start)
    looked_at(page, "home")
    expect(page.locator("main")).to_contain_text("136,84" if start == "/" else "136.84")
    for room in ROOMS[start]:
        page.goto(f"{live_url}{start}{room}/")
        looked_at(page, room)
    assert complaints == []
    assert asked == {live_url}, "a page asked somebody else"
    context.close()


def test_the_same_journey_without_javascript(browser: Browser, live_server, supplier):
    with browser.new_context(viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        live_url = live_server.url
        page.goto(f"{live_url}/registracija/")
        page.fill("input[name=email]", "marjeta@example.si")
        sends(page)
        page.goto(mailed_link(live_url))
        page.fill("input[name=username]", "marjeta")
        page.fill("input[name=password]", PASSWORD)
        page.check("main input[type=checkbox]")
        sends(page)
        copy_of_terms_has_come()
        page.fill("input[name=identifier]", "marjeta@example.si")
        page.fill("input[name=password]", PASSWORD)
        sends(page)
        page.goto(mailed_link(live_url))
        sends(page)
        page.goto(f"{live_url}/odjemna-mesta/povezi/")
        links_the_house(page, supplier)
        page.goto(live_url)
        expect(page.locator("main")).to_contain_text("136,84")


def test_a_scanner_that_presses_every_button_signs_nobody_in(browser: Browser, live_server, supplier):
    customer = Customer("Marjeta", signed_in=False)
    with browser.new_context(viewport=DESK) as person, browser.new_context() as scanner:
        page = person.new_page()
        page.goto(f"{live_server.url}/prijava/")
        page.fill("input[name=identifier]", "marjeta")
        page.fill("input[name=password]", PASSWORD)
        sends(page)
        number = "".join(re.findall(r"\d", page.locator(".paircode").inner_text()))
        link = mailed_link(live_server.url)
        machine = scanner.new_page()
        machine.goto(link)
        machine.locator("main form button[type=submit]").first.click()
        assert User.objects.get(pk=customer.user.pk).sessions.count() == 0

        machine.goto(link)
        machine.fill("input[name=number]", number)
        sends(machine)
        page.wait_for_url(f"{live_server.url}/pogoji/sprejem/?next=%2F")  # has agreed to none yet
        assert customer.user.sessions.count() == 1
