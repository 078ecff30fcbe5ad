"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def orders(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def order_sent(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def hand_over(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
