"""What the office publishes in a real browser: a notice in a crisis and another text of a page, and who reads them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mojplin.domain.publishing.models import CrisisNotice, PageVersion
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_notice_and_a_page_are_written_published_read_and_taken_back(tab: Callable[..., Page]):
    clerk, admin = (
        tab(Customer(name, role=role), viewport=DESK) for name, role in (("Nika", "clerk"), ("Ada", "admin"))
    )
    stranger = tab(viewport=PHONE)
    clerk.goto("/urad/objave/")
    clerk.get_by_role("link", name="Napišite obvestilo").click()
    clerk.get_by_label("Prikazano do").fill(f"{timezone.localdate() + timedelta(days=1)}T18:00")
    for label, text in (
        ("Naslov v slovenščini", "Dobava zamuja"), ("Besedilo v slovenščini", "Ceste so zaprte."),
        ("Naslov v angleščini", "Deliveries are late"), ("Besedilo v angleščini", "Roads are closed."),
    ):  # fmt: skip
        clerk.get_by_label(label).fill(text)
    clerk.get_by_role("button", name="Oglejte si ga").click()
    looked_at(clerk, "notice-preview")
    clerk.get_by_role("button", name="Objavite obvestilo").click()
    clerk.goto("/urad/")
    expect(clerk.locator("main")).to_contain_text("Stranke zdaj vidijo to obvestilo: Dobava zamuja")
    stranger.goto("/en/no-such-page/")
    expect(stranger.get_by_role("region", name="Important notices")).to_contain_text("Roads are closed.")
    looked_at(stranger, "notice-404")

    clerk.goto("/urad/objave/")
    clerk.get_by_role("link", name="Stik z nami").click()
    clerk.get_by_role("link", name="Začnite osnutek").click()
    for name in ("text_sl", "text_en"):
        field = clerk.locator(f"[name={name}]")
        field.fill(field.input_value() + "\n\nUkanc 18.")
    clerk.get_by_role("button", name="Shranite in si oglejte").click()
    admin.goto(clerk.url)
    admin.get_by_role("link", name="Nadaljujte na objavo").click()
    looked_at(admin, "page-publishing")
    admin.get_by_role("button", name="Objavite različico 1").click()
    stranger.goto("/en/contact/")
    expect(stranger.locator("main")).to_contain_text("Ukanc 18.")

    clerk.goto("/urad/")
    clerk.get_by_role("link", name="Poglejte obvestilo ali ga vzemite nazaj").click()
    clerk.get_by_role("button", name="Vzemite obvestilo nazaj").click()
    stranger.reload()
    expect(stranger.locator("body")).not_to_contain_text("Roads are closed.")
    assert CrisisNotice.objects.get().taken_back_by and PageVersion.objects.get().name == "contact"
