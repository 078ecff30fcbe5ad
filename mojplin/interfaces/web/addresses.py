"""Addresses of pages, looked up once: Django goes through its tables for each, and a page asks for dozens."""

import re
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
EXAMPLE = "exampleexampleexample1"


def plain_url(name: str) -> str:
    """Return the address of a page without arguments, in the active language."""
    return _remembered(name, get_language(), settings.ROOT_URLCONF)


def url_of_thing(name: str, public_id: str) -> str:
    """Return the address of the page of one thing, in the active language."""
    if not PUBLIC_ID.fullmatch(public_id):
        return reverse(name, args=[public_id])
    before, after = _around_id(name, get_language(), settings.ROOT_URLCONF)
    return f"{before}{public_id}{after}"


@lru_cache(maxsize=512)
def _around_id(name: str, _language: str | None, _urlconf: str) -> tuple[str, str]:
    """Return what stands before and after the id in every address of that page."""
    before, _id, after = reverse(name, args=[EXAMPLE]).partition(EXAMPLE)
    return before, after


@lru_cache(maxsize=512)
def _remembered(name: str, _language: str | None, _urlconf: str) -> str:
    return reverse(name)
