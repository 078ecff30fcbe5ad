"""What a request tells about who sends it: the network address, the browser, where it wants to go."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mojplin.domain.accounts.sign_in import Visit

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
NEXT_MAX = 200


def client_ip(request: HttpRequest) -> str | None:
    """Return the visitor's address: the peer, or what the trusted proxies in front of us have written, no more."""
    hops = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), *hops]
    address = hops[-1 - settings.TRUSTED_PROXIES] if len(hops) > settings.TRUSTED_PROXIES else hops[0]
    try:
        return str(ip_address(address.strip()))
    except ValueError:
        return None


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
