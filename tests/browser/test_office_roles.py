"""The office in a real browser, by keyboard alone: what a reader finds, a clerk does, two decide, an admin runs."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from mojplin.domain.accounts.models import AuthenticatorApp
from mojplin.domain.accounts.recovery_codes import make_recovery_codes
from mojplin.domain.accounts.sign_in import Visit
from mojplin.domain.linking.models import Link, LinkProposal
from mojplin.domain.support.models import AnswerTemplate
from mojplin.foundation.protected import encrypted
from tests.browser.keys import goes_to, reaches, types
from tests.browser.looks import DESK, PHONE, finds_nothing, looked_at
from tests.cast import PASSWORD, Customer, Scenes
from tests.mailbox import link_in, mails_to

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7 nekaj %%EOF"
Opens = Callable[[Customer, str], Page]


@pytest.fixture
def scenes() -> Scenes:
    scenes, now = Scenes(), timezone.now()
    scenes.given_cast()
    scenes.given_payer("20420001", name="Čopič Žiga", serial=7)
    scenes.given_document(scenes.anas_payer, scenes.anas_house, "26-OGR-104417")
    scenes.enquiry = scenes.given_enquiry(
        scenes.ana, "Zakaj imam pavšal?", topic="reading", supply_point=scenes.anas_house, payer=scenes.anas_payer,
        promised_on=timezone.localdate() - timedelta(days=1), sent_at=now - timedelta(days=3),
    )  # fmt: skip
    scenes.given_file(scenes.enquiry)
    scenes.nika = Customer("Nika", role="clerk")
    AnswerTemplate.objects.create(
        title="Pavšal", text_sl="Pozdravljeni,", text_en="Hello,", saved_by=scenes.nika.user, saved_at=now
    )
    return scenes


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=DESK, locale="sl-SI") as context:
        yield context


@pytest.fixture
def opens(context: BrowserContext, live_server) -> Opens:
    """Open a page of the office as somebody; whoever had this browser before is forgotten."""

    def page_of(who: Customer, address: str) -> Page:
        who.is_signed_in()
        secret = who.browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/urad/{address}")
        return page

    return page_of


def chooses_why(page: Page) -> None:
    reaches(page, "document.activeElement.name === 'why'")
    page.keyboard.press("ArrowDown")
    goes_to(page, "Pokažite podatke")


def test_a_reader_finds_a_customer_as_they_type_and_sees_all_but_changes_nothing(opens: Opens, scenes: Scenes) -> None:
    page = opens(Customer("Rok", role="reader"), "stranke/")
    page.keyboard.type("cop")  # the field has the focus
    page.get_by_role("link", name="Čopič Žiga").wait_for()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("ana")
    page.get_by_role("link", name="Ana Novak").wait_for()
    looked_at(page, "office-found")
    reaches(page, "document.activeElement.innerText.startsWith('Ana Novak')")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Razlog vpogleda").wait_for()
    assert "Ob potoku" not in page.inner_text("main")
    looked_at(page, "office-payer-masked")
    chooses_why(page)
    page.get_by_text("26-OGR-104417").wait_for()
    looked_at(page, "office-payer")
    goes_to(page, "Ana")
    page.get_by_role("heading", name="Dostop do portala").wait_for()
    chooses_why(page)
    page.get_by_role("heading", name="Zadnje prijave").wait_for()
    assert page.get_by_role("button", name="Odjavite stranko").count() == 0
    looked_at(page, "office-account")
    goes_to(page, "Odprite pogled stranke")
    page.get_by_text("Samo za ogled").wait_for()
    looked_at(page, "office-customer-view")
    page.goto(page.url.partition("/urad/")[0] + f"/urad/vprasanja/{scenes.enquiry.public_id}/")
    assert page.locator("main form").count() == 0


def test_a_clerk_answers_an_enquiry_with_a_file(opens: Opens, scenes: Scenes) -> None:
    page = opens(scenes.nika, "vprasanja/")
    looked_at(page, "office-enquiries")
    reaches(page, "document.activeElement.href?.includes('/vprasanja/') && document.activeElement.closest('table')")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Pogovor").wait_for()
    goes_to(page, "Vstavite")
    page.get_by_text("Pozdravljeni,").wait_for()
    looked_at(page, "office-enquiry")
    reaches(page, "document.activeElement.name === 'answer-text'")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" v prilogi je razlaga.")
    page.get_by_label("Fotografije ali dokumenti").set_input_files(
        {"name": "razlaga.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    goes_to(page, "Pošljite odgovor")
    page.get_by_role("link", name="razlaga.pdf").wait_for()
    assert scenes.enquiry.entries.latest("pk").text == "Pozdravljeni, v prilogi je razlaga."


def test_a_link_is_proposed_by_one_clerk_and_made_by_another(opens: Opens, scenes: Scenes) -> None:
    page = opens(scenes.nika, f"povezave/placnik/{scenes.anas_payer.number}/")
    chooses_why(page)
    page.get_by_role("heading", name="Kdo vidi podatke").wait_for()
    looked_at(page, "office-payer-links")
    types(page, "user", "cilka")
    types(page, "supply_point", scenes.anas_house.number)
    types(page, "reason", "Ana jo je poslala osebno.")
    goes_to(page, "Predlagajte povezavo")
    page.get_by_text("Odloči nekdo drug.").wait_for()
    assert not Link.objects.filter(user=scenes.cilka.user).exists()
    page = opens(Customer("Oto", role="clerk"), "povezave/")
    looked_at(page, "office-links")
    goes_to(page, "Povežite")
    page.get_by_text("je povezano").wait_for()
    assert Link.objects.get(user=scenes.cilka.user).proven_by == "staff"
    assert LinkProposal.objects.get().decided_by.username == "Oto"


def test_an_administrator_reads_the_log_and_invites_somebody(opens: Opens, scenes: Scenes) -> None:
    ada = Customer("Ada", role="admin")
    page = opens(ada, "zaposleni/")
    looked_at(page, "office-people")
    types(page, "email", "nova@example.si")
    goes_to(page, "Pošljite vabilo")
    page.get_by_text("Vabilo je na poti").wait_for()
    page = opens(ada, "dnevnik/")
    page.get_by_text("nova@example.si").wait_for()
    looked_at(page, "office-log")
    for name, address in (("publishing", "objave/"), ("notice", "objave/obvestilo/"), ("terms", "pogoji/")):
        page = opens(ada, address)
        looked_at(page, f"office-{name}")


def test_on_a_phone_the_menu_takes_one_row_and_opens_by_keyboard(opens: Opens, scenes: Scenes) -> None:
    page = opens(Customer("Ada", role="admin"), "stranke/")
    page.set_viewport_size(PHONE)
    page.emulate_media(reduced_motion="reduce")
    menu, links = page.get_by_text("Meni", exact=True), page.get_by_role("navigation").get_by_role("link")
    assert page.locator(".topbar").bounding_box()["height"] < 120 and links.count() == 0
    menu.focus()
    page.keyboard.press("Enter")
    assert links.all_inner_texts()[:3] == ["Pregled", "Stranke", "Vprašanja"]
    finds_nothing(page, "the office's menu on a phone")
    page.emulate_media(color_scheme="dark")
    finds_nothing(page, "the office's menu on a phone, dark")
    goes_to(page, "Dnevnik")
    page.get_by_role("heading", level=1, name="Dnevnik").wait_for()


def test_somebody_without_their_phone_signs_in_with_a_recovery_code(
    context: BrowserContext, live_server, scenes: Scenes
) -> None:
    nika, now = scenes.nika.user, timezone.now()
    AuthenticatorApp.objects.create(user=nika, secret_encrypted=encrypted("A" * 32), made_at=now, proven_at=now)
    code = make_recovery_codes(user=nika, visit=Visit(ip=None, device="Chrome"), now=now)[0]
    page = context.new_page()
    page.goto(f"{live_server.url}/urad/")
    looked_at(page, "office-sign-in")
    types(page, "identifier", "nika")
    types(page, "password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/prijava/caka/**")
    confirming = next(mail for mail in mails_to(nika.email) if "/prijava/potrdi/" in mail.text)
    page.goto(live_server.url + link_in(confirming))
    goes_to(page, "Potrdite prijavo")
    page.get_by_role("heading", name="Vaš drugi dejavnik").wait_for()
    looked_at(page, "office-second-factor")
    types(page, "code", code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Urad").wait_for()
    page.goto(f"{live_server.url}/urad/moja-prijava/")
    assert "9" in page.get_by_text("neporabljenih kod").inner_text()
    looked_at(page, "office-own-sign-in")
