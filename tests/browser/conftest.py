"""A real Chromium against a live server; Playwright runs an event loop, under which Django is wary of its database."""

import os
import shutil

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.patience import PATIENCE_MS
from tools.check import CHROMIUM

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=PATIENCE_MS)
SPARED = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
"""What Chromium does without. For each context it would draw two pages of its own behind the address bar, which nobody
sees, and start a process in reserve; the rest is Playwright's own list, which ours takes the place of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert chromium, "Chromium is missing: install it (Debian: apt-get install chromium)."
    quiet = [
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "disable-quic",
        f"disable-features={','.join(SPARED)}",
    ]
    return browser_type_launch_args | {
        "executable_path": chromium,
        "args": [f"--{flag}" for flag in quiet],
        "timeout": 5 * PATIENCE_MS,
    }


@pytest.fixture(scope="session")
def browser(browser):
    """In place of the one of pytest-playwright: its contexts have patience."""
    new_context = browser.new_context

    def patient_context(**how):
        context = new_context(**how)
        context.set_default_timeout(PATIENCE_MS)
        return context

    browser.new_context = patient_context
    return browser


@pytest.fixture(autouse=True)
def no_tab_outlives_its_test(browser):
    """A page that is left open goes on asking the server."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "sl-SI", "timezone_id": "Europe/Ljubljana"}


@pytest.fixture
def tab(browser, browser_context_args, live_server):
    """Open a tab for a customer who is signed in, or for nobody; addresses are paths."""

    def opened(who=None, **looks):
        context = browser.new_context(**browser_context_args | {"base_url": live_server.url} | looks)
        if who:
            secret = who.browser.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": live_server.url}])
        return context.new_page()

    return opened
