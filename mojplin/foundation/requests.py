"""An id for every request, so that what a person reads on an error page can be found in the logs."""

import secrets
from collections.abc import Callable

import structlog
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
