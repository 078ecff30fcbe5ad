"""What a request tells about who sends it: the network address, the browser, where it wants to go."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation.requests import client_ip

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
NEXT_MAX = 200


def device_name(user_agent: str) -> str:
    """Return "Chrome, Windows" of a browser's own description, which may be anything."""
    browser = next((name for mark, name in BROWSERS if re.search(rf"{mark}\w*/", user_agent)), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return ", ".join(filter(None, (browser, system))) or _("Unknown browser")


def visit_of(request: HttpRequest) -> Visit:
    return Visit(
        ip=client_ip(request),
        device=device_name(request.headers.get("User-Agent", "")),
        device_secret=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
    )


def safe_next(path: str) -> str:
    """Return the address to go on to if it is a page of this portal, else ""."""
    local = path.startswith("/") and path.isprintable() and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if local and len(path) <= NEXT_MAX else ""
