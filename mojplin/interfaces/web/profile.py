"""Profile: language, appearance, signed-in devices; and the phone's menu of everything else."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.accounts.sessions import end_session, is_alive
from mojplin.interfaces.web.doors import OperationForm, page

THEMES = ("auto", "light", "dark")
THEME_SECONDS = 365 * 24 * 3600


class LanguageForm(OperationForm):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=User.Language)


class AppearanceForm(OperationForm):
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=[
            ("auto", gettext_lazy("As on the device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Every form here only states what shall be, so sent twice it does the same."""
    acts = {"language": save_language, "theme": save_theme, "session": end_device}
    if request.method == "POST":
        act = next((act for name, act in acts.items() if name in request.POST), None)
        if act is None:
            return page(request, "web/profile/profile.html", profile_context(request), active="more", status=400)
        return act(request)
    return page(request, "web/profile/profile.html", profile_context(request), active="more")


def profile_context(request: HttpRequest) -> dict[str, object]:
    now = timezone.now()
    sessions = Session.objects.filter(user=request.user).select_related("user").order_by("-last_seen_at")
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME)
    return {
        "language_form": LanguageForm(initial={"language": request.user.language}),
        "appearance_form": AppearanceForm(initial={"theme": theme if theme in THEMES else "auto"}),
        "sessions": [session for session in sessions if is_alive(session, now)],
    }


def save_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise Http404
    language = form.cleaned_data["language"]
    User.objects.filter(pk=request.user.pk).update(language=language)
    with translation.override(language):
        messages.success(request, _("The language is saved."))
        return redirect(reverse("web:profile"))


def save_theme(request: HttpRequest) -> HttpResponse:
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        raise Http404
    response = redirect("web:profile")
    response.set_cookie(
        settings.THEME_COOKIE_NAME,
        form.cleaned_data["theme"],
        max_age=THEME_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def end_device(request: HttpRequest) -> HttpResponse:
    """End one of the user's own sessions; another's, or none, is answered alike."""
    end_session(user=request.user, public_id=request.POST["session"])
    messages.success(request, _("The device is signed out."))
    return redirect("web:profile")


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    return page(request, "web/profile/more.html", active="more")
