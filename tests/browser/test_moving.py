"""A house handed over: its day announced ahead in Slovene on a phone by keyboard, its reading added and disputed in
English by the link without script.

Then each side goes on at a desk, in the other language: a browser is dear, so the same two are used.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.moving.links import link_token
from mojplin.domain.moving.models import MoveOut
from mojplin.foundation.outbox.models import Message
from tests.browser.looks import DESK, PHONE, looked_at
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


def test_a_house_is_handed_over_on_phones_and_at_desks(browser, live_server):
    scenes, ana, today = Scenes(), Customer("Ana"), timezone.localdate()
    payer = scenes.given_payer()
    house = scenes.given_supply_point(payer)
    scenes.given_meter(house, installed_on=today - timedelta(days=30), initial_value_m3=4312)
    scenes.given_link(ana, payer, house)
    page = phone_of(browser, live_server, ana)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Selim se").click()
    page.get_by_label("Dan predaje").fill(f"{today + timedelta(days=20)}")
    page.get_by_label("Koliko je tisti dan kazal števec?").focus()
    types(page, "nada@example.com")
    page.keyboard.press("Tab")
    types(page, "Log 7, 4280 Kranjska Gora")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Predaja S-")
    looked_at(page, "moving-ahead")
    MoveOut.objects.update(moves_on=today)
    move = MoveOut.objects.get()
    page.reload()
    page.get_by_role("link", name="Dodajte stanje").press("Enter")
    page.get_by_label("Koliko je tisti dan kazal števec?").focus()
    page.keyboard.type("4300")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stanje 4300 m³ je pravilno")).to_be_visible()
    looked_at(page, "moving-out-asked")
    page.get_by_label("Koliko je tisti dan kazal števec?").fill("4330")
    page.get_by_role("button", name="Pošljite znova").press("Enter")
    expect(page.get_by_text("Najava je poslana znova")).to_be_visible()
    told = phone_of(browser, live_server, java_script_enabled=False)
    told.goto(f"{live_server.url}/en/taking-over/{link_token(move.public_id, 2)}/")
    told.get_by_role("link", name="It was otherwise").press("Enter")
    told.get_by_label("What did the meter show that day?").fill("4331")
    told.get_by_label("Who will pay for the gas?").fill("Nada Nova")
    told.keyboard.press("Enter")
    expect(told.get_by_text("Thank you, we have what you say.")).to_be_visible()
    page.set_viewport_size(DESK)
    page.goto(f"{live_server.url}/en/moving/{move.public_id}/")
    looked_at(page, "moving-disputed")
    page.get_by_role("link", name="Say it anew").press("Enter")
    page.get_by_label("What did the meter show that day?").fill("4331")
    page.get_by_role("button", name="Send it anew").press("Enter")
    expect(page.get_by_text("It is said anew")).to_be_visible()
    other = phone_of(browser, live_server)
    other.set_viewport_size(DESK)
    other.goto(f"{live_server.url}/prevzem/{link_token(move.public_id, 3)}/")
    looked_at(other, "taking-over")
    other.get_by_label("Kdo bo plačeval plin?").fill("Nada Nova")
    other.get_by_role("button", name="Potrjujem dan in stanje").press("Enter")
    expect(other.get_by_text("Obe strani sta potrdili isto.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Confirmed by both sides").first).to_be_visible()
    assert Message.objects.get(topic="erp.move.agreed").payload["value_m3"] == "4331"
