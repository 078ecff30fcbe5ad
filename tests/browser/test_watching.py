"""Watching the portal in a real browser: an administrator takes a held export in, by keyboard alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser

from mojplin.domain.supply.models import FeedRun, Payer
from mojplin.foundation.outbox.models import Message
from tests.browser.keys import goes_to, types
from tests.browser.looks import PHONE, looked_at
from tests.cast import Customer
from tests.erp.feeds import Feed, exit_code_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(tmp_path: Path) -> FeedRun:
    """An export was taken in; the next one, with far fewer payers and another name, is held."""
    feed = Feed()
    for number in range(20):
        feed.add("payers.csv", payer_number=f"3{number}")
    assert exit_code_of(feed.write(tmp_path / "first")) == 0
    del feed.rows["payers.csv"][-5:]
    feed.change("payers.csv", name="Nekdo Drug")
    feed.add("payers.csv", payer_number="9", tax_number="1")
    assert exit_code_of(feed.write(tmp_path / "second", sequence=2)) == 3
    return FeedRun.objects.latest("pk")


def test_a_held_export_is_taken_in_by_keyboard(browser: Browser, live_server, held: FeedRun) -> None:
    now = timezone.now()
    Message.objects.create(
        topic="mail", state="dead", payload={"to": "nekdo@example.si", "template": "accounts/mail/new_device"},
        created_at=now - timedelta(days=4), next_attempt_at=now, attempts=80,
        last_error="given up: SMTPServerDisconnected('the connection was closed unexpectedly')",
    )  # fmt: skip
    dora = Customer("Dora", role="admin")
    with browser.new_context(viewport=PHONE, locale="sl-SI") as context:
        secret = dora.browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/urad/")
        looked_at(page, "watch-office")
        goes_to(page, "Poglejte, kaj bi spremenil")
        page.wait_for_url(f"**/urad/izvozi/{held.pk}/")
        looked_at(page, "watch-held")
        goes_to(page, "Vseeno prevzemite")
        page.wait_for_url("**/prevzem/")
        looked_at(page, "watch-accept")
        types(page, "reason", "Prodali smo enklavo.")
        goes_to(page, "Vseeno prevzemite")
        page.wait_for_url(f"**/urad/izvozi/{held.pk}/")
        assert "Prodali smo enklavo." in page.inner_text("main")
        call_command("take_in_accepted")
        page.reload()
        assert "Prevzeto" in page.inner_text("main")
        assert Payer.objects.filter(name="Nekdo Drug").count() == 1
        for name, address in (("outgoing", "posiljanje/mail/"), ("activity", "dogajanje/"), ("health", "zdravje/")):
            page.goto(f"{live_server.url}/urad/{address}")
            looked_at(page, f"watch-{name}")
