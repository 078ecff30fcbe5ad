"""Walking through a page by keyboard alone."""

from playwright.sync_api import Page


def goes_to(page: Page, text: str) -> None:
    """Walk by Tab to the link or button with this text, and press it."""
    reaches(page, f"document.activeElement.innerText.trim() === '{text}'")
    page.keyboard.press("Enter")


def types(page: Page, name: str, text: str) -> None:
    """Walk to the field of this name and type into it."""
    reaches(page, f"document.activeElement.name === '{name}'")
    page.keyboard.type(text)


def reaches(page: Page, there: str) -> None:
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"not reached by keyboard: {there}")
