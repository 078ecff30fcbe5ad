"""The terms and the other legal texts in a real browser, for anybody, for who must accept, and in the office."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.publishing import publish_first_terms, publish_terms, shipped_terms
from tests.browser.looks import PHONE, looked_at
from tests.cast import Customer

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ["sl", "en"]
FOR_ANYBODY = {
    "terms": ("/pogoji/", "/en/terms/"),
    "terms-former": ("/pogoji/1/", "/en/terms/1/"),
    "terms-changes": ("/pogoji/2/spremembe/", "/en/terms/2/changes/"),
    "privacy": ("/zasebnost/", "/en/privacy/"),
    "cookies": ("/piskotki/", "/en/cookies/"),
    "accessibility": ("/dostopnost/", "/en/accessibility/"),
}
OFFICE = {
    "staff-terms": ("/urad/pogoji/", "/en/office/terms/"),
    "staff-text": ("/urad/pogoji/osnutek/besedilo/", "/en/office/terms/draft/text/"),
    "staff-draft": ("/urad/pogoji/osnutek/", "/en/office/terms/draft/"),
    "staff-validity": ("/urad/pogoji/osnutek/veljavnost/", "/en/office/terms/draft/validity/"),
    "staff-publish": ("/urad/pogoji/osnutek/objava/", "/en/office/terms/draft/publish/"),
}


@pytest.fixture
def two_versions() -> None:
    """The shipped text since two years, and since yesterday one that differs in two places."""
    today, now = timezone.localdate(), timezone.now()
    publish_first_terms(today=today - timedelta(days=730), now=now)
    slovene, english = shipped_terms("sl"), shipped_terms("en")
    publish_terms(
        version=2,
        texts=(
            slovene.replace("lahko kadar koli končate", "lahko v profilu kadar koli končate sami")
            + "\nNov odstavek.\n",
            english.replace("at any time", "in your profile at any time") + "\nA new paragraph.\n",
        ),
        summaries=(
            "Stanje števca lahko oddate tudi iz e-sporočila. Profil v portalu lahko izbrišete sami.",
            "You can submit the reading from the e-mail as well. You can erase your profile yourself.",
        ),
        effective_on=today - timedelta(days=1),
        today=date(2020, 1, 1),
        now=now,
    )


def page_of(browser: Browser, live_url: str, customer: Customer | None) -> Page:
    context = browser.new_context(viewport=PHONE, locale="sl-SI")
    if customer:
        secret = customer.browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_url}])
    return context.new_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_for_anybody(browser: Browser, live_server, two_versions, language) -> None:
    page = page_of(browser, live_server.url, None)
    for name, addresses in FOR_ANYBODY.items():
        page.goto(live_server.url + addresses[language == "en"])
        looked_at(page, f"{name}-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_must_accept_reads_what_changed_and_goes_on(browser: Browser, live_server, two_versions, language) -> None:
    cilka = Customer("Cilka")
    User.objects.filter(pk=cilka.user.pk).update(terms_version=1)
    page = page_of(browser, live_server.url, cilka)
    page.goto(live_server.url + ("/" if language == "sl" else "/en/"))
    looked_at(page, f"accept-{language}")
    page.locator("main form button[type=submit]").first.click()
    looked_at(page, f"accept-error-{language}")
    page.check("main input[type=checkbox]")
    page.locator("main form button[type=submit]").first.click()
    page.locator("h1", has_text="Cilka").wait_for()
    looked_at(page, f"home-empty-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_office_from_draft_to_publication(browser: Browser, live_server, two_versions, language) -> None:
    page = page_of(browser, live_server.url, Customer("Urednica", role="admin"))
    addresses = {name: live_server.url + each[language == "en"] for name, each in OFFICE.items()}
    page.goto(addresses["staff-terms"])
    looked_at(page, f"staff-terms-empty-{language}")
    page.goto(addresses["staff-text"])
    text = page.input_value("textarea[name=text_sl]")
    page.fill("textarea[name=text_sl]", "")
    page.locator("main form button[type=submit]").first.click()
    looked_at(page, f"staff-text-error-{language}")
    page.fill("textarea[name=text_sl]", text.replace("Portal skušamo ohranjati dosegljiv", "Portal je dosegljiv"))
    page.locator("main form button[type=submit]").first.click()
    page.locator("main form button[type=submit]").first.click()
    looked_at(page, f"staff-validity-error-{language}")
    page.fill("input[name=effective_on]", f"{timezone.localdate() + timedelta(days=45):%d. %m. %Y}")
    page.fill("textarea[name=summary_sl]", "Portal je dosegljiv ves čas.")
    page.fill("textarea[name=summary_en]", "The portal is available all the time.")
    page.locator("main form button[type=submit]").first.click()
    for name, address in addresses.items():
        page.goto(address)
        looked_at(page, f"{name}-{language}")
    page.locator("main form button[type=submit]").first.click()
    looked_at(page, f"staff-published-{language}")
