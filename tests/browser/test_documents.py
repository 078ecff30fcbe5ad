"""Invoices in a real browser: found by keyboard alone, looked at in every look, and taken as a ZIP without a script."""

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from mojplin.foundation.outbox.delivery import drain
from tests.browser.looks import DESK, looked_at
from tests.cast import Customer, Scenes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Customer:
    """Ana, with thirty invoices over three years, one of an amount like no other."""
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer("20418837", name="Marjeta Žvokelj Čuček")
    house = scenes.given_supply_point(payer)
    for n, name in enumerate(("Dom", "Zelo dolgo ime počitniške hišice nad slapom za deveto goro")):
        point = house if n == 0 else scenes.given_supply_point(payer, "1042-2")
        scenes.given_link(ana, payer, point, name=name)
        for number in range(15):
            scenes.given_document(
                payer, point, f"26-{n}-{number:02}", issued_on=date(2024 + number % 3, 1 + number % 12, 12),
                amount_eur="777.77" if (n, number) == (1, 7) else "136.84",
            )  # fmt: skip
    return ana


def list_of(ana: Customer, browser: Browser, live_server, **context) -> Page:
    tab = browser.new_context(**context)
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page = tab.new_page()
    page.goto(f"{live_server.url}/racuni/")
    return page


def test_an_invoice_is_found_by_its_amount_with_the_keyboard_alone(ana, browser, live_server):
    page = list_of(ana, browser, live_server, viewport=DESK)
    looked_at(page, "documents")
    page.focus("[name=q]")
    page.keyboard.type("777,77")
    page.keyboard.press("Enter")
    page.wait_for_url("**/racuni/?q=777**")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.focus("tbody a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Račun 26-1-07")


def test_a_year_is_taken_as_a_zip_without_a_script(ana, browser, live_server):
    page = list_of(ana, browser, live_server, viewport=DESK, java_script_enabled=False)
    page.get_by_role("link", name="Prenesite kot ZIP").click()
    page.locator("summary", has_text="Prikažite le nekatere").click()
    page.select_option("[name=year]", "2025")
    page.get_by_role("button", name="Pokažite").click()
    page.get_by_role("button", name="Pripravite ZIP").click()
    expect(page.locator("main")).to_contain_text("Pripravljamo dokumente.")
    drain()
    page.get_by_role("link", name="Poglejte znova").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Prenesite ZIP").click()
    assert download.value.suggested_filename.startswith("moj-butan-plin-")
