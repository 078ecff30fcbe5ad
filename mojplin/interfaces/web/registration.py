"""Registration: the address first, everything else behind the mailed link."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.consent import current_terms
from mojplin.domain.accounts.models import Registration, TermsVersion, User
from mojplin.domain.accounts.names import BadEmail, BadUsername
from mojplin.domain.accounts.passwords import PasswordTooShort
from mojplin.domain.accounts.registration import ask_to_register, finish_registration, open_registration, refusals
from mojplin.domain.linking.sharing import invitation_behind, invitations_for
from mojplin.foundation.formats import active_language, day, masked_email
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm, today

TYPED_AS_IS = {"autocapitalize": "none", "spellcheck": "false"}


class EmailForm(OperationForm):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We send sign-in confirmations, reminders and invoices to it."),
        error_messages={"required": BadEmail.message},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"} | TYPED_AS_IS),
    )


class AccountForm(OperationForm):
    username = forms.CharField(
        label=gettext_lazy("Username"),
        help_text=gettext_lazy("We greet you with it. You sign in with it or with your e-mail address."),
        error_messages={"required": BadUsername.message},
        widget=forms.TextInput(attrs={"autocomplete": "username"} | TYPED_AS_IS),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 12 characters. Three or four random words are easiest to remember."),
        error_messages={"required": PasswordTooShort.message},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    terms = forms.BooleanField(required=False)

    def __init__(self, *args: Any, registration: Registration, current: TermsVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration, self.current = registration, current
        name, rest = consent_words(current)
        # In a tab of their own: what was typed here must not be lost by reading them.
        where = reverse("web:terms_version", args=[current.version])
        link = format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', where, name)
        self.fields["terms"].label = format_html(rest, link)
        self.consent_label = rest.format(name)

    def clean(self) -> None:
        """Say everything that is wrong at once."""
        filled_in = {name: self.cleaned_data.get(name, "") for name in ("username", "password", "terms")}
        version = self.data.get("terms_version", "")
        for refusal in refusals(
            registration=self.registration, current=self.current, terms_version=version, **filled_in
        ):
            if refusal.field not in self.errors:
                self.add_error(refusal.field, str(refusal))


def consent_words(current: TermsVersion) -> tuple[str, str]:
    """Return what stands beside the box: the name of the terms, and the sentence with {} in its place."""
    language = active_language()
    sentence = _("I agree to the %(terms)s, version %(version)s of %(day)s.")
    places = {"terms": "{}", "version": current.version, "day": day(current.effective_on, language)}
    return _("general terms of the portal"), sentence % places


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("web:home")
    form = EmailForm(request.POST or None)
    known = {"language": get_language(), "ip": client_ip(request), "now": timezone.now()}
    if request.method == "POST" and form.carry_out(ask_to_register, **known):
        # As it was typed, whoever it belongs to: a slip is seen at once, and nothing is told about the address.
        messages.info(request, _("We are sending the message to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("web:register_sent")
    context = {"form": form, "invited_as": invited_address(request)}
    return render(request, "web/registration/email.html", context)


def invited_address(request: HttpRequest) -> str:
    """Return the address of the invitation that led here, masked, or "": its link alone proves nobody."""
    token = request.GET.get("invitation")
    found = invitation_behind(token=token, now=timezone.now()) if token else None
    return masked_email(found.email) if found else ""


@login_not_required
@require_safe
def register_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "web/registration/sent.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def register_finish(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    registration, current = open_registration(token=token, now=now), current_terms(today=today())
    if registration is None or current is None:
        return render(request, "web/registration/gone.html", status=410)
    form = AccountForm(request.POST or None, registration=registration, current=current)
    known = {
        "registration": registration,
        "terms_version": request.POST.get("terms_version", ""),
        "current": current,
        "label": form.consent_label,
        "ip": client_ip(request),
        "now": now,
    }
    if request.method == "POST" and form.carry_out(finish_registration, **known):
        messages.success(request, _("You are registered. Now sign in."))
        return redirect(sign_in_of(form.result, now))
    context = {"form": form, "email": registration.email, "current": current}
    return render(request, "web/registration/account.html", context)


def sign_in_of(newcomer: User, now: datetime) -> str:
    """Return the address of the sign-in, which goes on to what waits: an invitation, or the list of several."""
    waiting = invitations_for(user=newcomer, now=now)
    sign_in = reverse("web:sign_in")
    if not waiting:
        return sign_in
    after = reverse("web:invited", args=[waiting[0].public_id]) if len(waiting) == 1 else reverse("web:places")
    return f"{sign_in}?{urlencode({'next': after})}"
