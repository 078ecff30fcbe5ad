"""Waiting in a browser as long as a busy machine may take, and no longer: a script that waits has no end of its own.

Playwright's own waiting for a script is refused by the policy of our pages, which lets no text be run as a script.
"""

from typing import Any

from playwright.sync_api import Page

PATIENCE_MS = 60_000
"""How long a busy machine may take for one step."""
STEP_MS = 20


def waited_for(page: Page, script: str, argument: object = None) -> Any:
    """Ask the page again and again until the script returns something, and return that."""
    for _ in range(PATIENCE_MS // STEP_MS):
        if found := page.evaluate(script, argument):
            return found
        page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"waited in vain for {script}")
