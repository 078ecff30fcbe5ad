"""The whole door in a real browser: by keyboard alone on the narrowest page, before a machine that presses every
button of every mail, and where a proof is due."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from mojplin.domain.accounts.models import EmailChange, Session, User
from mojplin.domain.accounts.revocation import doubt_proofs
from mojplin.domain.linking.models import Invitation, Link
from tests.browser.looks import violations
from tests.browser.test_journey import copy_of_terms_has_come, mailed_link
from tests.cast import PASSWORD, Customer, Scenes
from tests.mailbox import link_in, mails_to, newest_mail_to
from tests.web.sign_in_case import address

ENLARGED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %."""
pytestmark = pytest.mark.django_db(transaction=True)
FOCUS = """() => {
    const each = document.activeElement, box = each.getBoundingClientRect(), around = each.closest("label") || each;
    const inside = box.top >= 0 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth + 1;
    const outline = [each, around].some(one => getComputedStyle(one).outlineStyle !== "none");
    const seen = [0.25, 0.5, 0.75].some(part => {
        const y = Math.min(Math.max(box.top + box.height * part, 1), innerHeight - 1);
        const top = document.elementFromPoint(box.left + box.width / 2, y);
        return top && (around.contains(top) || top.contains(each));
    });
    return {outline, inside, seen, what: each.outerHTML.slice(0, 120)};
}"""


@pytest.fixture
def scenes() -> Scenes:
    scenes = Scenes()
    scenes.given_cast()
    User.objects.update(registered_at=timezone.now() - timedelta(days=2))
    scenes.dragica = scenes.given_payer("20420001", name="Dragica Zajc", serial=7, email="dragica@example.si")
    for number in (1, 2):
        scenes.given_supply_point(scenes.dragica, f"1043-000{number}", street=f"Log {number}")
    scenes.given_document(scenes.dragica, None, "26-10", external_number="ZD-2026-10")
    return scenes


