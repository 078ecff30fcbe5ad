"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def support(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def enquiry_sent(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
