"""Asking once more who it is before a sensitive step: the password and the mailed confirmation, or a passkey.

A view of a sensitive step says so, above every other decorator but those of methods and roles:

    @require_http_methods(["GET", "HEAD", "POST"])
    @confirmed_recently
    @once
    def change_email(request): ...

Its tests need nothing more: a session that has just begun is confirmed. Its line in tests/routes.toml says
`step_up = true`. Where only one of several acts of a view is sensitive, that act begins with
`if not is_confirmed(request): return ask_to_confirm(request)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.models import Passkey
from mojplin.domain.accounts.sessions import is_confirmed_recently
from mojplin.domain.accounts.sign_in import WrongCredentials, begin_sign_in
from mojplin.foundation.errors import Refused
from mojplin.interfaces.web.doors import OperationForm, page
from mojplin.interfaces.web.kept_forms import kept_and_sent_to
from mojplin.interfaces.web.sign_in import COOKIE_SECONDS, secret_of, set_secret_cookie
from mojplin.interfaces.web.visitors import safe_next, visit_of

View = Callable[..., HttpResponse]


class WrongPassword(Refused):
    field = "password"
    message = gettext_lazy("The password is not right. Try again.")


class StepUpForm(OperationForm):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        error_messages={"required": gettext_lazy("Enter your password.")},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def confirmed_recently(view: View) -> View:
    """Let the view answer only when the last full sign-in, or confirmation, is at most ten minutes old.

    Otherwise the person confirms first: already on opening the page, before anything is typed. What is posted
    meanwhile is kept (never passwords and files) and stands in the form afterwards. Costs no statement.
    """

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        return ask_to_confirm(request)

    asked_first.needs_step_up = True  # type: ignore[attr-defined]
    return asked_first


def is_confirmed(request: HttpRequest) -> bool:
    return bool(request.session) and is_confirmed_recently(request.session, timezone.now())


def ask_to_confirm(request: HttpRequest) -> HttpResponse:
    """Keep what was posted and lead to the confirmation, from where one comes back here."""
    return kept_and_sent_to("web:step_up", request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the password; the mailed confirmation follows on the waiting page of signing in."""
    next_path = safe_next(request.POST.get("next") or request.GET.get("next", ""))
    form = StepUpForm(request.POST or None)
    known = {
        "identifier": request.user.email,
        "form_secret": f"{request.META.get('CSRF_COOKIE', '')} {request.POST.get('form_key', '')}",
        "former_secret": secret_of(request),
        "visit": visit_of(request),
        "next_path": next_path,
        "renews": request.session,
        "now": timezone.now(),
    }
    if request.method == "POST" and form.carry_out(begin_with_password, **known):
        _pending, secret = form.result
        response = redirect("web:waiting")
        set_secret_cookie(response, settings.SIGN_IN_COOKIE_NAME, secret, max_age=COOKIE_SECONDS)
        return response
    return step_up_page(request, next_path, form=form)


def step_up_page(
    request: HttpRequest, next_path: str, *, form: StepUpForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """Show the two ways: by password and mail, or by passkey when the person has one."""
    context = {
        "form": form or StepUpForm(),
        "next_path": next_path,
        "has_passkey": Passkey.objects.filter(user=request.user).exists(),
        "refusal": refusal,
    }
    return page(request, "web/step_up/step_up.html", context, active="more")


def begin_with_password(**known: Any) -> Any:
    """Begin as a sign-in does; the name is known here, so only the password can be wrong."""
    try:
        return begin_sign_in(**known)
    except WrongCredentials as wrong:
        raise WrongPassword from wrong
