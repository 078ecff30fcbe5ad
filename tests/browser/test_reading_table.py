"""The table of a firm's readings in a real browser: by keyboard alone, without a script, and looked at by axe."""

import pytest
from playwright.sync_api import expect

from mojplin.domain.metering.models import ReadingDraft, SubmittedReading
from tests.browser.looks import violations
from tests.browser.test_places import opened
from tests.cast import Scenes

TABLE = "/stanje/preglednica/"


@pytest.fixture
def scenes(transactional_db, settings) -> Scenes:
    """Bojan's firm with three points; readings are open on every day of the month."""
    settings.READING_WINDOWS = {"": (1, 31)}
    scenes = Scenes()
    scenes.given_cast()
    point = scenes.given_supply_point(scenes.bojans_firm, "2000-3", street="Ukanc 3")
    scenes.given_meter(point)
    scenes.given_link(scenes.bojan, scenes.bojans_firm, point, name="Pralnica")
    return scenes


def taken() -> list[int]:
    return [int(value) for value in SubmittedReading.objects.order_by("pk").values_list("value_m3", flat=True)]


def test_the_table_is_filled_checked_and_sent_by_keyboard_alone(scenes, live_server, browser):
    page = opened(browser, live_server, scenes.bojan, TABLE, viewport={"width": 1280, "height": 900})
    fields = page.locator("[data-down]")
    fields.first.focus()
    page.keyboard.type("2041")
    page.keyboard.press("Enter")
    expect(fields.nth(1)).to_be_focused()
    page.keyboard.type("20a5")
    page.keyboard.press("Enter")
    expect(page.locator("tr.is-bad .error")).to_contain_text("Vpišite samo števke")
    expect(fields.nth(2)).to_be_focused()
    page.keyboard.type("2043")
    page.keyboard.press("Enter")
    button = page.locator("[data-down-end]")
    expect(button).to_contain_text("Oddajte 2 stanji")
    assert ReadingDraft.objects.count() == 3
    page.locator("[data-down]").nth(2).press("Enter")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".notice--ok")).to_contain_text("Oddani sta 2 stanji.")
    assert taken() == [2041, 2043]
    expect(page.locator("[data-down]")).to_have_value("20a5")
    page.locator("[data-down]").press("Shift+Enter")
    page.context.close()


def test_without_a_script_it_is_sent_as_well(scenes, live_server, browser):
    page = opened(browser, live_server, scenes.bojan, TABLE, java_script_enabled=False)
    page.locator("[data-down]").first.fill("2041")
    page.locator("[data-down]").nth(1).fill("20a5")
    page.locator("[data-down-end]").click()
    expect(page.locator(".notice--ok")).to_contain_text("Oddano je 1 stanje.")
    expect(page.locator("tr.is-bad .error")).to_contain_text("Vpišite samo števke")
    assert taken() == [2041]
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(scenes, live_server, browser, width):
    page = opened(browser, live_server, scenes.bojan, TABLE, viewport={"width": width, "height": 800})
    page.locator("[data-down]").first.fill("20a5")
    page.locator("[data-down]").nth(1).focus()
    expect(page.locator("tr.is-bad")).to_have_count(1)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert violations(page) == []
    page.context.close()
