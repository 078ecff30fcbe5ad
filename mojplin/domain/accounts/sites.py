"""Full addresses for mails: customers' at the portal, staff's at the office's own address if it has one."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.models import User


def site_of(user: User) -> str:
    """Return scheme and host of the address, as in "https://moj.example.si"; it comes from the settings alone."""
    return settings.OFFICE_URL if user.is_staff else settings.BASE_URL


def address_in(language: str, name: str, *args: str, site: str = "") -> str:
    """Return the full address of a page in that language; the host is the one of the settings, never of a request.

    :param site: where the page is; the portal itself by default.
    """
    with translation.override(language):
        return (site or settings.BASE_URL) + reverse(name, args=args)
