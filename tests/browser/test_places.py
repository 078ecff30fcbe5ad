"""My supply points and sharing in a real browser: dragging, the buttons by keyboard, nothing for axe at any width."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.linking.models import Link
from tests.browser.looks import PHONE, looked_at
from tests.cast import Customer, Scenes

PLACES = "/odjemna-mesta/"
LONG = "Apartma Pod Velikim Vrhom – vzhodno krilo, pritličje 🏔"


@pytest.fixture
def scenes(transactional_db) -> Scenes:
    scenes = Scenes()
    scenes.given_cast()
    for number, name in enumerate(("Babica", LONG, "Župnišče"), start=1):
        payer = scenes.given_payer(f"2060000{number}", name="Ana Novak", serial=600 + number)
        link = scenes.given_link(scenes.ana, payer, scenes.given_supply_point(payer, f"6000-{number}"), name)
        Link.objects.filter(pk=link.pk).update(position=number, icon=("cottage", "flat", "church")[number - 1],
                                               colour=("green", "amber", "violet")[number - 1])  # fmt: skip
    mine = Link.objects.get(user=scenes.ana.user, name="Dom")
    scenes.given_share(scenes.cilka, mine, "readings", "Najemnik Tine")
    scenes.given_invitation(to=scenes.ana.user)
    Link.objects.create(
        user=scenes.bojan.user, payer=mine.payer, supply_point=mine.supply_point, name="x", created_at=timezone.now()
    )
    return scenes


def opened(browser: Browser, live_server, customer: Customer, path: str, **options) -> Page:
    context = browser.new_context(locale="sl-SI", **options)
    secret = customer.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + path)
    return page


def names(page: Page) -> list[str]:
    return [each.strip() for each in page.locator(".placelist__name > a").all_inner_texts()]


def test_a_place_is_dragged_and_the_order_stays(scenes, live_server, browser):
    page = opened(browser, live_server, scenes.ana, f"{PLACES}?mode=order", viewport={"width": 1280, "height": 900})
    assert names(page) == ["Dom", "Babica", LONG, "Župnišče"]
    handles = page.locator(".placelist .drag")
    start, end = handles.nth(0).bounding_box(), handles.nth(3).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(end["x"] + 10, start["y"] + (end["y"] + 40 - start["y"]) * step / 8)
    page.mouse.up()
    expect(page.locator(".placelist__name > a").last).to_have_text("Dom")
    page.reload()
    assert names(page) == ["Babica", LONG, "Župnišče", "Dom"]


def test_without_javascript_and_by_keyboard_the_buttons_do_the_same(scenes, live_server, browser):
    page = opened(browser, live_server, scenes.ana, f"{PLACES}?mode=order", java_script_enabled=False)
    page.get_by_role("button", name="Dol: Dom").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".placelist__name > a").first).to_have_text("Babica")


def test_every_page_of_places_and_sharing_is_sound(scenes, live_server, browser):
    for number in range(46):
        payer = scenes.bojans_firm
        point = scenes.given_supply_point(payer, f"6100-{number}", street=f"Ukanc {number}")
        Link.objects.create(
            user=scenes.bojan.user, payer=payer, supply_point=point, name=f"Apartma {number}", position=number + 5,
            created_at=timezone.now(),
        )  # fmt: skip
    of_house = f"{PLACES}{scenes.anas_house.public_id}/"
    invitation = scenes.given_invitation(to=scenes.ana.user)
    pages = [
        ("list", scenes.ana, PLACES), ("order", scenes.ana, f"{PLACES}?mode=order"),
        ("edit", scenes.ana, f"{of_house}ime/"),
        ("remove", scenes.ana, f"{of_house}odstrani/"), ("share", scenes.ana, f"{of_house}deljenje/"),
        ("invited", scenes.ana, f"/vabila/{invitation.public_id}/"), ("shared", scenes.cilka, PLACES),
        ("firm", scenes.bojan, PLACES), ("groups", scenes.bojan, f"{PLACES}?mode=groups"),
        ("shared-home", scenes.cilka, "/"), ("nobody", Customer("Prazna"), PLACES),
    ]  # fmt: skip
    for name, customer, path in pages:
        page = opened(browser, live_server, customer, path, viewport=PHONE)
        if name == "share":
            page.locator("details.plus summary").first.click()
        looked_at(page, f"places-{name}")
        page.context.close()
