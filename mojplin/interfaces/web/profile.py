"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def profile(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def more(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
