"""A house handed over on a phone: announced in Slovene by keyboard, disputed and confirmed in English by the link."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.moving.links import link_token
from mojplin.domain.moving.models import MoveOut
from mojplin.foundation.outbox.models import Message
from tests.browser.looks import PHONE, looked_at
from tests.cast import Customer, Scenes

pytestmark = pytest.mark.django_db(transaction=True)


def phone_of(browser: Browser, live_server, customer: Customer | None = None, **context) -> Page:
    phone = browser.new_context(viewport=PHONE, **context)
    if customer:
        name = settings.SESSION_COOKIE_NAME
        phone.add_cookies([{"name": name, "value": customer.browser.cookies[name].value, "url": live_server.url}])
    return phone.new_page()


def types(page: Page, text: str) -> None:
    """Go to the next field by keyboard and write into it."""
    page.keyboard.press("Tab")
    page.keyboard.type(text)


def test_a_house_is_handed_over_on_two_phones(browser, live_server):
    scenes, ana, today = Scenes(), Customer("Ana"), timezone.localdate()
    payer = scenes.given_payer()
    house = scenes.given_supply_point(payer)
    scenes.given_meter(house, installed_on=today - timedelta(days=30), initial_value_m3=4312)
    scenes.given_link(ana, payer, house)
    page = phone_of(browser, live_server, ana)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Selim se").click()
    page.get_by_label("Koliko je tisti dan kazal števec?").focus()
    page.keyboard.type("4300")
    types(page, "nada@example.com")
    page.keyboard.press("Tab")
    types(page, "Log 7, 4280 Kranjska Gora")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stanje 4300 m³ je pravilno")).to_be_visible()
    looked_at(page, "moving-out-asked")
    page.get_by_label("Koliko je tisti dan kazal števec?").fill("4330")
    page.get_by_role("button", name="Najavite predajo").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Predaja S-")
    move = MoveOut.objects.get()
    told = phone_of(browser, live_server, java_script_enabled=False)
    told.goto(f"{live_server.url}/en/taking-over/{link_token(move.public_id, 1)}/")
    told.get_by_role("link", name="It was otherwise").press("Enter")
    told.get_by_label("What did the meter show that day?").fill("4331")
    told.get_by_label("Who will pay for the gas?").fill("Nada Nova")
    told.keyboard.press("Enter")
    expect(told.get_by_text("Thank you, we have what you say.")).to_be_visible()
    page.reload()
    looked_at(page, "moving-disputed")
    page.get_by_role("link", name="Najavite znova").press("Enter")
    page.get_by_label("Koliko je tisti dan kazal števec?").fill("4331")
    page.get_by_role("button", name="Pošljite znova").press("Enter")
    expect(page.get_by_text("Najava je poslana znova")).to_be_visible()
    other = phone_of(browser, live_server)
    other.goto(f"{live_server.url}/en/taking-over/{link_token(move.public_id, 2)}/")
    looked_at(other, "taking-over")
    other.get_by_label("Who will pay for the gas?").fill("Nada Nova")
    other.get_by_role("button", name="I confirm the day and the reading").press("Enter")
    expect(other.get_by_text("Both sides have confirmed the same.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Potrdili obe strani").first).to_be_visible()
    assert Message.objects.get(topic="erp.move.agreed").payload["value_m3"] == "4331"
