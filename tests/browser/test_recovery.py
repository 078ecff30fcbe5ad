"""Every page of getting back in and of changing what one signs in with, in every state; also without JavaScript."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mojplin.domain.accounts.models import EmailChange, PasswordReset, User
from mojplin.foundation.limits import Counter
from tests.browser.looks import PHONE, looked_at
from tests.browser.test_journey import sends
from tests.cast import PASSWORD, Customer, Scenes
from tests.mailbox import link_in, newest_mail_to

pytestmark = pytest.mark.django_db(transaction=True)
LONG_NAME, LONG_EMAIL = (
    "Marjeta-Ana.Hribar-Podgoršek.2",
    "marjeta.ana.hribar.podgorsek.zelo.dolgo.ime@posta.example.com",
)
NEW = "megla sablja oreh vitez"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=PHONE) as context:
        yield context


@pytest.fixture
def marjeta() -> Customer:
    customer = Customer(LONG_NAME, email="marjeta@example.si")
    scenes = Scenes()
    payer = scenes.given_payer("20418837")
    scenes.given_link(customer, payer, scenes.given_supply_point(payer))
    return customer


def link_to(live_url: str, address: str = "marjeta@example.si") -> str:
    return live_url + link_in(newest_mail_to(address))


def asks(page: Page, live_url: str, typed: str) -> None:
    page.goto(f"{live_url}/prijava/")
    page.locator("a", has_text="Ste pozabili geslo?").click()
    page.fill("input[name=identifier]", typed)
    sends(page)
    expect(page.locator("h1")).to_have_text("Preverite e-pošto")


def signed_in(context: BrowserContext, customer: Customer, live_url: str) -> Page:
    customer.is_signed_in()
    secret = customer.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_url}])
    return context.new_page()


def test_a_forgotten_password_in_all_its_states(context: BrowserContext, live_server, marjeta):
    page = context.new_page()
    page.goto(f"{live_server.url}/pozabljeno-geslo/")
    looked_at(page, "forgot-password")
    sends(page)
    looked_at(page, "forgot-password-empty")
    asks(page, live_server.url, LONG_NAME)
    looked_at(page, "forgot-password-sent")
    link = link_to(live_server.url)
    page.goto(link)
    looked_at(page, "reset")
    for n in range(6):
        page.fill("input[name=proof]", f"2041000{n}")
        page.fill("input[name=password]", NEW)
        sends(page)
        if n in (0, 5):
            looked_at(page, f"reset-wrong-{n}")
    expect(page.locator("main")).to_contain_text("Poskusite znova jutri")
    Counter.objects.all().delete()
    page.fill("input[name=proof]", "20418837")
    page.fill("input[name=password]", "kratko")
    sends(page)
    looked_at(page, "reset-weak")
    page.fill("input[name=proof]", "20418837")
    page.fill("input[name=password]", NEW)
    sends(page)
    expect(page.locator("main")).to_contain_text("Novo geslo je nastavljeno")
    looked_at(page, "reset-done")
    page.goto(link)
    looked_at(page, "reset-used")
    asks(page, live_server.url, "marjeta@example.si")
    newest_mail_to("marjeta@example.si")
    page.goto(f"{live_server.url}/pozabljeno-geslo/{'x' * 64}/")
    looked_at(page, "reset-over")


def test_an_account_without_a_point_and_a_forgotten_username(context: BrowserContext, live_server):
    Customer("cilka", signed_in=False)
    page = context.new_page()
    asks(page, live_server.url, "cilka")
    page.goto(link_to(live_server.url, "cilka@example.si"))
    looked_at(page, "reset-office")
    page.goto(f"{live_server.url}/pozabljeno-ime/")
    page.fill("input[name=email]", "cilka")
    sends(page)
    looked_at(page, "forgot-username-wrong")
    page.fill("input[name=email]", "cilka@example.si")
    sends(page)
    looked_at(page, "forgot-username-sent")


def test_a_change_of_the_password(context: BrowserContext, live_server, marjeta):
    page = signed_in(context, marjeta, live_server.url)
    page.goto(f"{live_server.url}/profil/geslo/")
    looked_at(page, "password")
    page.fill("input[name=current_password]", "ni pravo")
    page.fill("input[name=password]", NEW)
    sends(page)
    looked_at(page, "password-wrong")
    page.fill("input[name=current_password]", PASSWORD)
    page.fill("input[name=password]", NEW)
    sends(page)
    expect(page.locator("main")).to_contain_text("Geslo je spremenjeno")
    page.reload()
    expect(page.locator("h1")).to_have_text("Profil")


def test_a_change_of_the_address_in_all_its_states(context: BrowserContext, browser: Browser, live_server, marjeta):
    page = signed_in(context, marjeta, live_server.url)
    page.goto(f"{live_server.url}/profil/e-naslov/")
    looked_at(page, "email")
    page.fill("input[name=email]", "marjeta@")
    sends(page)
    looked_at(page, "email-wrong")
    page.fill("input[name=email]", LONG_EMAIL)
    sends(page)
    looked_at(page, "email-waits")
    old, new = link_to(live_server.url), link_to(live_server.url, LONG_EMAIL)
    with browser.new_context(viewport=page.viewport_size) as elsewhere:
        mailbox = elsewhere.new_page()
        mailbox.goto(old)
        looked_at(mailbox, "email-old")
        sends(mailbox)
        looked_at(mailbox, "email-old-unticked")
        mailbox.locator("a", has_text="To nisem jaz").click()
        looked_at(mailbox, "email-stop")
        mailbox.goto(old)
        mailbox.check("main input[type=checkbox]")
        sends(mailbox)
        looked_at(mailbox, "email-half")
        page.reload()
        looked_at(page, "email-half-agreed")
        mailbox.goto(new)
        looked_at(mailbox, "email-new")
        mailbox.check("main input[type=checkbox]")
        sends(mailbox)
        looked_at(mailbox, "email-changed")
        undo = link_to(live_server.url)
        mailbox.goto(undo)
        looked_at(mailbox, "email-undo")
        mailbox.check("main input[type=checkbox]")
        sends(mailbox)
        looked_at(mailbox, "email-undone")
        mailbox.goto(new)
        looked_at(mailbox, "email-link-over")
    assert User.objects.get().email == "marjeta@example.si"


def test_a_stopped_and_a_held_change(context: BrowserContext, live_server, marjeta):
    page = signed_in(context, marjeta, live_server.url)
    page.goto(f"{live_server.url}/profil/e-naslov/")
    page.fill("input[name=email]", LONG_EMAIL)
    sends(page)
    expect(page.locator("main")).to_contain_text("Čakamo na oba poštna predala")
    page.goto(link_to(live_server.url))
    page.locator("a", has_text="To nisem jaz").click()
    page.check("main input[type=checkbox]")
    sends(page)
    looked_at(page, "email-stopped")
    PasswordReset.objects.create(
        public_id="x", user=marjeta.user, token_hash="x", state="used", asked_at=timezone.now(), used_at=timezone.now()
    )
    page = signed_in(context, marjeta, live_server.url)
    page.goto(f"{live_server.url}/profil/e-naslov/")
    looked_at(page, "email-held")
    assert EmailChange.objects.get().state == "cancelled"


def test_all_of_it_without_javascript(browser: Browser, live_server, marjeta):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        asks(page, live_server.url, "marjeta@example.si")
        page.goto(link_to(live_server.url))
        page.fill("input[name=proof]", "20418837")
        page.fill("input[name=password]", NEW)
        sends(page)
        expect(page.locator("main")).to_contain_text("Novo geslo je nastavljeno")
        assert newest_mail_to("marjeta@example.si").subject == "Vaše geslo je spremenjeno"
        PasswordReset.objects.update(used_at=F("used_at") - timedelta(hours=25))
        page = signed_in(context, marjeta, live_server.url)
        page.goto(f"{live_server.url}/profil/e-naslov/")
        page.fill("input[name=email]", LONG_EMAIL)
        sends(page)
        expect(page.locator("main")).to_contain_text("Čakamo na oba poštna predala")
        for link in (link_to(live_server.url), link_to(live_server.url, LONG_EMAIL)):
            page.goto(link)
            page.check("main input[type=checkbox]")
            sends(page)
            page.wait_for_load_state()
        expect(page.locator("h1")).to_have_text("E-naslov je spremenjen")
