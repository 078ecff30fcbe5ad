"""Texts for anybody: the general terms in every published version, privacy, cookies, accessibility."""

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown import Markdown
from markupsafe import Markup

from mojplin.domain.accounts.consent import current_terms
from mojplin.domain.accounts.models import TermsVersion
from mojplin.interfaces.web.doors import today

UNSAFE_PATTERNS = (
    "html", "link", "reference", "short_reference", "autolink", "automail", "image_link", "image_reference",
    "short_image_ref",
)  # fmt: skip


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    version = current_terms(today=today())
    if version is None:
        raise Http404
    return terms_page(request, version)


@login_not_required
@require_safe
def terms_version(request: HttpRequest, version: int) -> HttpResponse:
    return terms_page(request, get_object_or_404(TermsVersion, version=min(version, 2**31 - 1)))


def terms_page(request: HttpRequest, version: TermsVersion) -> HttpResponse:
    text = version.text_en if get_language() == "en" else version.text_sl
    others = TermsVersion.objects.exclude(pk=version.pk).order_by("-version").values("version", "effective_on")
    context = {"version": version, "text": as_html(text), "others": list(others)}
    return render(request, "web/terms/terms.html", context)


@lru_cache(maxsize=16)
def as_html(text: str) -> Markup:
    """Return Markdown as HTML: headings, lists, emphasis. HTML in the text is shown as text; links and pictures too."""
    markdown = Markdown()
    markdown.preprocessors.deregister("html_block")
    for name in (
        "html",
        "link",
        "reference",
        "short_reference",
        "autolink",
        "automail",
        "image_link",
        "image_reference",
    ):
        markdown.inlinePatterns.deregister(name)
    return Markup(markdown.convert(text))  # noqa: S704  # what could carry code was taken out above


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/terms/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/terms/accessibility.html")


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    names = {
        "session": settings.SESSION_COOKIE_NAME,
        "sign_in": settings.SIGN_IN_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "messages": "messages",
        "theme": settings.THEME_COOKIE_NAME,
    }
    return render(request, "web/terms/cookies.html", {"names": names})
