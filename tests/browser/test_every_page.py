"""Every address of tests/routes.toml in a real browser: nothing for axe to find, nothing wider than a phone of 320 px,
also when its form is sent empty."""

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page

from mojplin.domain.accounts.models import User
from tests import test_routes
from tests.browser.looks import PHONE, looked_at, violations
from tests.test_routes import routes
from tests.web.sign_in_case import address

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SENT = ("remove", "more", "profile", "notices", "devices", "my_data", "places", "passkeys", "move")
"""Customers' pages on which an empty form does what it says, and is no mistake."""
EMPTIED = "main input:is([type=text], [type=email], [type=password]), main textarea"


def is_page(context: BrowserContext, where: str) -> bool:
    """Whether a page with a heading is there, and no file, picture or fragment."""
    answer = context.request.get(where)
    return "text/html" in answer.headers["content-type"] and "<main" in answer.text()


@pytest.mark.parametrize(("who", "pages"), [("anyone", 15), ("customer", 50), ("staff", 15)])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, live_server, who: str, pages: int):
    call_command("publish_terms", verbosity=0)
    case = test_routes.PolicyTests()
    case.setUp()
    User.objects.update(terms_version=1)
    visitor = {"customer": case.ana, "staff": case.nika}.get(who)
    with browser.new_context(viewport={"width": 320, "height": 800}, reduced_motion="reduce") as context:
        if visitor:
            cookie = visitor.browser.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        found = faults_at(page, f"{live_server.url}/ni-take-strani/", is_sent=False)
        looked_at = 0
        for route in routes():
            where = live_server.url + case.address(route)
            if route.policy["who"] == who and "GET" in route.policy["methods"] and is_page(context, where):
                looked_at += 1
                found += faults_at(page, where, is_sent=route.name.removeprefix("web:") not in NOT_SENT)
        found += faults_of_a_stale_form(page, live_server.url + address("register"))
    assert found == []
    assert looked_at >= pages


def faults_at(page: Page, where: str, *, is_sent: bool) -> list[str]:
    page.goto(where)
    page.eval_on_selector_all("main details", "all => all.forEach(each => { each.open = true; })")
    found = faults_of(page, where)
    buttons = page.locator("main form[method=post] button[type=submit]")
    if not is_sent or buttons.count() == 0:
        return found
    page.eval_on_selector_all("form", "all => all.forEach(form => { form.noValidate = true; })")
    page.eval_on_selector_all(EMPTIED, "all => all.forEach(field => { field.value = ''; })")
    buttons.last.click()
    return found + faults_of(page, f"{where}, sent empty")


def faults_of_a_stale_form(page: Page, where: str) -> list[str]:
    page.context.clear_cookies()
    page.goto(where)
    page.context.clear_cookies()
    page.fill("[name=email]", "nova@example.si")
    page.locator("main form button[type=submit]").click()
    assert page.locator("h1").count() == 1 and "nova@example.si" not in page.content()
    return faults_of(page, f"{where}, sent without its cookie")


def faults_of(page: Page, where: str) -> list[str]:
    found = [f"{where}: {each[:200]}" for each in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{where} is wider than the screen")
    return found


@pytest.mark.parametrize("address", ["/broken/", "/away/"], ids=["500", "503"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_finds_nothing_on_the_pages_of_a_fault(
    browser: Browser, live_server, settings, address: str, language: str
):
    settings.ROOT_URLCONF = "tests.browser.broken_pages"
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        answer = page.goto(live_server.url + language + address)
        assert answer.status in (500, 503)
        looked_at(page, f"fault-{answer.status}")
