"""The pages of linking in Chromium: failure, choice, code, the end of a link, the office; axe finds nothing wrong."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.by_staff import propose_link
from mojplin.domain.linking.closing import close
from mojplin.domain.linking.models import ClosedPayer
from tests.browser.looks import PHONE, looked_at
from tests.cast import Customer, Scenes
from tests.mailbox import link_in, newest_mail_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scenes() -> Scenes:
    scenes = Scenes()
    scenes.given_cast()
    User.objects.update(registered_at=timezone.now() - timedelta(days=2))
    payer = scenes.given_payer("20420001", name="Dragica Zajc", serial=7, email="dragica@example.si")
    for number, street in enumerate(("Log 7", "Log 8", "Pot Franca Jožefa Šeškovega na Hribu 128 b"), start=1):
        scenes.given_supply_point(payer, f"1043-000{number}", street=street)
    scenes.given_document(payer, None, "26-10", external_number="ZD-2026-10")
    scenes.dragica = payer
    return scenes


def opened(browser: Browser, server: str, customer: Customer) -> Page:
    context = browser.new_context(viewport=PHONE, locale="sl-SI")
    cookie = customer.browser.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": server}])
    return context.new_page()


def test_a_customer_fails_proves_and_chooses(browser, live_server, scenes):
    page = opened(browser, live_server.url, scenes.cilka)
    page.goto(f"{live_server.url}/odjemna-mesta/povezi/")
    for field, typed in (("tax_number", scenes.dragica.tax_number), ("payer_number", "20420009")):
        page.fill(f"[name={field}]", typed)
    page.fill("[name=document_number]", "ZD-2026-10")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    looked_at(page, "link-failed")
    page.goto(f"{live_server.url}/odjemna-mesta/povezi/koda/")
    looked_at(page, "link-code")
    page.goto(f"{live_server.url}/odjemna-mesta/povezi/")
    page.fill("[name=tax_number]", scenes.dragica.tax_number)
    page.fill("[name=payer_number]", "20420001")
    page.fill("[name=document_number]", "ZD-2026-10")
    page.keyboard.press("Enter")
    page.wait_for_url("**/izbira/")
    looked_at(page, "link-choice")
    page.check("input[type=checkbox] >> nth=0")
    page.click("main form button")
    page.wait_for_url(f"{live_server.url}/")
    address = link_in(newest_mail_to("dragica@example.si"))
    page.goto(live_server.url + address)
    looked_at(page, "link-end")
    page.check("input[type=checkbox]")
    page.click("main form button")
    looked_at(page, "link-ended")


def test_the_office_sees_what_waits_and_prints_a_letter(browser, live_server, scenes):
    nika = Customer("Nika", role="clerk")
    close(scenes.anas_payer.pk, ClosedPayer.Reason.NEAR_MISSES, timezone.now())
    propose_link(
        payer_id=scenes.dragica.pk, supply_point="1043-0001", user="cilka", reason="Osebno z računom v pisarni.",
        by=scenes.bojan.user, now=timezone.now(),
    )  # fmt: skip
    page = opened(browser, live_server.url, nika)
    page.goto(f"{live_server.url}/urad/povezave/")
    looked_at(page, "office-links")
    page.goto(f"{live_server.url}/urad/povezave/placnik/{scenes.anas_payer.number}/")
    looked_at(page, "office-payer")
    page.click("form[action$='pismo/'] button")
    page.wait_for_selector("article")
    looked_at(page, "office-letter")
