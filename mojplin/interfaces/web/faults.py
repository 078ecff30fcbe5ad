"""Pages for what went wrong: database gone, odd request, forged or stale form, broken page."""

import re
import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, QueryDict
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve

from mojplin.foundation.slots import NoFreeSlot

METHODS = ("GET", "HEAD", "POST")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FROM_ELSEWHERE = ("cross-site", "same-site")
"""What a browser says of a form that another site sent, or another host of the same domain."""
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
log = structlog.get_logger(__name__)


class OddRequestMiddleware:
    """Answer what no page of ours understands before any page sees it: other methods, bodies that are no form or beyond
    the limit, forms that other sites sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return error_page("405.html", 405, {"Allow": ", ".join(METHODS)})
        if body_size(request) > largest_body(request):
            return error_page("413.html", 413)
        if request.method == "POST" and body_size(request) and request.content_type not in FORMS:
            return error_page("400.html", 415)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return error_page("405.html", 405, {"Allow": response["Allow"]})
        return response

    @staticmethod
    def process_view(request: Any, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Refuse a forged form by what the browser says of it, even where its token and origin would pass."""
        is_forged = request.method == "POST" and request.headers.get("Sec-Fetch-Site", "") in FROM_ELSEWHERE
        return csrf_failed(request, "Sec-Fetch-Site") if is_forged else None


class WritableMiddleware:
    """Take out of what was sent the control characters that no page and no database row may hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    @staticmethod
    def process_view(request: Any, _view: Any, _args: Any, _kwargs: Any) -> None:
        if "\0" in request.path:
            raise Http404
        request.GET = writable(request.GET)
        if request.method == "POST":
            request.POST = writable(request.POST)


def writable(data: QueryDict) -> QueryDict:
    if not any(UNWRITABLE.search(value) for _name, values in data.lists() for value in values):
        return data
    kept = data.copy()
    for name, values in data.lists():
        kept.setlist(name, [UNWRITABLE.sub("", value) for value in values])
    return kept


def body_size(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def largest_body(request: HttpRequest) -> int:
    """Return how much a page takes: more than a form only where its view is marked with `takes_files`."""
    if body_size(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or request.content_type != "multipart/form-data":
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return int(getattr(view, "largest_body", settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def error_page(template: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return a page that needs neither database nor user."""
    return HttpResponse(loader.render_to_string(template, {}), status=status, headers=headers)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("csrf_failed", reason=reason)
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_page("413.html", 413)
    return error_page("400.html", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer any exception nobody expected, of a page or of a middleware; Django calls this while handling it.

    A database that cannot be reached, or a machine too busy to answer in time, is not a broken page: 503, try again.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | NoFreeSlot):
        return error_page("503.html", 503, {"Retry-After": "30"})
    reference = getattr(request, "reference", "")
    return HttpResponseServerError(loader.render_to_string("500.html", {"reference": reference}))
