"""Every address of tests/routes.toml in a real browser: nothing for axe to find, nothing wider than a phone of 320 px,
also when its form is sent empty."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page

from mojplin.domain.accounts.models import User
from tests import test_routes
from tests.test_routes import Route, routes
from tests.web.sign_in_case import address

pytestmark = pytest.mark.django_db(transaction=True)
NO_PAGES = (
    "pdf",
    "xml",
    "code",
    "picture",
    "file",
    "state",
    "options",
    "csv",
    "download",
    "photo",
    "stay",
    "data",
    "mandate",
    "calendar",
)
"""Parts of the names of addresses that give out a file, a picture or a fragment."""
NOT_SENT = ("remove", "more", "profile", "notices", "devices", "my_data", "places", "passkeys")
"""Customers' pages on which an empty form does what it says, and is no mistake."""
EMPTIED = "main input:is([type=text], [type=email], [type=password]), main textarea"


def is_page(route: Route) -> bool:
    words = route.name.replace(":", "_").split("_")
    return "GET" in route.policy["methods"] and (route.name == "web:my_data" or not set(words) & set(NO_PAGES))


@pytest.mark.parametrize("who", ["anyone", "customer", "staff"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, live_server, who: str):
    call_command("publish_terms", verbosity=0)
    case = test_routes.PolicyTests()
    case.setUp()
    User.objects.update(terms_version=1)
    visitor = {"customer": case.ana, "staff": case.nika}.get(who)
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        if visitor:
            cookie = visitor.browser.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        found = faults_at(page, f"{live_server.url}/ni-take-strani/", is_sent=False)
        for route in routes():
            if route.policy["who"] == who and is_page(route):
                is_sent = route.name.removeprefix("web:") not in NOT_SENT
                found += faults_at(page, live_server.url + case.address(route), is_sent=is_sent)
        found += faults_of_a_stale_form(page, live_server.url + address("register"))
    assert found == []


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
    violations = Axe().run(page).response["violations"]
    found = [f"{where}: {each['id']} {each['nodes'][0]['html'][:160]}" for each in violations]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{where} is wider than the screen")
    return found
