"""New general terms asked for in between: on the next page from the day they take effect, whoever is signed in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.changes import changed_sections
from mojplin.domain.accounts.consent import agree_to_terms, current_terms
from mojplin.domain.accounts.models import TermsVersion
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.rich_text import as_html
from mojplin.interfaces.web.doors import OperationForm, today
from mojplin.interfaces.web.registration import consent_words
from mojplin.interfaces.web.visitors import safe_next

STAYS_OPEN = frozenset(
    [
        "web:accept_terms", "web:support", "web:enquiry", "web:enquiries", "web:enquiry_file", "web:call",
        "web:step_up", "web:my_data", "web:my_data_file", "web:close_account", "web:keep_account", "web:stay",
    ]
)  # fmt: skip
"""What a person may do without agreeing, beside the pages that are open to anybody: ask, take their data, leave."""


class TermsMiddleware:
    """Lead whoever owes an answer to the page that asks; a form that was on its way is still carried out.

    Whether one owes it came with the session, so this costs no statement and every process knows it at once. Only
    pages are held up: what somebody had typed when the day began is not lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not user.is_authenticated or not user.owes_terms or request.method not in ("GET", "HEAD"):
            return None
        if not getattr(view, "login_required", True) or request.resolver_match.view_name in STAYS_OPEN:
            return None
        address = f"{reverse('web:accept_terms')}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


class AgreeForm(OperationForm):
    terms = forms.BooleanField(required=False)

    def __init__(self, *args: Any, current: TermsVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, sentence = consent_words(current)
        where = reverse("web:terms_version", args=[current.version])
        link = format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', where, name)
        self.fields["terms"].label = format_html(sentence, link)
        self.consent_label = sentence.format(name)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def accept_terms(request: HttpRequest) -> HttpResponse:
    next_path = safe_next(request.POST.get("next") or request.GET.get("next", ""))
    current = current_terms(today=today())
    if current is None or not request.user.owes_terms:
        return redirect(next_path or "web:home")
    form = AgreeForm(request.POST or None, current=current)
    known = {
        "user": request.user,
        "terms_version": request.POST.get("terms_version", ""),
        "current": current,
        "label": form.consent_label,
        "language": get_language(),
        "ip": client_ip(request),
        "now": timezone.now(),
    }
    if request.method == "POST" and form.carry_out(agree_to_terms, **known):
        messages.success(request, _("Thank you. Your copy of the terms is on its way by e-mail."))
        return redirect(next_path or "web:home")
    context = {"form": form, "current": current, "next_path": next_path} | what_is_new(request, current)
    return render(request, "web/terms/accept.html", context)


def what_is_new(request: HttpRequest, current: TermsVersion) -> dict[str, Any]:
    """Return the text that holds, and what differs from the one the person agreed to."""
    language = get_language() or ""
    former = TermsVersion.objects.filter(version=request.user.terms_version).first()
    text = current.text(language)
    return {
        "former": former,
        "text": as_html(text),
        "summary": as_html(current.summary(language)),
        "changes": changed_sections(former.text(language), text) if former else [],
    }
