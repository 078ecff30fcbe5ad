"""A reading in a real browser: straight from the reminder on a phone, and the pages as they look."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Browser, expect

from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.notifications.telling import tell_everyone
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import Customer, Scenes, moment

pytestmark = pytest.mark.django_db(transaction=True)
NOW = moment(2026, 11, 26, 18, 47)


@pytest.fixture
def ana():
    """Ana, whose house stood at 4312 m³ at the end of October, on an evening within the window."""
    with time_machine.travel(NOW):
        scenes, ana = Scenes(), Customer("Ana")
        payer = scenes.given_payer()
        house = scenes.given_supply_point(payer)
        meter = scenes.given_meter(house)
        for month, first, last in ((9, "4241", "4260"), (10, "4260", "4312")):
            scenes.given_billed(meter, payer, month=date(2026, month, 1), value_from_m3=first, value_to_m3=last)
        scenes.given_link(ana, payer, house)
        yield ana


def test_from_the_reminder_on_a_phone_it_takes_three_taps_at_most_and_one_number(ana, browser: Browser, live_server):
    tell_everyone(NOW)
    mail = ana.reads_mail("ana@example.si")
    path = urlsplit(re.search(r"https?://\S+/stanje/iz-opomnika/\S+", mail.text).group()).path
    page = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto(live_server.url + path)  # tap 1: the button of the mail
    looked_at(page, "reading-by-link")
    counter = page.get_by_label("Vpišite črne števke, rdečih ne")
    expect(counter).to_be_focused()  # the keypad is open
    page.keyboard.type("4399")  # the number
    page.get_by_role("button", name="Oddajte stanje").tap()  # tap 2
    expect(page.get_by_text("Hvala, prejeli smo stanje 4399")).to_be_visible()
    reading = SubmittedReading.objects.get()
    assert (int(reading.value_m3), reading.way) == (4399, "reminder")


def test_the_page_says_how_it_understands_what_is_typed_and_every_page_of_a_reading_looks_right(
    ana, browser: Browser, live_server
):
    tab = browser.new_context(viewport=PHONE)
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page = tab.new_page()
    page.goto(f"{live_server.url}/stanje/")
    page.get_by_label("Vpišite črne števke, rdečih ne").press_sequentially("4939")
    expect(page.locator("#understood")).to_contain_text("To je nenavadno")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sta morda dve števki zamenjani med seboj?")).to_be_visible()
    looked_at(page, "reading-check")
    page.get_by_role("button", name="Oddajte 4399").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stanje je oddano")
    looked_at(page, "reading-sent")
    page.goto(f"{live_server.url}/stanje/zamenjava/?typed=41")
    looked_at(page, "reading-exchanged")


def test_the_chart_of_consumption_is_read_by_keyboard_and_printed_with_its_table(ana, browser: Browser, live_server):
    tab = browser.new_context(viewport=DESK, color_scheme="dark")
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page = tab.new_page()
    page.goto(f"{live_server.url}/poraba/")
    months = page.locator(".chart__plot [tabindex]")
    months.first.focus()
    expect(months.first).to_have_accessible_name(re.compile(r"^september: 2026 19\sm³; 2025 ni podatka"))
    page.keyboard.press("Tab")
    expect(months.nth(1)).to_be_focused()
    expect(months.nth(1)).to_have_accessible_name(re.compile(r"^oktober: 2026 52\sm³"))
    assert page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth") == "2px"
    values = page.get_by_role("cell", name="52", exact=True)
    expect(values).to_be_hidden()
    for _each in range(months.count() - 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the summary follows upon the last month
    expect(values).to_be_visible()
    page.keyboard.press("Enter")
    expect(values).to_be_hidden()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.chart__val')).fill") == "rgb(0, 0, 0)"
    assert values.evaluate("each => each.checkVisibility({contentVisibilityAuto: true})")
    expect(page.locator(".chart__plot")).to_be_visible()
    expect(page.locator(".topbar")).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
    tab.close()
