"""Renewing, refills and cylinders in a real browser, to the end: by keyboard alone, without a word of script."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from mojplin.domain.contracts.models import Contract, Offer, Renewal
from mojplin.domain.orders.models import Article, CylinderOrder, GasOrder, HandOver
from mojplin.foundation.outbox.models import Message
from tests.browser.keys import goes_to, reaches, types
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import Customer, Scenes

pytestmark = pytest.mark.django_db(transaction=True)
Tab = Callable[..., Page]
FORM = "https://obrazci.example.si/jeklenke"


def given_form(page: Page, settings) -> list[Request]:
    """The supplier keeps a web form for cylinders; return what it will be opened with."""
    settings.CYLINDERS_IN_PORTAL = False
    settings.SUPPLIER_FORMS = {"cylinder": ("post", FORM)}
    opened: list[Request] = []
    page.route(FORM, lambda route: opened.append(route.request) or route.fulfill(body="<h1>"))
    return opened


def contract_that_ends(ana: Customer) -> Contract:
    """Ana's contract ends in two months, and two offers wait."""
    scenes, today = Scenes(), timezone.localdate()
    payer = scenes.given_payer()
    house = scenes.given_supply_point(payer)
    scenes.given_link(ana, payer, house)
    contract = scenes.given_contract(payer, house, ends_on=today + timedelta(days=60))
    for months, price in ((24, "2.19"), (12, "2.26")):
        Offer.objects.create(
            number=f"P-{months}", contract=contract, months=months, price_eur=Decimal(price), valid_from=today,
            valid_until=today + timedelta(days=60),
        )  # fmt: skip
    return contract


def test_a_contract_is_renewed_on_a_phone_without_script(tab: Tab):
    ana = Customer("Ana")
    contract = contract_that_ends(ana)
    page = tab(ana, viewport=PHONE, java_script_enabled=False)
    page.goto(f"/pogodbe/{contract.public_id}/")
    page.get_by_role("link", name="Oglejte si ponudbe").click()
    page.get_by_label("24 mesecev").check()
    page.get_by_role("button", name="Nadaljujte na pregled").click()
    page.get_by_label("Celoten aneks poznam").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Podaljšanje PO-")
    assert Renewal.objects.get().offer_number == "P-24"


def test_from_the_offer_to_the_withdrawal_by_keyboard_in_english(tab: Tab):
    ana = Customer("Ana")
    contract_that_ends(ana)
    page = tab(ana, viewport=DESK)
    page.goto("/en/contracts/")
    goes_to(page, "See the offers")
    page.wait_for_url("**/renewal/")
    reaches(page, "document.activeElement.name === 'offer'")
    page.keyboard.press("ArrowDown")
    looked_at(page, "renewal-offers")
    goes_to(page, "Go on to the review")
    page.wait_for_url("**/review/?offer=P-12")
    looked_at(page, "renewal-review")
    reaches(page, "document.activeElement.name === 'agrees'")
    page.keyboard.press("Space")
    goes_to(page, "Renew the contract with an obligation to pay")
    page.wait_for_url("**/contracts/renewals/*/")
    looked_at(page, "renewal-sent")
    goes_to(page, "Withdraw from the renewal")
    page.wait_for_url("**/withdraw/")
    goes_to(page, "Withdraw from the renewal")
    page.wait_for_url("**/contracts/renewals/*/")
    expect(page.locator("main")).to_contain_text("It was withdrawn from on")
    assert Renewal.objects.get().state == "withdrawn"
    assert Message.objects.filter(topic="erp.renewal.withdrawn").count() == 1


def test_a_refill_is_ordered_and_cancelled_on_a_phone_without_script(tab: Tab):
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer()
    tank = scenes.given_supply_point(payer, "1042-9000", kind="bulk", tank_capacity_l=2700)
    scenes.given_link(ana, payer, tank, name="Vikend")
    scenes.given_contract(payer, tank, price_eur=Decimal("0.62"), unit="l", ends_on=None)
    page = tab(ana, viewport=PHONE, java_script_enabled=False)
    page.goto("/narocila/")
    page.get_by_role("button", name="Poglejte, koliko stane").click()
    page.get_by_label("Koliko odstotkov plina").fill("28")
    page.get_by_label("Telefon za dogovor").fill("040 000 000")
    page.get_by_label("Dostop do plinohrama").fill("Ključ je pri sosedi.")
    page.get_by_role("button", name="Poglejte, koliko stane").click()
    looked_at(page, "refill-review", axe=False)
    page.get_by_role("button", name="Naročite z obveznostjo plačila").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Naročilo N-")
    looked_at(page, "refill-ordered", axe=False)
    page.get_by_role("button", name="Prekličite naročilo").click()
    expect(page.locator("main")).to_contain_text("Preklicano")
    page.get_by_role("link", name="Naročila", exact=True).first.click()
    expect(page.get_by_label("Dostop do plinohrama")).to_have_value("Ključ je pri sosedi.")
    assert GasOrder.objects.get().state == "cancelled"


