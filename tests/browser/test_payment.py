"""Paying in a real browser: the code on the page is one a bank reads, on phone and desk, light, dark and on paper."""

import base64
import itertools
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.billing.models import Document
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import Customer, Scenes
from tests.codes import read_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Customer:
    """Ana, who owes 136,84 euros for an invoice with everything a slip needs."""
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer("20418837", name="Marjeta Žvokelj Čuček")
    house = scenes.given_supply_point(payer)
    scenes.given_meter(house)
    scenes.given_link(ana, payer, house)
    ana.invoice = scenes.given_document(
        payer, house, "26-OGR-104417", open_eur=Decimal("136.84"), due_on=date(2026, 11, 30),
        payee_iban="SI56020170014356205", reference="SI0026104417", purpose="Račun 26-OGR-104417",
        purpose_code="GASB", period_from=date(2026, 10, 1), period_to=date(2026, 10, 31),
    )  # fmt: skip
    return ana


A_PHONE_THAT_SHARES = """
    navigator.canShare = what => what.files.every(each => each.type === "image/png");
    navigator.share = async what => {
        const bytes = new Uint8Array(await what.files[0].arrayBuffer());
        document.body.dataset.shared = what.files[0].name + " " + btoa(String.fromCharCode(...bytes));
    };
"""
"""Chromium of a server shares nothing: this keeps what another app would get."""


def page_of(ana: Customer, browser: Browser, live_server, *, script: str = "", **context) -> Page:
    """Open Ana's invoice in a browser that is already signed in."""
    tab = browser.new_context(**context)
    tab.add_init_script(script)
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page = tab.new_page()
    page.goto(f"{live_server.url}/racuni/{ana.invoice.public_id}/")
    return page


def test_the_code_is_read_from_the_screen(ana, browser, live_server):
    page = page_of(ana, browser, live_server, viewport=PHONE)
    assert page.locator(".qr img").evaluate("image => image.complete && image.naturalWidth > 0")
    looked_at(page, "invoice")
    for size, scheme in itertools.product((PHONE, DESK), ("light", "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        content = read_code(page.screenshot(full_page=True)).text
        assert content.startswith("UPNQR\n\n\n\n\nMarjeta Žvokelj Čuček\n")
        assert "\n00000013684\n" in content and "\nSI0026104417\n" in content


def test_the_invoice_prints_on_one_sheet_with_a_code_that_is_read(ana, browser, live_server, tmp_path):
    page = page_of(ana, browser, live_server, viewport=DESK)
    printed = page.pdf(path=tmp_path / "racun.pdf", format="A4", print_background=False)
    assert printed.count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert read_code(page.screenshot(full_page=True)).text.startswith("UPNQR\n")


def test_the_picture_of_the_code_is_saved_on_the_phone(ana, browser, live_server):
    page = page_of(ana, browser, live_server, viewport=PHONE)
    with page.expect_download() as begun:
        page.get_by_role("link", name="Shranite sliko kode").click()
    assert read_code(Path(begun.value.path()).read_bytes()).text.startswith("UPNQR\n")


def test_the_picture_of_the_code_goes_to_another_app_of_the_phone(ana, browser, live_server):
    page = page_of(ana, browser, live_server, viewport=PHONE, script=A_PHONE_THAT_SHARES)
    page.get_by_role("button", name="Odprite v drugi aplikaciji").click()
    page.wait_for_selector("body[data-shared]")
    name, picture = page.evaluate("document.body.dataset.shared").split(" ")
    assert name == "upn-qr.png"
    assert "\n00000013684\n" in read_code(base64.b64decode(picture)).text
    plain = page_of(ana, browser, live_server, viewport=PHONE, script="delete Navigator.prototype.canShare")
    expect(plain.locator("[data-share]")).to_be_hidden()


@override_settings(EPC_QR=True)
def test_the_code_of_foreign_banks_and_that_of_direct_debit_come_when_asked_for(ana, browser, live_server):
    page = page_of(ana, browser, live_server, viewport=DESK, java_script_enabled=False)
    page.get_by_text("Koda za tuje banke").click()
    foreign = page.get_by_role("img", name="Koda EPC QR")
    assert read_code(foreign.screenshot()).text.startswith(
        "BCD\n002\n1\nSCT\n\nVzorčni plin, d. d.\nSI56020170014356205\n"
    )
    Document.objects.update(collected_on=date(2126, 11, 29))
    page.reload()
    code = page.locator(".qr img").first
    expect(code).to_be_hidden()
    page.get_by_text("Vseeno pokažite podatke za plačilo").click()
    assert read_code(code.screenshot()).text.startswith("UPNQR\n")
    looked_at(page, "collected", axe=False)
