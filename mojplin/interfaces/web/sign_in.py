"""Sign-in in the browser that types the password: the form, the waiting tab, and the way out."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.accounts.confirmation import (
    MAILS_PER_SIGN_IN,
    TOKEN_VALID,
    LinkOver,
    WrongCode,
    approve_by_code,
    ask_for_another_mail,
)
from mojplin.domain.accounts.devices import KNOWN_FOR
from mojplin.domain.accounts.models import PendingLogin, SignInToken, User
from mojplin.domain.accounts.sessions import end_session
from mojplin.domain.accounts.sign_in import (
    NotConfirmed,
    SignInOver,
    WrongCredentials,
    begin_sign_in,
    finish_sign_in,
    live_pending,
)
from mojplin.foundation.errors import Refused
from mojplin.interfaces.web.doors import OperationForm
from mojplin.interfaces.web.visitors import safe_next, visit_of

COOKIE_SECONDS = 30 * 60
DEVICE_COOKIE_SECONDS = int(KNOWN_FOR.total_seconds())
QUICK_FOR, QUICK_SECONDS, SLOW_SECONDS = timedelta(seconds=60), 2, 5
"""How often the waiting tab asks: quickly for a minute, then slower."""
DELAYED_AFTER = timedelta(minutes=1)
"""So long without the mail server the page says that signing in takes longer today."""
LATE_AFTER = timedelta(minutes=3)
"""So long after its sending the page says what to do when the mail is not there."""
STOPPED = ("expired", "refused")
"""States of the mail in which waiting is of no use."""
State = PendingLogin.State


class SignInForm(OperationForm):
    identifier = forms.CharField(
        label=gettext_lazy("Username or e-mail address"),
        error_messages={"required": WrongCredentials.message},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        error_messages={"required": WrongCredentials.message},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(OperationForm):
    code = forms.CharField(
        label=gettext_lazy("Code from the message"),
        error_messages={"required": WrongCode.message},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    return sign_in_page(request, "web/sign_in/sign_in.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def office_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in to the office: the same way in, for staff alone, and the office's own page."""
    return sign_in_page(request, "staff/sign_in.html", for_office=True)


