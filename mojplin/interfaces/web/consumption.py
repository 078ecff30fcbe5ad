"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def consumption(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
