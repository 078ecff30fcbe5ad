"""Every page of signing in, as it looks when the mail is late, refused, expired, opened twice or by somebody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mojplin.domain.accounts.models import PendingLogin, Session, SignInToken
from tests.browser.looks import DESK, PHONE, looked_at
from tests.browser.test_journey import mailed_link, sends
from tests.cast import PASSWORD, Customer
from tests.mailbox import newest_mail_to

pytestmark = pytest.mark.django_db(transaction=True)
LONG_NAME = "Marjeta-Ana.Hribar-Podgoršek.2"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=PHONE) as context:
        yield context


@pytest.fixture
def marjeta() -> Customer:
    return Customer("marjeta", signed_in=False)


def types_password(page: Page, live_url: str, name: str = "marjeta", password: str = PASSWORD) -> None:
    page.goto(f"{live_url}/prijava/")
    page.fill("input[name=identifier]", name)
    page.fill("input[name=password]", password)
    sends(page)


def mail_sent_ago(**how_long: int) -> None:
    """Let the mail of the sign-in be that old."""
    age = timedelta(**how_long)
    PendingLogin.objects.update(last_mail_asked_at=timezone.now() - age)
    SignInToken.objects.update(made_at=F("made_at") - age, accepted_at=timezone.now() - age + timedelta(seconds=1))


def refused() -> None:
    SignInToken.objects.all().delete()
    PendingLogin.objects.update(refused_at=timezone.now())


def test_the_form_wrong_and_paused(context: BrowserContext, live_server, marjeta):
    page = context.new_page()
    page.goto(f"{live_server.url}/prijava/")
    looked_at(page, "sign-in")
    for _try in range(5):
        types_password(page, live_server.url, LONG_NAME, "napačno geslo")
    expect(page.locator("main")).to_contain_text("Poskusov je bilo preveč. Poskusite znova ob")
    looked_at(page, "sign-in-paused")


def test_the_waiting_tab_in_all_its_states(context: BrowserContext, live_server, marjeta):
    page = context.new_page()
    wait = f"{live_server.url}/prijava/caka/"
    types_password(page, live_server.url)
    looked_at(page, "wait-queued", axe=False)
    states: list[tuple[str, Callable[[], object]]] = [
        ("delayed", lambda: PendingLogin.objects.update(last_mail_asked_at=timezone.now() - timedelta(minutes=2))),
        ("sent", lambda: mailed_link(live_server.url)),
        ("late", lambda: mail_sent_ago(minutes=4)),
        ("expired", lambda: mail_sent_ago(minutes=11)),
        ("no-more", lambda: PendingLogin.objects.update(mails_asked=3)),
        ("refused", refused),
        ("over", lambda: PendingLogin.objects.update(state="dead")),
        ("denied", lambda: PendingLogin.objects.update(state="denied")),
    ]  # fmt: skip
    for name, comes_about in states:
        comes_about()
        page.goto(wait)
        looked_at(page, f"wait-{name}")


def test_the_waiting_tab_tells_by_itself_that_the_mail_was_sent(browser: Browser, live_server, marjeta):
    with browser.new_context() as context:
        page = context.new_page()
        types_password(page, live_server.url)
        expect(page.locator("#mail-state")).to_contain_text("Sporočilo pošiljamo")
        page.locator("summary", has_text="kodo").click()
        page.fill("input[name=code]", "ABCD")
        mailed_link(live_server.url)
        expect(page.locator("#mail-state")).to_contain_text("oddano ob")
        assert page.input_value("input[name=code]") == "ABCD"
        assert page.locator("#poll").get_attribute("hx-trigger") == "every 2s"


def test_a_wrong_code_stands_beside_its_field(context: BrowserContext, live_server, marjeta):
    page = context.new_page()
    types_password(page, live_server.url)
    mailed_link(live_server.url)
    page.locator("summary", has_text="kodo").click()
    page.fill("input[name=code]", "ZZZZ-ZZZZ")
    sends(page, "details[open] form")
    expect(page.locator("main")).to_contain_text("Koda ni prava")
    looked_at(page, "wait-wrong-code")


def test_the_link_here_and_elsewhere(context: BrowserContext, browser: Browser, live_server, marjeta):
    page = context.new_page()
    types_password(page, live_server.url)
    number = page.locator(".paircode").inner_text().strip()
    link = mailed_link(live_server.url)
    page.goto(link)
    looked_at(page, "link-here")
    with browser.new_context(viewport=page.viewport_size) as phone:
        elsewhere = phone.new_page()
        elsewhere.goto(link)
        looked_at(elsewhere, "link-elsewhere")
        elsewhere.fill("input[name=number]", "10" if number != "10" else "11")
        sends(elsewhere)
        looked_at(elsewhere, "link-wrong-number")
        elsewhere.locator("a", has_text="To nisem jaz").click()
        looked_at(elsewhere, "link-deny")
        elsewhere.locator("main form button[type=submit]").click()
        looked_at(elsewhere, "link-deny-unticked")
        elsewhere.goto(link)
        elsewhere.fill("input[name=number]", number)
        sends(elsewhere)
        looked_at(elsewhere, "link-confirmed")
        elsewhere.goto(link)
        looked_at(elsewhere, "link-already")
        elsewhere.goto(f"{live_server.url}/prijava/potrdi/{'x' * 43}/")
        looked_at(elsewhere, "link-over")


def test_it_is_not_me(context: BrowserContext, live_server, marjeta):
    types_password(context.new_page(), live_server.url)
    context.clear_cookies()
    page = context.new_page()
    page.goto(mailed_link(live_server.url))
    page.locator("a", has_text="To nisem jaz").click()
    page.check("input[type=checkbox]")
    sends(page)
    looked_at(page, "link-denied")
    expect(page.locator("main a.btn")).to_have_attribute("href", reverse("web:forgot_password"))


def test_the_wrong_account_is_signed_in(context: BrowserContext, live_server, marjeta):
    other = Customer(LONG_NAME, email="druga@example.si")
    page = context.new_page()
    types_password(page, live_server.url)
    secret = other.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
    page.goto(f"{live_server.url}/prijava/caka/")
    looked_at(page, "wait-other-account")
    page.goto(mailed_link(live_server.url))
    looked_at(page, "link-other-account")
    page.goto(f"{live_server.url}/prijava/caka/")
    sends(page)
    expect(page.locator("h1")).to_contain_text("Preverite e-pošto")


def test_without_scripts_the_confirmed_tab_has_a_button(browser: Browser, live_server, marjeta):
    with browser.new_context(viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        types_password(page, live_server.url)
        PendingLogin.objects.update(state="approved")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"{live_server.url}/")
        assert Session.objects.count() == 1


def test_a_scanner_with_scripts_that_presses_every_button_of_every_page_gets_nothing(
    browser: Browser, live_server, marjeta
):
    """It fills nothing in, but follows every link of the portal behind the mailed one and presses every button."""
    with browser.new_context(viewport=DESK) as person, browser.new_context() as scanner:
        page = person.new_page()
        types_password(page, live_server.url)
        link = mailed_link(live_server.url)
        machine = scanner.new_page()
        pages = [link, link.replace("potrdi", "zavrni")]
        pressed = 0
        for address in pages:
            machine.goto(address)
            for index in range(machine.locator("main button[type=submit]").count()):
                machine.goto(address)
                machine.locator("main button[type=submit]").nth(index).click()
                pressed += 1
        assert pressed >= 2
        assert Session.objects.count() == 0
        pending = PendingLogin.objects.get()
        assert (pending.state, pending.wrong_numbers) == ("waiting", 0)

        page.goto(link)
        sends(page)
        page.wait_for_url(f"{live_server.url}/")
        assert Session.objects.count() == 1


def test_the_whole_way_in_by_keyboard_alone(browser: Browser, live_server, marjeta):
    with browser.new_context(viewport={"width": 320, "height": 256}) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/prijava/")
        tabs_to(page, "input[name=identifier]")
        page.keyboard.type("marjeta")
        tabs_to(page, "input[name=password]")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Preverite e-pošto")
        code = newest_mail_to("marjeta@example.si").text.partition("to kodo: ")[2][:9]
        tabs_to(page, "details.more summary")
        page.keyboard.press("Enter")
        tabs_to(page, "input[name=code]")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/")


def tabs_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and let it be seen: with an outline, inside the window."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    seen = page.evaluate(
        """() => {
            const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
            return [style.outlineStyle !== "none", box.top >= 0 && box.bottom <= innerHeight, each.tagName];
        }"""
    )
    assert seen[:2] == [True, True], seen