def given_cylinders() -> None:
    Article.objects.create(
        number="JEK-10", kind="cylinder", name="Jeklenka 10 kg", valid_from=timezone.localdate(),
        price_eur=Decimal("31.90"), vat_percent=22,
    )  # fmt: skip


def test_cylinders_are_ordered_without_a_supply_point_nor_script_here_and_by_the_suppliers_form(tab: Tab, settings):
    given_cylinders()
    page = tab(Customer("Cilka"), viewport=DESK, java_script_enabled=False)
    page.goto("/narocila/")
    page.get_by_role("link", name="Naročite jeklenko").click()
    page.get_by_label("Jeklenka 10 kg").fill("2")
    page.get_by_label("Ime in priimek").fill("Cilka Kos")
    page.get_by_label("Kam jih pripeljemo?").fill("Log 7, 4280 Kranjska Gora")
    page.get_by_label("Telefon").fill("040 000 000")
    page.get_by_role("button", name="Poglejte, koliko stane").click()
    page.get_by_role("button", name="Naročite z obveznostjo plačila").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Naročilo J-")
    assert CylinderOrder.objects.get().total_eur == Decimal("63.80")
    opened = given_form(page, settings)
    page.goto("/narocila/")
    page.get_by_role("link", name="Naročite jeklenko").press("Enter")
    page.wait_for_url("**/narocila/obrazec/cylinder/")
    goes_to(page, "Nadaljujte na obrazec")
    page.wait_for_url("**?to=*")
    goes_to(page, "Odprite dobaviteljev obrazec")
    page.wait_for_url(FORM)
    assert parse_qs(opened[0].post_data)["email"] == ["cilka@example.si"]


def test_a_refill_at_a_desk_and_cylinders_on_a_phone_are_ordered_by_keyboard_in_english(tab: Tab):
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer()
    tank = scenes.given_supply_point(payer, "1042-9000", kind="bulk", tank_capacity_l=2700)
    scenes.given_link(ana, payer, tank)
    scenes.given_contract(payer, tank, price_eur=Decimal("0.62"), unit="l", ends_on=None)
    given_cylinders()
    page = tab(ana, viewport=DESK)
    page.goto("/en/orders/")
    types(page, "gauge_percent", "28")
    types(page, "phone", "040 000 000")
    goes_to(page, "See what it costs")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the order")
    goes_to(page, "Order with an obligation to pay")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Order N-")
    page.set_viewport_size(PHONE)
    page.goto("/en/orders/cylinders/")
    types(page, "quantity_JEK-10", "1")
    types(page, "phone", "040 000 000")
    goes_to(page, "See what it costs")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the order")
    goes_to(page, "Order with an obligation to pay")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Order J-")
    goes_to(page, "Cancel the order")
    expect(page.locator("main")).to_contain_text("Cancelled")
    assert (GasOrder.objects.get().state, CylinderOrder.objects.get().state) == ("received", "cancelled")


def test_where_the_supplier_keeps_a_form_it_opens_filled_in_and_no_address_tells(tab: Tab, settings):
    page = tab(Customer("Cilka"), viewport=PHONE)
    opened = given_form(page, settings)
    page.goto("/en/orders/")
    page.get_by_role("link", name="Order a gas cylinder").click()
    expect(page.locator("main")).to_contain_text("cilka@example.si")
    page.get_by_role("button", name="Go on to the form").click()
    looked_at(page, "hand-over")
    page.get_by_role("button", name="Open the supplier's form").click()
    page.wait_for_url(FORM)
    sent = parse_qs(opened[0].post_data)
    assert opened[0].method == "POST" and (sent["name"], sent["email"]) == (["Cilka"], ["cilka@example.si"])
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order a gas cylinder")
    assert HandOver.objects.get().form == "cylinder"
