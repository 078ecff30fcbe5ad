"""Support in a real browser: an enquiry with a photo as phones make it, the office's answer, closing and reopening."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mojplin.domain.support.models import Attachment, Enquiry
from tests.browser.keys import goes_to, types
from tests.browser.looks import DESK, PHONE, looked_at
from tests.cast import Customer, Scenes

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = Path(__file__).parent.parent / "foundation" / "phone.heic"


def test_an_enquiry_with_a_photo_is_answered_closed_and_opened_again(tab: Callable[..., Page]):
    scenes = Scenes()
    scenes.given_cast()
    page, office = tab(scenes.ana, viewport=DESK), tab(Customer("Nika", role="clerk"), viewport=DESK)
    page.goto("/podpora/")
    page.get_by_label("O čem pišete?").select_option("reading")
    page.get_by_label("Sporočilo", exact=True).fill("Številčnica je zarosena.")
    page.get_by_label("Fotografije ali dokumenti").set_input_files(PHOTO)
    page.get_by_role("button", name="Pošljite sporočilo").click()
    page.wait_for_url("**/podpora/*/")
    enquiry, file = Enquiry.objects.get(), Attachment.objects.get()
    assert (file.name, file.media_type) == ("phone.jpg", "image/jpeg")
    with page.expect_download() as photo:
        page.get_by_role("link", name="phone.jpg").click()
    assert Path(photo.value.path()).read_bytes().startswith(b"\xff\xd8")

    office.goto("/urad/vprasanja/")
    office.get_by_role("link", name=enquiry.number).click()
    office.get_by_label("Odgovor stranki").fill("Pridemo ga zamenjat.")
    looked_at(office, "office-enquiry")
    office.get_by_role("button", name="Pošljite odgovor").click()
    expect(office.locator("main")).to_contain_text("Pridemo ga zamenjat.")

    page.reload()
    expect(page.locator("main")).to_contain_text("Pridemo ga zamenjat.")
    looked_at(page, "enquiry-answered")
    page.get_by_role("button", name="Zadeva je rešena").click()
    expect(page.locator("main")).to_contain_text("Zaključeno")
    page.get_by_label("Vaše sporočilo").fill("Še vedno je zarosena.")
    page.get_by_role("button", name="Pošljite", exact=True).click()
    expect(page.locator("main")).to_contain_text("Še vedno je zarosena.")
    enquiry.refresh_from_db()
    assert enquiry.state == "sent" and enquiry.entries.count() == 3


def test_an_enquiry_is_sent_and_closed_by_keyboard_without_script_in_english(tab: Callable[..., Page]):
    page = tab(Customer("Cilka"), viewport=PHONE, java_script_enabled=False)
    page.goto("/en/support/")
    types(page, "topic", "Invoice")
    types(page, "message", "Where does my invoice go?")
    goes_to(page, "Send the message")
    page.wait_for_url("**/en/support/*/")
    types(page, "message", "I have moved.")
    goes_to(page, "Send")
    expect(page.locator("main")).to_contain_text("I have moved.")
    goes_to(page, "It is settled, close it")
    expect(page.locator("main")).to_contain_text("Closed")
    enquiry = Enquiry.objects.get()
    assert (enquiry.topic, enquiry.entries.count()) == ("billing", 2)
