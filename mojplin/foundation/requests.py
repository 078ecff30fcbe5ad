"""An id for every request, so that what a person reads on an error page can be found in the logs."""

import secrets
from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware:
    """Set `request.reference` (eight letters and digits) and put it on every log line of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = secrets.token_hex(4).upper()  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(reference=request.reference)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()


def client_ip(request: HttpRequest) -> str | None:
    """Return the address the request came from, seen from outside the proxies in front of us (TRUSTED_PROXIES)."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    # Everything left of what our own proxies wrote can be invented by the sender.
    address = hops[max(0, len(hops) - 1 - settings.TRUSTED_PROXIES)]
    try:
        return str(ip_address(address))
    except ValueError:
        return None
