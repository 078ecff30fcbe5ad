"""Addresses of pages, looked up once: Django goes through its tables for each, and a page asks for dozens."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language


def plain_url(name: str) -> str:
    """Return the address of a page without arguments, in the active language."""
    return _remembered(name, get_language(), settings.ROOT_URLCONF)


@lru_cache(maxsize=512)
def _remembered(name: str, _language: str | None, _urlconf: str) -> str:
    return reverse(name)
