"""Texts for anybody: the general terms in every published version, privacy, cookies, accessibility."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, wraps
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markupsafe import Markup

from mojplin.domain.accounts.changes import changed_sections
from mojplin.domain.accounts.models import TermsVersion
from mojplin.foundation.formats import active_language
from mojplin.foundation.rich_text import as_html
from mojplin.interfaces.web.doors import today

TEXTS = Path(__file__).parent / "texts"
PLACE = re.compile(r"\{(\w+)\}")
LARGEST_VERSION = 2**31 - 1
View = Callable[..., HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A version as the list of versions shows it: when it is or was in force."""

    version: int
    effective_on: date
    until_on: date | None
    """Its last day; None while no later version is published."""
    state: str
    """"current", "former" or "future"."""


def for_anybody(view: View) -> View:
    """Open a page to everybody and to search engines."""

    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "all"
        return response

    return login_not_required(require_safe(open_view))


@for_anybody
def terms(request: HttpRequest) -> HttpResponse:
    every = editions(today())
    current = next((each for each in every if each.state == "current"), None)
    if current is None:
        raise Http404
    return terms_page(request, TermsVersion.objects.get(version=current.version), every)


@for_anybody
def terms_version(request: HttpRequest, version: int) -> HttpResponse:
    return terms_page(request, published(version), editions(today()))


@for_anybody
def terms_changes(request: HttpRequest, version: int) -> HttpResponse:
    """Show what a version changed in the one before it."""
    new = published(version)
    old = TermsVersion.objects.filter(version__lt=new.version).order_by("-version").first()
    language = get_language() or ""
    changes = changed_sections(old.text(language), new.text(language)) if old else []
    context = {"version": new, "former": old, "changes": changes, "summary": as_html(new.summary(language))}
    return render(request, "web/terms/changes.html", context)


def published(version: int) -> TermsVersion:
    return get_object_or_404(TermsVersion, version=min(version, LARGEST_VERSION))


def terms_page(request: HttpRequest, version: TermsVersion, every: list[Edition]) -> HttpResponse:
    language = get_language() or ""
    context = {
        "version": version,
        "text": as_html(version.text(language)),
        "summary": as_html(version.summary(language)),
        "edition": next(each for each in every if each.version == version.version),
        "editions": every,
        "current": next((each for each in every if each.state == "current"), None),
        "address": settings.BASE_URL + reverse("web:terms_version", args=[version.version]),
    }
    return render(request, "web/terms/terms.html", context)


def editions(on: date) -> list[Edition]:
    """Return every published version, the newest first."""
    rows = list(TermsVersion.objects.order_by("version").values_list("version", "effective_on"))
    ends = [following - timedelta(days=1) for _version, following in rows[1:]]
    every = [
        Edition(version=version, effective_on=begins, until_on=ends_on, state=state_of(begins, ends_on, on))
        for (version, begins), ends_on in zip_longest(rows, ends)
    ]
    return every[::-1]


def state_of(begins_on: date, until_on: date | None, on: date) -> str:
    if begins_on > on:
        return "future"
    return "former" if until_on and until_on < on else "current"


@for_anybody
def privacy(request: HttpRequest) -> HttpResponse:
    return shipped_page(request, "privacy")


@for_anybody
def accessibility(request: HttpRequest) -> HttpResponse:
    return shipped_page(request, "accessibility")


@for_anybody
def cookies(request: HttpRequest) -> HttpResponse:
    return shipped_page(request, "cookies")


def shipped_page(request: HttpRequest, name: str) -> HttpResponse:
    language = active_language()
    title, text = shipped_text(name, language, settings.ROOT_URLCONF)
    return render(request, "web/terms/shipped.html", {"title": title, "text": text})


@lru_cache(maxsize=16)
def shipped_text(name: str, language: str, _urlconf: str) -> tuple[str, Markup]:
    """Return the title and the HTML of a text that comes with the portal, its places `{name}` filled in.

    :raises KeyError: the text names a place that does not exist.
    """
    source = (TEXTS / f"{name}.{language}.md").read_text(encoding="utf-8")
    heading, _line, body = source.partition("\n")
    return heading.removeprefix("# ").strip(), as_html(filled(body), links=True)


def filled(text: str) -> str:
    known = places()
    return PLACE.sub(lambda found: known[found[1]], text)


def places() -> dict[str, str]:
    """Return what the shipped texts may name: the supplier, the cookies of this server, pages of the portal."""
    supplier = {f"supplier_{name}": str(value) for name, value in settings.SUPPLIER.items()}
    supplier["supplier_phone"] = supplier["supplier_phone"].replace(" ", "\N{NO-BREAK SPACE}")
    cookies = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "sign_in_cookie": settings.SIGN_IN_COOKIE_NAME,
        "device_cookie": settings.DEVICE_COOKIE_NAME,
        "kept_form_cookie": settings.KEPT_FORM_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "theme_cookie": settings.THEME_COOKIE_NAME,
    }
    names = ("terms", "privacy", "cookies", "accessibility", "support", "home")
    return supplier | cookies | {f"{name}_page": reverse(f"web:{name}") for name in names}
