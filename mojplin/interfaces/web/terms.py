"""The general terms for anybody, in every published version."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.changes import changed_sections
from mojplin.domain.accounts.models import TermsVersion
from mojplin.foundation.rich_text import as_html
from mojplin.interfaces.web.doors import today

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
