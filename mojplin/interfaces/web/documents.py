"""Not written yet: replaced by the room's own pages."""

from django.http import Http404, HttpRequest, HttpResponse


def documents(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def document(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def document_pdf(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404


def document_xml(request: HttpRequest, **where: str) -> HttpResponse:
    raise Http404
