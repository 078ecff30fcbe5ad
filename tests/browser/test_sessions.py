"""In Chromium: the warning before a session ends, and a passkey of a virtual authenticator."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mojplin.domain.accounts.models import Passkey, Session
from mojplin.domain.accounts.recovery_codes import make_recovery_codes
from mojplin.domain.accounts.sign_in import Visit
from tests.browser.looks import PHONE, looked_at
from tests.browser.test_journey import sends
from tests.cast import PASSWORD, Customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Customer:
    return Customer("Ana")


def signed_in(browser: Browser, customer: Customer, live_url: str, **how: object) -> BrowserContext:
    context = browser.new_context(**how)
    secret = customer.browser.cookies[portal.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": secret, "url": live_url}])
    return context


def grows_old(**how_long: int) -> None:
    ago = timezone.now() - timedelta(**how_long)
    Session.objects.update(last_seen_at=ago, confirmed_at=ago)


def with_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_two_minutes_before_the_end_the_page_asks_and_the_button_stays(browser, live_server, ana):
    with signed_in(browser, ana, live_server.url, viewport=PHONE) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}/podpora/")
        page.fill("textarea[name=message]", "Prosim za odčitek.")
        grows_old(minutes=58, seconds=30)
        page.clock.run_for(61_000)
        expect(page.get_by_role("dialog")).to_be_visible()
        looked_at(page, "session-warning")
        expect(page.get_by_role("button", name="Ostanite prijavljeni")).to_be_focused()

        stay = page.get_by_role("dialog").get_attribute("data-stay")
        with page.expect_response(f"**{stay}"):
            page.keyboard.press("Enter")

        expect(page.get_by_role("dialog")).to_be_hidden()
        assert timezone.now() - Session.objects.get().last_seen_at < timedelta(minutes=1)


def test_a_form_sent_after_the_end_is_found_again(browser, live_server, ana):
    with signed_in(browser, ana, live_server.url, viewport=PHONE) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}/podpora/")
        page.fill("textarea[name=message]", "Prosim za odčitek.")
        grows_old(minutes=61)
        page.clock.run_for(61_000)
        expect(page.get_by_role("dialog")).to_contain_text("Odjavljeni ste")
        looked_at(page, "session-over")
        page.keyboard.press("Escape")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(re.compile("/prijava/"))
        ana.is_signed_in()
        secret = ana.browser.cookies[portal.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
        page.goto(f"{live_server.url}/podpora/")
        expect(page.locator("textarea[name=message]")).to_have_value("Prosim za odčitek.")
        looked_at(page, "kept-form")


def test_a_passkey_is_added_and_confirms_a_sensitive_step(browser, live_server, ana, settings):
    settings.BASE_URL = live_server.url
    with signed_in(browser, ana, live_server.url, viewport=PHONE) as context:
        page = context.new_page()
        with_authenticator(page)
        page.goto(f"{live_server.url}/profil/kljuci/")
        page.fill("input[name=name]", "Telefon, ki ga imam v kuhinji pri vratih")
        page.get_by_role("button", name="Dodajte ključ").click()
        expect(page.locator("main")).to_contain_text("Ključ za dostop je dodan")
        make_recovery_codes(user=ana.user, visit=Visit(ip=None, device="Firefox, Linux"), now=timezone.now())
        page.reload()
        looked_at(page, "passkeys")

        grows_old(minutes=11)
        page.goto(f"{live_server.url}/profil/e-naslov/")
        expect(page.locator("h1")).to_have_text("Potrdite, da ste to vi")
        looked_at(page, "step-up")
        page.get_by_role("button", name="Potrdite s ključem").click()
        page.wait_for_url(re.compile("/profil/e-naslov/$"))
        assert Passkey.objects.get().last_used_at is not None

        page.goto(f"{live_server.url}/profil/kljuci/")
        page.get_by_role("button", name="Ustvarite deset").click()
        expect(page.locator(".codes li")).to_have_count(10)
        looked_at(page, "recovery-codes")
        page.goto(f"{live_server.url}/profil/prijave/")
        looked_at(page, "devices")


def test_a_device_that_does_not_answer_leaves_the_password(browser, live_server, ana, settings):
    settings.BASE_URL = "http://example.com"
    with signed_in(browser, ana, live_server.url, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/profil/kljuci/")
        page.fill("input[name=name]", "Telefon")
        page.get_by_role("button", name="Dodajte ključ").click()
        expect(page.get_by_role("alert")).to_contain_text("ključ ni nujen")
        looked_at(page, "passkey-failed")


def test_without_scripts_the_password_and_the_mail_confirm(browser, live_server, ana):
    with signed_in(browser, ana, live_server.url, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        grows_old(minutes=11)
        page.goto(f"{live_server.url}/profil/e-naslov/")
        page.fill("input[name=password]", PASSWORD)
        sends(page)
        expect(page.locator("h1")).to_have_text("Preverite e-pošto")
