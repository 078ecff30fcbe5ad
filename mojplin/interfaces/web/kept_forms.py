"""Nothing typed is lost: a form that meets the end of a session, or a sensitive step, is kept and given back filled in.

The form waits on the server for a day, for the same person in the same browser (a cookie holds the key), and is shown
when they open its page again. `OperationForm` fills itself in; a page with a button alone shows that button again.
"""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from mojplin.domain.accounts.kept_forms import KEPT_FOR, forget_form, keep_form, kept_form
from mojplin.domain.accounts.models import User
from mojplin.foundation.operation_form import typed_before

KEPT_SECONDS = int(KEPT_FOR.total_seconds())
View = Callable[..., HttpResponse]


def kept_and_sent_to(name: str, request: HttpRequest, user: User) -> HttpResponse:
    """Keep what the request posts, and lead to the named page, which leads back here afterwards."""
    response = sent_to(name, request)
    if request.method == "POST":
        secret = request.COOKIES.get(settings.KEPT_FORM_COOKIE_NAME) or secrets.token_urlsafe(32)
        fields = {field: request.POST.getlist(field) for field in request.POST}
        keep_form(user=user, browser_secret=secret, path=page_of(request), fields=fields, now=timezone.now())
        set_kept_cookie(response, secret)
        request.form_is_kept = True  # type: ignore[attr-defined]
    return response


def page_of(request: HttpRequest) -> str:
    """Return the page that a kept form belongs to: its path, and the place it is about where the address names one.

    What was typed for one place must never stand in the form of another.
    """
    place = request.GET.get("place")
    return escape_uri_path(request.path) + (f"?{urlencode({'place': place})}" if place else "")


def sent_to(name: str, request: HttpRequest) -> HttpResponse:
    """Lead to the named page, which leads back here afterwards."""
    address = f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    # Not Django's redirect: `once` would remember it as the answer of the form, which is still to be carried out.
    return HttpResponse(status=302, headers={"Location": address})


def set_kept_cookie(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        settings.KEPT_FORM_COOKIE_NAME,
        secret,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class KeptFormMiddleware:
    """Keep a form whose session has run out; fill it in when its page is opened again; forget it when it is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        secret = request.COOKIES.get(settings.KEPT_FORM_COOKIE_NAME, "")
        if not secret or not request.user.is_authenticated:
            return self.get_response(request)
        before = self.kept_fields(request, secret) if request.method == "GET" else None
        token = typed_before.set(before)
        try:
            response = self.get_response(request)
        finally:
            typed_before.reset(token)
        if before is not None and response.status_code == 405:
            return button_again(request, before)
        is_done = request.method == "POST" and 300 <= response.status_code < 400
        if is_done and not hasattr(request, "form_is_kept") and not forget_form(secret, path=page_of(request)):
            response.delete_cookie(settings.KEPT_FORM_COOKIE_NAME, samesite="Lax")
        return response

    @staticmethod
    def kept_fields(request: HttpRequest, secret: str) -> QueryDict | None:
        fields = kept_form(user=request.user, browser_secret=secret, path=page_of(request), now=timezone.now())
        if fields is None:
            return None
        before = QueryDict(mutable=True)
        for name, values in fields.items():
            before.setlist(name, values)
        return before

    @staticmethod
    def process_view(request: Any, view: View, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if typed_before.get() is not None:
            messages.info(request, _("We have kept what you entered. Check it and send it."))
        if request.method != "POST" or request.ended_session is None:
            return None
        is_office = hasattr(view, "staff_role")
        is_closed = is_office or getattr(view, "login_required", True)
        sign_in = "office_sign_in" if is_office else "web:sign_in"
        return kept_and_sent_to(sign_in, request, request.ended_session.user) if is_closed else None


def button_again(request: HttpRequest, before: QueryDict) -> HttpResponse:
    """Show the one button of something that has no page of its own, with what was sent."""
    fields = [(name, value) for name, values in before.lists() for value in values]
    response = render(request, "web/step_up/go_on.html", {"path": request.get_full_path(), "fields": fields})
    list(messages.get_messages(request))  # the page says it itself
    return response
