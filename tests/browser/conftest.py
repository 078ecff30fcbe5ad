"""A real Chromium against a live server; Playwright runs an event loop, under which Django is wary of its database."""

import os
import shutil

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "Chromium is missing: install it (Debian: apt-get install chromium)."
    quiet = [
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "disable-quic",
    ]
    return browser_type_launch_args | {"executable_path": chromium, "args": [f"--{flag}" for flag in quiet]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "sl-SI", "timezone_id": "Europe/Ljubljana"}
