"""Pages for what went wrong: database gone, forged or stale form, broken page."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader

log = structlog.get_logger(__name__)


class DatabaseGoneMiddleware:
    """Answer 503 with a page that needs no database, at once, when the database cannot be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        return database_gone()


def database_gone() -> HttpResponse:
    log.error("database_unreachable")
    page = loader.render_to_string("503.html", {})
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("csrf_failed", reason=reason)
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(loader.render_to_string("400.html", {}), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    reference = getattr(request, "reference", "")
    return HttpResponseServerError(loader.render_to_string("500.html", {"reference": reference}))
