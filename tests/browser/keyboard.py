"""Somebody without a mouse: walks a page by Tab, types where the focus is, presses Enter."""

from playwright.sync_api import Page

MOST_STEPS = 80


def goes_to(page: Page, text: str) -> None:
    """Walk to the link or button with this text, and press it."""
    reaches(page, f"document.activeElement.innerText.trim() === {text!r}")
    page.keyboard.press("Enter")


def types(page: Page, name: str, text: str) -> None:
    """Walk to the field of this name and type into it."""
    reaches(page, f"document.activeElement.name === {name!r}")
    page.keyboard.type(text)


def reaches(page: Page, there: str) -> None:
    """Press Tab until the focus is where the script says."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"not reached by keyboard: {there}")
