"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def link(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def places(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def rename(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
