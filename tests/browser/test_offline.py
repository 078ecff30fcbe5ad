"""Without a network the portal says what to do when it smells of gas; it keeps nothing of anybody, signed in or out."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from mojplin.interfaces.web.brand import COLOURS, MARK, brand_url
from tests.browser.looks import PHONE, looked_at
from tests.browser.patience import waited_for
from tests.cast import Customer
from tests.test_routes import routes

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found.sort();
}"""


def has_worker(page: Page) -> None:
    waited_for(page, "navigator.serviceWorker.controller !== null")


def test_the_page_of_safety_is_there_without_a_network_and_nothing_of_anybody(browser: Browser, live_server) -> None:
    assert "web:service_worker" in {route.name for route in routes()}
    cilka = Customer("Cilka")
    context = browser.new_context(viewport=PHONE, locale="sl-SI")
    secret = cilka.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/profil/")
    has_worker(page)
    kept = [
        brand_url(COLOURS), brand_url(MARK), "/brez-povezave/", "/en/offline/", "/static/portal/portal.css",
    ]  # fmt: skip
    assert page.evaluate(KEPT) == kept
    page.goto(f"{live_server.url}/vec/")
    assert page.evaluate(KEPT) == kept
    assert "Cilka" not in page.evaluate("caches.match('/brez-povezave/').then(answer => answer.text())")

    context.set_offline(True)
    page.goto(f"{live_server.url}/racuni/")
    assert page.locator("h1").inner_text() == "Ni povezave"
    assert page.locator("main a[href='tel:112']").is_visible()
    assert page.locator(f"main a[href='tel:{settings.SUPPLIER['emergency_phone'].replace(' ', '')}']").is_visible()
    looked_at(page, "offline-sl")
    page.goto(f"{live_server.url}/en/documents/")
    assert page.locator("h1").inner_text() == "No connection"
    looked_at(page, "offline-en")

    context.set_offline(False)
    page.goto(f"{live_server.url}/vec/")
    page.locator("form[action='/odjava/'] button").first.click()
    page.wait_for_url("**/prijava/")
    assert set(page.evaluate(KEPT)) <= set(kept)
    context.close()
