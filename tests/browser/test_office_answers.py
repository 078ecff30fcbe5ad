"""The office's answers in a real browser: a clerk plans a delivery, judges a reading and decides, by keyboard alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.orders.models import GasOrder, OrderStep
from tests.browser.looks import DESK, looked_at
from tests.cast import Customer, Scenes
from tests.deals import given_cylinder_order
from tests.moved import given_move

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scenes() -> Scenes:
    """Ana wants gas, and has sent a reading that she confirmed."""
    scenes, now = Scenes(), timezone.now()
    scenes.given_cast()
    scenes.nika = Customer("Nika", role="clerk")
    point, payer = scenes.anas_house, scenes.anas_payer
    scenes.order = GasOrder.objects.create(
        number="N-2026-000123", supply_point=point, payer=payer, ordered_by=scenes.ana.user,
        ordered_at=now - timedelta(days=2), litres=800, gauge_percent=20, phone="040 123 456",
        note="Dvorišče je za hišo.",
    )  # fmt: skip
    given_cylinder_order(scenes.ana.user)
    scenes.move = given_move(
        payer, point, scenes.ana.user, state="disputed", other_on=timezone.localdate(), other_value_m3=1258
    )
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    for ago in range(8, 0, -1):
        month = (last.replace(day=1) - timedelta(days=31 * (ago - 1))).replace(day=1)
        scenes.given_billed(
            scenes.anas_meter, payer, month=month, value_from_m3=str(100 * (8 - ago)),
            value_to_m3=str(100 * (9 - ago)),
        )  # fmt: skip
    scenes.reading = SubmittedReading.objects.create(
        supply_point=point, payer=payer, meter=scenes.anas_meter, month=last + timedelta(days=1), version=1,
        value_m3=Decimal(1900), read_on=last + timedelta(days=20), submitted_by=scenes.ana.user, submitted_at=now,
        is_odd=True,
    )  # fmt: skip
    return scenes


def types(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.type(text)


def test_a_clerk_plans_a_delivery_judges_a_reading_and_decides_by_keyboard(
    browser: Browser, live_server, scenes: Scenes
):
    context = browser.new_context(viewport=DESK, locale="sl-SI")
    secret = scenes.nika.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
    page = context.new_page()

    page.goto(f"{live_server.url}/urad/zahteve/")
    looked_at(page, "office-asked")
    page.get_by_role("link", name="N-2026-000123").press("Enter")
    page.get_by_role("button", name="Zavrnite s tem razlogom").press("Enter")  # the browser itself asks for the reason
    looked_at(page, "office-order")
    day = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Prvi dan").fill(day.isoformat())
    page.get_by_role("button", name="Načrtujte dostavo").press("Enter")
    page.get_by_text("Opravljeno.").wait_for()
    assert OrderStep.objects.get().planned_from == day

    page.goto(f"{live_server.url}/urad/zahteve/dostave/?day={day.isoformat()}")
    looked_at(page, "office-deliveries")
    with page.expect_download() as sheet:
        page.get_by_role("button", name="Natisnite list (PDF)").press("Enter")
    assert sheet.value.suggested_filename == f"{day.isoformat()}.pdf"

    page.goto(f"{live_server.url}/urad/oznaceni-odcitki/{scenes.reading.public_id}/")
    looked_at(page, "office-reading")
    types(page, "Razlog", "Zadnja števka ne šteje.")
    page.get_by_role("button", name="Zavrnite s tem razlogom").press("Enter")
    page.get_by_text("Opravljeno.").wait_for()
    scenes.reading.refresh_from_db()
    assert not scenes.reading.holds and scenes.reading.judgement.reason == "Zadnja števka ne šteje."

    page.goto(f"{live_server.url}/urad/zahteve/{scenes.move.number}/")
    page.get_by_label("Dan in stanje, kot ju navaja prevzemnik").press("Space")
    page.locator("#decide_reason").focus()
    page.keyboard.type("Na fotografiji je 1258.")
    looked_at(page, "office-decides")
    page.get_by_role("button", name="Odločite tako").press("Enter")
    page.get_by_text("Opravljeno.").wait_for()
    scenes.move.refresh_from_db()
    assert (scenes.move.state, scenes.move.value_m3, scenes.move.is_decided) == ("agreed", 1258, True)
