"""Messages by mail in a real browser: choosing them, stopping one by the link of a mail, and the private calendar."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from mojplin.domain.accounts.notices import unwanted
from mojplin.domain.notifications.models import Rhythm
from mojplin.foundation.unsubscribing import Stop, stop_url
from tests.browser.looks import PHONE, looked_at
from tests.cast import Scenes

pytestmark = pytest.mark.django_db(transaction=True)


def test_messages_are_chosen_stopped_and_put_into_a_calendar_in_english(tab: Callable[..., Page]):
    scenes = Scenes()
    scenes.given_cast()
    scenes.given_contract(scenes.anas_payer, scenes.anas_house)
    page, mail = tab(scenes.ana, viewport=PHONE), tab(viewport=PHONE)
    page.goto("/en/profile/messages/")
    page.get_by_label("An invoice is due in three days").uncheck()
    page.get_by_label("Everything in one message a day").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Your choice is saved.")
    assert Rhythm.objects.get(user=scenes.ana.user).often == "daily"
    looked_at(page, "messages")

    with translation.override("en"):
        stop = stop_url(Stop(scenes.ana.user.pk, ["new_document"]))
    mail.goto(urlsplit(stop).path)
    expect(mail.get_by_role("heading", level=1)).to_have_text("No more messages of this kind?")
    looked_at(mail, "stop-mails")
    mail.get_by_role("button", name="Stop these messages").click()
    expect(mail.get_by_role("heading", level=1)).to_have_text("These messages no longer come")
    page.reload()
    expect(page.get_by_label("A new invoice or note")).not_to_be_checked()
    assert len(unwanted(scenes.ana.user)) == 2

    page.get_by_role("link", name="Your calendar").click()
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("Add this address to your calendar").input_value()
    looked_at(page, "calendar")
    told = mail.request.get(urlsplit(address).path).text()
    assert told.startswith("BEGIN:VCALENDAR") and "BEGIN:VEVENT" in told
    page.get_by_role("link", name="Messages and notifications").click()
    page.get_by_role("link", name="Your calendar").click()
    page.get_by_role("button", name="Turn the address off").click()
    assert mail.request.get(urlsplit(address).path).status == 404
