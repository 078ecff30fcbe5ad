"""The portal in another supplier's colours and under its mark, as Chromium shows it: as legible as the first one's."""

from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.browser.looks import DESK, looked_at
from tests.cast import Customer, Scenes
from tests.other_supplier import is_the_portal

pytestmark = pytest.mark.django_db(transaction=True)


@is_the_portal()
def test_in_other_colours_axe_finds_nothing_in_light_and_dark(browser: Browser, live_server) -> None:
    scenes, ana = Scenes(), Customer("Ana")
    payer = scenes.given_payer("20418837")
    house = scenes.given_supply_point(payer)
    scenes.given_link(ana, payer, house)
    scenes.given_document(payer, house, "26-1", open_eur=Decimal("136.84"), reference="SI0026104417")
    tab = browser.new_context(viewport=DESK, locale="sl-SI")
    page = tab.new_page()
    page.goto(f"{live_server.url}/prijava/")
    brand = page.evaluate("getComputedStyle(document.querySelector('main button[type=submit]')).backgroundColor")
    assert brand == "rgb(122, 31, 92)"
    assert page.locator(".brand__mark").first.evaluate("mark => mark.complete && mark.naturalWidth > 0")
    looked_at(page, "other-sign-in")
    name = settings.SESSION_COOKIE_NAME
    tab.add_cookies([{"name": name, "value": ana.browser.cookies[name].value, "url": live_server.url}])
    page.goto(live_server.url)
    looked_at(page, "other-home")
    tab.close()
