"""A contract renewed and cylinders ordered in a real browser, by keyboard and without a word of script."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.contracts.models import Offer, Renewal
from mojplin.domain.orders.models import Article, CylinderOrder
from tests.browser.looks import DESK, PHONE
from tests.cast import Customer, Scenes

pytestmark = pytest.mark.django_db(transaction=True)


def tab_of(customer: Customer, browser: Browser, live_server, **context) -> Page:
    """Return a tab that is signed in, without JavaScript."""
    tab = browser.new_context(java_script_enabled=False, **context)
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": customer.browser.cookies[name].value, "url": live_server.url}])
    return tab.new_page()


def test_a_contract_is_renewed_on_a_phone(browser, live_server):
    scenes, ana, today = Scenes(), Customer("Ana"), timezone.localdate()
    payer = scenes.given_payer()
    house = scenes.given_supply_point(payer)
    scenes.given_link(ana, payer, house)
    contract = scenes.given_contract(payer, house, ends_on=today + timedelta(days=60))
    Offer.objects.create(
        number="P-1", contract=contract, months=24, price_eur=Decimal("2.19"), valid_from=today,
        valid_until=today + timedelta(days=60),
    )  # fmt: skip
    page = tab_of(ana, browser, live_server, viewport=PHONE)
    page.goto(f"{live_server.url}/pogodbe/{contract.public_id}/")
    page.get_by_role("link", name="Oglejte si ponudbe").click()
    page.get_by_label("24 mesecev").check()
    page.get_by_role("button", name="Nadaljujte na pregled").click()
    page.get_by_label("Celoten aneks poznam").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Podaljšanje PO-")
    assert Renewal.objects.get().offer_number == "P-1"


def test_cylinders_are_ordered_without_a_supply_point(browser, live_server):
    cilka = Customer("Cilka")
    Article.objects.create(
        number="JEK-10", kind="cylinder", name="Jeklenka 10 kg", valid_from=timezone.localdate(),
        price_eur=Decimal("31.90"), vat_percent=22,
    )  # fmt: skip
    page = tab_of(cilka, browser, live_server, viewport=DESK)
    page.goto(f"{live_server.url}/narocila/")
    page.get_by_role("link", name="Naročite jeklenko").click()
    page.get_by_label("Jeklenka 10 kg").fill("2")
    page.get_by_label("Ime in priimek").fill("Cilka Kos")
    page.get_by_label("Kam jih pripeljemo?").fill("Log 7, 4280 Kranjska Gora")
    page.get_by_label("Telefon").fill("040 000 000")
    page.get_by_role("button", name="Poglejte, koliko stane").click()
    page.get_by_role("button", name="Naročite z obveznostjo plačila").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Naročilo J-")
    assert CylinderOrder.objects.get().total_eur == Decimal("63.80")
