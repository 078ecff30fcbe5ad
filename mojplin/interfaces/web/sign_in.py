"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def sign_in(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def waiting(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def waiting_state(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def finish(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def enter_code(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def resend(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def confirm(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def deny(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def sign_out(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
