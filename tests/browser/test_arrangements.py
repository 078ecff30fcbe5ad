"""A direct debit mandate given and revoked on a phone, by keyboard, without a word of script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mojplin.domain.billing.models import PayerRequest
from tests.arranged import IBAN
from tests.browser.keys import goes_to, reaches, types
from tests.browser.looks import PHONE, looked_at
from tests.cast import Scenes

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mandate_is_given_and_revoked(tab: Callable[..., Page]):
    scenes = Scenes()
    scenes.given_cast()
    page = tab(scenes.ana, viewport=PHONE, java_script_enabled=False)
    page.goto("/racuni-in-placevanje/")
    goes_to(page, "Uredite direktno obremenitev")
    page.wait_for_url("**/trajnik/*")
    types(page, "iban", IBAN)
    reaches(page, "document.activeElement.name === 'agreed'")
    page.keyboard.press("Space")
    goes_to(page, "Dajte soglasje")
    expect(page.locator("main")).to_contain_text("… 6205")
    page.goto("/racuni-in-placevanje/")
    goes_to(page, "Spremenite ali prekličite")
    page.wait_for_url("**/trajnik/*")
    looked_at(page, "mandate", axe=False)
    goes_to(page, "Prekličite soglasje")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preklic direktne obremenitve")
    looked_at(page, "mandate-revoked", axe=False)
    page.goto("/racuni-in-placevanje/trajnik/")
    expect(page.get_by_role("button", name="Prekličite soglasje")).to_have_count(0)
    kinds = PayerRequest.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["direct_debit", "no_direct_debit"]
