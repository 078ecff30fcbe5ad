"""The portal's addresses, and two pages that cannot be answered: one is broken, one finds no database."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mojplin.config.urls import *  # noqa: F403  # the handlers of errors
from mojplin.config.urls import urlpatterns as pages


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError


@login_not_required
def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [
    *pages,
    *(path(f"{language}{view.__name__}/", view) for view in (broken, away) for language in ("", "en/")),
]
