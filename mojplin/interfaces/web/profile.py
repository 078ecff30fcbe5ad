"""The profile: one's details, the way to everything else of one's own; and the phone's menu of everything else."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.profile import BadName, change_profile
from mojplin.domain.accounts.sessions import live_sessions_of
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm, page

THEME_SECONDS = 365 * 24 * 3600


class ProfileForm(OperationForm):
    name = forms.CharField(
        label=pgettext_lazy("profile", "Name"),
        help_text=gettext_lazy("How we address you in messages."),
        required=False,
        max_length=200,
        error_messages={"max_length": BadName.message},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("For questions about an order or a reading. We do not use it for advertising."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the portal and of messages"), choices=User.Language.choices
    )
    theme = forms.ChoiceField(label=gettext_lazy("Appearance"), choices=User.Theme.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The form only states what shall be, so sent twice it does the same; the answer sets a cookie."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("name", "contact_phone", "language", "theme")}
    form = ProfileForm(request.POST or None, initial=initial)
    known = {"by": user, "now": timezone.now(), "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(change_profile, **known):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your details are saved."))
            response = redirect("web:profile")
        return with_theme(response, form.cleaned_data["theme"])
    context = {"form": form, "device_count": len(live_sessions_of(user, timezone.now()))}
    return page(request, "web/profile/profile.html", context, active="more")


def with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    """Let this browser remember the appearance for the pages that are open to anybody."""
    response.set_cookie(
        settings.THEME_COOKIE_NAME,
        theme,
        max_age=THEME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    return page(request, "web/profile/more.html", active="more")
