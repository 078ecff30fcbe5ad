"""How a page looks: on a phone and a desk, narrow as at 400 % zoom, in light and dark; axe finds nothing wrong.

With LOOKS_FOLDER=folder a picture of every look is kept there.
"""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

PHONE, DESK, NARROW = {"width": 390, "height": 844}, {"width": 1280, "height": 1024}, {"width": 320, "height": 256}
PICTURES = os.environ.get("LOOKS_FOLDER", "")
CONTRAST = ["color-contrast"]


def looked_at(page: Page, name: str, *, axe: bool = True) -> None:
    """Look at the page in every look, then leave it at the size it had, in light; folded parts are opened first."""
    size = page.viewport_size
    page.emulate_media(reduced_motion="reduce")  # else axe would judge colours on their way to others
    for details in page.locator("main details").all() if axe else ():
        details.evaluate("each => each.open = true")
    for look, where in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(where)
        is_drawn(page, f"{name}-{look}")
        if axe:
            finds_nothing(page, f"{name}, {look}")
    page.emulate_media(color_scheme="dark")
    is_drawn(page, f"{name}-dark")
    if axe:
        finds_nothing(page, f"{name}, dark", CONTRAST)
    page.set_viewport_size(NARROW)
    is_drawn(page, f"{name}-narrow")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)


def is_drawn(page: Page, name: str) -> None:
    """Keep a picture if they are wanted; nothing may be wider than the screen."""
    keeps_picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"


def keeps_picture(page: Page, name: str) -> None:
    if not PICTURES:
        return
    path = Path(PICTURES) / f"{name.replace('/', '-')}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=path, full_page=True)
    except PlaywrightError:  # a busy Chromium now and then fails to draw one
        page.screenshot(path=path, full_page=True)


def finds_nothing(page: Page, where: str, rules: list[str] | None = None) -> None:
    """Let axe judge the page as it stands now, by all its rules or only by these."""
    wrong = violations(page, rules)
    assert wrong == [], "\n".join([where, *wrong])


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong; it need not report what is right, which takes it as long as the judging."""
    page.wait_for_load_state()  # a page whose colours are still on their way has none to judge
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)
    return [f"{each['id']}: {each['help']}: {node['html']}" for each in found for node in each["nodes"]]
