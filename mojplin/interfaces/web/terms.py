"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def terms(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def terms_version(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def privacy(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def accessibility(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def cookies(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