def sign_in_page(request: HttpRequest, template: str, *, for_office: bool = False) -> HttpResponse:
    next_path = safe_next(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(next_path or home_of(request.user))
    form = SignInForm(request.POST or None)
    known = {
        "for_office": for_office,
        "form_secret": f"{request.META.get('CSRF_COOKIE', '')} {request.POST.get('form_key', '')}",
        "former_secret": secret_of(request),
        "visit": visit_of(request),
        "next_path": next_path,
        "now": timezone.now(),
    }
    if request.method == "POST" and form.carry_out(begin_sign_in, **known):
        _pending, secret = form.result
        response = redirect("web:waiting")
        set_secret_cookie(response, settings.SIGN_IN_COOKIE_NAME, secret, max_age=COOKIE_SECONDS)
        return response
    return render(request, template, {"form": form, "next_path": next_path})


@login_not_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return waiting_page(request, CodeForm())


def waiting_page(request: HttpRequest, form: CodeForm, *, refusal: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    pending = pending_of(request, now)
    if is_in_already(request, pending):
        return other_account_page(request, pending) or redirect("web:home")
    if pending is None:
        return redirect("web:sign_in")
    if pending.state == State.APPROVED:
        return render(request, "web/sign_in/confirmed.html", {"uses_htmx": True})
    if pending.state != State.WAITING:
        return render(request, "web/sign_in/over.html", {"denied": pending.state == State.DENIED})
    context = mail_state(pending, now) | {
        "every_seconds": pace(pending, now),
        "form": form,
        "pending": pending,
        "refusal": refusal,
        "may_resend": pending.mails_asked < MAILS_PER_SIGN_IN,
        "uses_htmx": True,
    }
    may_wait = context["mail"] not in STOPPED
    return render(request, "web/sign_in/waiting.html" if may_wait else "web/sign_in/send_again.html", context)


def other_account_page(request: HttpRequest, pending: PendingLogin | None) -> HttpResponse | None:
    """Explain that somebody else is signed in here while a sign-in waits; None when that is not so."""
    waits = pending and pending.state in (State.WAITING, State.APPROVED) and pending.user_id != request.user.pk
    if not waits:
        return None
    names = {"signed_in_as": request.user.username, "waiting_name": pending.user.username}
    return render(request, "web/sign_in/other_account.html", names)


def is_in_already(request: HttpRequest, pending: PendingLogin | None) -> bool:
    """Return whether somebody is signed in here who is not just confirming again that it is them."""
    if not request.user.is_authenticated:
        return False
    is_open = pending is not None and pending.state in (State.WAITING, State.APPROVED)
    return not (is_open and pending and pending.renews_id == request.session.pk)


def mail_state(pending: PendingLogin, now: datetime) -> dict[str, Any]:
    """Return what is true of the last mail, with the time it was sent and until when it holds.

    "queued": the mail server has not taken it yet; "delayed": not for a minute; "sent"; "late": sent three minutes
    ago and still nobody confirmed; "refused": the mail server will not take it; "expired".
    """
    last = SignInToken.objects.filter(pending=pending, accepted_at__gte=pending.last_mail_asked_at)
    sent_at = last.order_by("-accepted_at").values_list("accepted_at", flat=True).first()
    age = now - (sent_at or pending.last_mail_asked_at)
    if pending.refused_at and not sent_at:
        state = "refused"
    elif age >= TOKEN_VALID:
        state = "expired"
    elif sent_at:
        state = "late" if age >= LATE_AFTER else "sent"
    else:
        state = "delayed" if age >= DELAYED_AFTER else "queued"
    return {"mail": state, "sent_at": sent_at, "holds_until": sent_at + TOKEN_VALID if sent_at else None}


def pace(pending: PendingLogin, now: datetime) -> int:
    return QUICK_SECONDS if now - pending.created_at < QUICK_FOR else SLOW_SECONDS


@login_not_required
@require_safe
def waiting_state(request: HttpRequest) -> HttpResponse:
    """Answer the waiting tab: nothing new (204), another pace, the mail's new state, or go on."""
    now = timezone.now()
    pending = pending_of(request, now)
    if is_in_already(request, pending) or pending is None or pending.state != State.WAITING:
        return HttpResponse(headers={"HX-Redirect": reverse("web:waiting")})
    state, every_seconds = mail_state(pending, now), pace(pending, now)
    is_same_mail = state["mail"] == request.GET.get("mail")
    if is_same_mail and str(every_seconds) == request.GET.get("every"):
        return HttpResponse(status=204)
    if not is_same_mail and state["mail"] in STOPPED:
        return HttpResponse(headers={"HX-Redirect": reverse("web:waiting")})
    context = state | {"every_seconds": every_seconds, "tells_mail": not is_same_mail}
    return render(request, "web/sign_in/_poll.html", context)


@login_not_required
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    pending = pending_of(request, timezone.now())
    if is_in_already(request, pending):
        return moved_on(request, reverse("web:waiting"))
    if pending is None:
        return moved_on(request, reverse("web:sign_in"))
    try:
        return signed_in(request, pending)
    except NotConfirmed as refusal:
        return waiting_page(request, CodeForm(), refusal=refusal)
    except SignInOver as refusal:
        messages.error(request, str(refusal))
        return moved_on(request, reverse("web:sign_in"))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    pending = pending_of(request, now)
    if request.method != "POST" or pending is None:
        return redirect("web:waiting")
    form = CodeForm(request.POST)
    if not form.carry_out(approve_by_code, pending=pending, now=now):
        return waiting_page(request, form)
    try:
        return signed_in(request, pending)
    except SignInOver as refusal:
        messages.error(request, str(refusal))
        return redirect("web:sign_in")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    pending = pending_of(request, now)
    if request.method == "POST" and pending is not None:
        try:
            ask_for_another_mail(pending=pending, now=now)
        except LinkOver:
            return redirect("web:waiting")
        except Refused as refusal:
            return waiting_page(request, CodeForm(), refusal=refusal)
    return redirect("web:waiting")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.session:
        end_session(user=request.user, public_id=request.session.public_id)
    pending = pending_of(request, timezone.now())
    waits = pending and pending.state in (State.WAITING, State.APPROVED)
    way_in = "office_sign_in" if request.user.is_authenticated and request.user.is_staff else "web:sign_in"
    response = redirect("web:waiting" if waits else way_in)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def secret_of(request: HttpRequest) -> str:
    """Return the secret of the sign-in this browser has begun, or ""."""
    return request.COOKIES.get(settings.SIGN_IN_COOKIE_NAME, "")


def pending_of(request: HttpRequest, now: datetime) -> PendingLogin | None:
    return live_pending(browser_secret=secret_of(request), now=now)


def signed_in(request: HttpRequest, pending: PendingLogin) -> HttpResponse:
    """Give this browser the session of its confirmed sign-in and go to where the user wanted to be.

    :raises Refused: as `finish_sign_in`.
    """
    former = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    done = finish_sign_in(
        pending=pending, browser_secret=secret_of(request), visit=visit_of(request), now=timezone.now()
    )
    if request.session and request.session.pk != pending.renews_id and former != done.session_secret:
        end_session(user=request.user, public_id=request.session.public_id)
    response = moved_on(request, done.next_path or home_of(done.user))
    set_secret_cookie(response, settings.SESSION_COOKIE_NAME, done.session_secret)
    set_secret_cookie(response, settings.DEVICE_COOKIE_NAME, done.device_secret, max_age=DEVICE_COOKIE_SECONDS)
    return response


def home_of(user: User) -> str:
    """Return where the user's own pages begin: staff work in the office."""
    with translation.override(user.language):
        return reverse("staff:office" if user.is_staff else "web:home")


def moved_on(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect, in the way htmx understands when it asks."""
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def set_secret_cookie(response: HttpResponse, name: str, secret: str, *, max_age: int | None = None) -> None:
    response.set_cookie(
        name, secret, max_age=max_age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
