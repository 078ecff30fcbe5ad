"""Texts for anybody that the office can edit: contact, help, safety, privacy, accessibility, cookies."""

import structlog
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mojplin.domain.publishing.models import InvoicePicture
from mojplin.domain.publishing.public_pages import ReadPage, as_read, current_texts, shipped_texts
from mojplin.foundation.downloads import picture
from mojplin.foundation.formats import Language, active_language
from mojplin.interfaces.web.terms import for_anybody

log = structlog.get_logger(__name__)


@for_anybody
def public_page(request: HttpRequest, name: str) -> HttpResponse:
    language = active_language()
    read = as_read(current_texts(name).text(language), language)
    return render(request, "web/public/page.html", {"read": read})


@for_anybody
def safety(request: HttpRequest) -> HttpResponse:
    return render(request, "web/public/safety.html", {"read": safety_text(active_language())})


def safety_text(language: Language) -> ReadPage:
    """Return what to do when it smells of gas; without a database, in the words that come with the portal."""
    try:
        texts = current_texts("safety")
    except Error:
        log.warning("safety_text_unknown", exc_info=True)
        texts = shipped_texts("safety")
    return as_read(texts.text(language), language)


@for_anybody
def invoice_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a picture that the office has published."""
    kept = InvoicePicture.objects.filter(public_id=public_id).first()
    if kept is None:
        raise Http404
    return picture(kept.path)