def goes_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; wherever it stops, it is seen: with an outline and under nothing."""
    for _press in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if "<body" not in focus["what"]:
            assert focus["outline"] and focus["inside"] and focus["seen"], focus
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def types(page: Page, name: str, text: str) -> None:
    goes_to(page, f"[name={name}]")
    page.keyboard.type(text)


def follows(page: Page, selector: str, where: str) -> None:
    goes_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(where)


def test_from_registration_to_sharing_by_keyboard_alone(browser: Browser, live_server, scenes):
    call_command("publish_terms", verbosity=0)
    with browser.new_context(viewport=ENLARGED) as context:
        page, url = context.new_page(), live_server.url
        page.goto(f"{url}/prijava/")
        follows(page, "main a[href$='/registracija/']", f"{url}/registracija/")
        types(page, "email", "marjeta@example.si")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Preverite e-pošto")
        page.goto(mailed_link(url))
        types(page, "username", "marjeta")
        types(page, "password", PASSWORD)
        goes_to(page, "[name=terms]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/prijava/")
        copy_of_terms_has_come()
        types(page, "identifier", "marjeta")
        types(page, "password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Preverite e-pošto")
        code = newest_mail_to("marjeta@example.si").text.partition("to kodo: ")[2][:9]
        goes_to(page, "details.more summary")
        page.keyboard.press("Enter")
        types(page, "code", code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/")
        User.objects.update(registered_at=timezone.now() - timedelta(days=2))
        links_and_shares(page, url, scenes)


def links_and_shares(page: Page, url: str, scenes: Scenes) -> None:
    follows(page, "main a[href$='/povezi/']", f"{url}/odjemna-mesta/povezi/")
    for name, typed in (
        ("tax_number", scenes.dragica.tax_number), ("payer_number", "20420001"), ("document_number", "ZD-2026-10"),
    ):  # fmt: skip
        types(page, name, typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/izbira/")
    for _point in range(2):
        goes_to(page, "[name=points]")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/odjemna-mesta/")
    follows(page, "main a[href$='/deljenje/']", "**/deljenje/")
    types(page, "email", "tine@example.si")
    goes_to(page, "[name=role]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".notice--message")).to_contain_text("tine@example.si")
    assert Invitation.objects.get().email == "tine@example.si"
    proves_again_and_removes(page, url)


def proves_again_and_removes(page: Page, url: str) -> None:
    doubt_proofs(User.objects.get(username="marjeta"), timezone.now())
    page.goto(f"{url}/odjemna-mesta/")
    follows(page, "main a[href$='/potrditev/']", "**/potrditev/")
    types(page, "document_number", "ZD-2026-10")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/odjemna-mesta/")
    follows(page, "main a[href$='/odstrani/']", "**/odstrani/")
    goes_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/odjemna-mesta/")
    goes_to(page, "button[name=link]")
    page.keyboard.press("Enter")
    expect(page.locator(".notice--message")).to_contain_text("znova na vašem seznamu")
    assert Link.objects.filter(user__username="marjeta", ended_at=None).count() == 2


def test_getting_back_in_an_invitation_and_leaving_by_keyboard_alone(browser: Browser, live_server, scenes):
    call_command("publish_terms", verbosity=0)
    User.objects.update(terms_version=1)
    invitation = scenes.given_invitation(to=scenes.ana.user)
    with browser.new_context(viewport=ENLARGED) as context:
        page, url = context.new_page(), live_server.url
        page.goto(f"{url}/prijava/")
        follows(page, "main a[href$='/pozabljeno-geslo/']", f"{url}/pozabljeno-geslo/")
        types(page, "identifier", "ana@example.si")
        page.keyboard.press("Enter")
        page.wait_for_url("**/poslano/")
        page.goto(url + link_in(newest_mail_to("ana@example.si")))
        types(page, "proof", scenes.anas_payer.number)
        types(page, "password", "megla sablja oreh vitez")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/prijava/")
        scenes.ana.is_signed_in()
        cookie = scenes.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page.goto(f"{url}/vabila/{invitation.public_id}/")
        types(page, "name", "Babica")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/odjemna-mesta/")
        assert Link.objects.get(user=scenes.ana.user, role="see").name == "Babica"
        page.goto(f"{url}/profil/zaprtje/")
        goes_to(page, "[name=is_sure]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/racun-zaprt/")
        assert User.objects.get(pk=scenes.ana.user.pk).closing_asked_at


def test_a_machine_that_presses_every_button_of_every_mail_changes_nothing(browser: Browser, live_server, scenes):
    """A filter of a mailbox opens what every mail of the door links to, and what that links to, and presses it all."""
    call_command("publish_terms", verbosity=0)
    ana, visitor = scenes.ana, Customer("Obiskovalec", signed_in=False)
    User.objects.update(terms_version=1)
    visitor.sends(address("register"), {"email": "nova@example.si"})
    visitor.sends(address("forgot_password"), {"identifier": "bojan"})
    ana.sends(address("change_email"), {"email": "ana.nova@example.com"})
    place = address("sharing", scenes.anas_house.public_id)
    ana.sends(place, {"email": "tine@example.si", "role": "see"})
    numbers = {"tax_number": scenes.dragica.tax_number, "payer_number": "20420001", "document_number": "ZD-2026-10"}
    ana.follows(ana.sends(address("link"), numbers))
    point = scenes.dragica.periods.first().supply_point.public_id
    ana.sends(address("link_choice"), {"points": [point]})
    mailed = [
        link_in(mail)
        for to in ("nova@", "bojan@", "ana@", "ana.nova@", "tine@", "dragica@")
        for mail in mails_to(f"{to}example.{'com' if 'nova@' in to and 'ana' in to else 'si'}")
        if "http" in mail.text
    ]
    assert len(mailed) >= 6
    before = state()
    with browser.new_context() as scanner:
        pressed = sum(presses_everything(scanner.new_page(), f"{live_server.url}{each}") for each in mailed)
    assert pressed >= 6
    assert state() == before


def presses_everything(page: Page, start: str) -> int:
    """Open the page and those it links to under the same secret, press every button of each; return how many."""
    page.goto(start)
    secret = start.rstrip("/").rpartition("/")[2]
    linked = [each for each in page.eval_on_selector_all("a", "all => all.map(a => a.href)") if secret in each]
    pressed = 0
    for target in [start, *dict.fromkeys(linked)]:
        page.goto(target)
        for index in range(page.locator("main button[type=submit]").count()):
            page.goto(target)
            page.locator("main button[type=submit]").nth(index).click()
            pressed += 1
    return pressed


def state() -> tuple[object, ...]:
    """Return everything a mailed link could change."""
    return (
        list(User.objects.order_by("pk").values_list("pk", "email", "password")),
        Session.objects.count(),
        list(Link.objects.order_by("pk").values_list("pk", "ended_at")),
        list(EmailChange.objects.values_list("state", "old_confirmed_at", "new_confirmed_at")),
        list(Invitation.objects.values_list("state", flat=True)),
    )


OF_PLACE = ("rename", "remove", "sharing", "prove", "prove_code")


def test_axe_finds_nothing_on_the_pages_of_a_place_that_must_be_proven_again(browser: Browser, live_server, scenes):
    call_command("publish_terms", verbosity=0)
    User.objects.update(terms_version=1)
    doubt_proofs(scenes.ana.user, timezone.now())
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        cookie = scenes.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        for name in OF_PLACE:
            is_sound(page, live_server.url + address(name, scenes.anas_house.public_id))


def is_sound(page: Page, where: str) -> None:
    page.goto(where)
    for details in page.locator("main details").all():
        details.evaluate("each => each.open = true")
    finds_nothing(page, where)
    buttons = page.locator("main form button[type=submit]")
    if "odstrani" in where or buttons.count() == 0:
        return
    page.eval_on_selector_all("form", "all => all.forEach(form => { form.noValidate = true; })")
    page.eval_on_selector_all(
        "main input:not([type=hidden]):not([type=radio])", "all => all.forEach(i => { i.value = ''; })"
    )
    buttons.last.click()
    finds_nothing(page, f"{where}, sent empty")


def finds_nothing(page: Page, where: str) -> None:
    assert violations(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{where} is wider than the screen"
