"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def register(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def register_sent(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def register_finish(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
