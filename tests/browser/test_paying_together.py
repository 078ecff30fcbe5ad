"""Paying several bills in a real browser: chosen, added up, scanned code by code without any script, or all at once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.browser.looks import violations
from tests.cast import Customer, Scenes
from tests.codes import read_code

PICTURES = Path("var/pictures")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 1024}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Customer:
    """Ana, who owes for three invoices, one of them overdue, and has a credit note."""
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer("20418837", name="Marjeta Žvokelj Čuček")
    house = scenes.given_supply_point(payer)
    scenes.given_link(ana, payer, house)
    for number, amount in ((1, "136.84"), (2, "52.10"), (3, "0.99")):
        scenes.given_document(
            payer, house, f"26-OGR-10441{number}", amount_eur=amount, open_eur=Decimal(amount),
            due_on=date(2020 if number == 1 else 2096, 11, 30), payee_iban="SI56020170014356205",
            reference=f"SI002610441{number}", purpose=f"Račun 26-OGR-10441{number}", purpose_code="GASB",
        )  # fmt: skip
    scenes.given_document(
        payer, house, "26-DOB-1", kind="credit_note", amount_eur="20.00", open_eur=Decimal(20), due_on=None
    )
    return ana


def balance_of(ana: Customer, browser: Browser, live_server, **context) -> Page:
    """Open what Ana owes in a browser that is already signed in."""
    tab = browser.new_context(**context)
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page = tab.new_page()
    page.goto(f"{live_server.url}/odprto-stanje/")
    return page


def read(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    return read_code(page.screenshot(full_page=True)).text.split("\n")


def test_on_a_phone_without_script_two_of_three_are_scanned_one_after_the_other(ana, browser, live_server):
    page = balance_of(ana, browser, live_server, viewport=PHONE, java_script_enabled=False, color_scheme="dark")
    page.get_by_label("Izberite: Račun 26-OGR-104413").uncheck()
    page.get_by_role("button", name="Plačajte izbrano").click()
    assert "188,94" in page.inner_text("main")
    first = read(page)
    page.get_by_role("link", name="Naslednja koda").click()
    second = read(page)
    assert [(code[8], code[15]) for code in (first, second)] == [
        ("00000013684", "SI0026104411"), ("00000005210", "SI0026104412")
    ]  # fmt: skip
    page.get_by_role("link", name="To je bila zadnja").click()
    assert page.url.endswith("/odprto-stanje/")


def test_at_a_desk_the_sum_follows_what_is_chosen_and_one_code_pays_it(ana, browser, live_server, settings, tmp_path):
    settings.COLLECTIVE_REFERENCE = "payer_si12"
    page = balance_of(ana, browser, live_server, viewport=DESK)
    chosen = page.locator("[data-chosen]")
    assert "189,93" in chosen.inner_text()
    page.get_by_label("Izberite: Račun 26-OGR-104411").uncheck()
    assert "53,09" in chosen.inner_text()
    assert violations(page) == []
    page.screenshot(full_page=True, path=PICTURES / "odprto-stanje-1280.png")
    page.get_by_role("button", name="Plačajte izbrano").click()
    code = read(page)
    assert (code[8], code[12], code[15]) == ("00000005309", "26-OGR-104412 26-OGR-104413", "SI12204188377")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    printed = page.pdf(path=tmp_path / "placilo.pdf", format="A4", print_background=False)
    assert printed.count(b"/Type /Page\n") == 1
