"""The general terms in the office: the versions, the draft of the next one in three steps, and its publication."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.accounts.changes import ChangedSection, changed_sections
from mojplin.domain.accounts.models import Acceptors, TermsDraft, TermsVersion, User
from mojplin.domain.accounts.publishing import (
    DraftChanged,
    discard_draft,
    newest_terms,
    next_draft,
    publish_draft,
    save_draft,
)
from mojplin.domain.notifications.daytime import next_daytime
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.foundation.rich_text import as_html
from mojplin.interfaces.staff.doors import Role, page, staff_only

LONGEST_TEXT, LONGEST_SUMMARY = 100_000, 2_000
DAY_FORMATS = ["%d. %m. %Y", "%d.%m.%Y", "%Y-%m-%d"]
LONG = {"lang": "sl", "rows": 24, "spellcheck": "true"}
SHORT = LONG | {"rows": 5}


class MarkdownField(forms.CharField):
    """A text in Markdown; lines end as everywhere else, not as browsers send them."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DayInput(forms.DateInput):
    """A day as the portal writes it: 1. 1. 2027."""

    def format_value(self, value: Any) -> str | None:
        return f"{value.day}. {value.month}. {value.year}" if isinstance(value, date) else value


class DraftForm(OperationForm):
    """A step of a draft; `revision` says which draft it was that the writer had before their eyes."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class TextForm(DraftForm):
    """Both texts of the draft."""

    text_sl = MarkdownField(
        label=gettext_lazy("Text in Slovene"),
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Write the Slovene text.")},
        widget=forms.Textarea(attrs=LONG | {"lang": "sl"}),
    )
    text_en = MarkdownField(
        label=gettext_lazy("Text in English"),
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Write the English text.")},
        widget=forms.Textarea(attrs=LONG | {"lang": "en"}),
    )


class ValidityForm(DraftForm):
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "At least 30 days after publishing, when everyone must accept. For example 1.\xa01.\xa02027."
        ),
        input_formats=DAY_FORMATS,
        error_messages={
            "required": gettext_lazy("Choose the day the terms take effect."),
            "invalid": gettext_lazy("Enter a day like 1. 1. 2027."),
        },
        widget=DayInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input input--num"}),
    )
    acceptors = forms.ChoiceField(
        label=gettext_lazy("Who must accept them?"),
        help_text=gettext_lazy("All others get the notice by e-mail only."),
        choices=Acceptors,
        widget=forms.RadioSelect,
    )
    summary_sl = MarkdownField(
        label=gettext_lazy("What changes, in three sentences, in Slovene"),
        help_text=gettext_lazy("Stands above the whole text and in the e-mail."),
        max_length=LONGEST_SUMMARY,
        error_messages={"required": gettext_lazy("Write in Slovene what changes.")},
        widget=forms.Textarea(attrs=SHORT | {"lang": "sl"}),
    )
    summary_en = MarkdownField(
        label=gettext_lazy("What changes, in three sentences, in English"),
        max_length=LONGEST_SUMMARY,
        error_messages={"required": gettext_lazy("Write in English what changes.")},
        widget=forms.Textarea(attrs=SHORT | {"lang": "en"}),
    )


@staff_only(Role.READER)
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    context = {"versions": versions_with_shares(), "draft": next_draft(), "today": timezone.localdate()}
    return page(request, "staff/terms/terms.html", context, active="terms")


def versions_with_shares() -> list[dict[str, Any]]:
    """Return the published versions, the newest first, with how many of today's users have accepted each."""
    accepted = Count("acceptances", filter=Q(acceptances__user__is_active=True))
    versions = TermsVersion.objects.annotate(accepted=accepted).order_by("-version")
    rows = versions.values("version", "effective_on", "acceptors", "accepted", "published_at", "published_by__username")
    users = User.objects.filter(is_active=True).count()
    return [
        row | {"percent": row["accepted"] * 100 / users if users else 0, "who": Acceptors(row["acceptors"]).label}
        for row in rows
    ]


@staff_only(Role.READER)
@require_safe
def terms_draft(request: HttpRequest) -> HttpResponse:
    """Show the draft as its readers will see it, and what it changes."""
    draft = next_draft()
    if draft is None:
        return redirect("staff:terms")
    context = seen(draft) | {"form_key": new_form_key()}
    return page(request, "staff/terms/draft.html", context, active="terms")


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def terms_text(request: HttpRequest) -> HttpResponse:
    draft, newest = next_draft(), newest_terms()
    source = draft or newest
    initial = {"revision": draft.revision if draft else 0}
    if source:
        initial |= {"text_sl": source.text_sl, "text_en": source.text_en}
    form = TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(save_draft, by=request.user, now=timezone.now()):
        if "look" not in request.POST:
            return redirect("staff:terms_validity")
        messages.success(request, _("The draft is saved."))
        return redirect("staff:terms_draft")
    version = newest.version + 1 if newest else 1
    return page(request, "staff/terms/text.html", {"form": form, "draft": draft, "version": version}, active="terms")


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def terms_validity(request: HttpRequest) -> HttpResponse:
    draft = next_draft()
    if draft is None:
        return redirect("staff:terms_text")
    fields = ("revision", "effective_on", "acceptors", "summary_sl", "summary_en")
    form = ValidityForm(request.POST or None, initial={name: getattr(draft, name) for name in fields})
    if request.method == "POST" and form.carry_out(save_draft, by=request.user, now=timezone.now()):
        publishes = request.user.may_act_as(Role.ADMIN)
        if publishes and "look" not in request.POST:
            return redirect("staff:terms_publish")
        saved = _("The draft is saved.") if publishes else _("The draft is saved. An administrator publishes it.")
        messages.success(request, saved)
        return redirect("staff:terms_draft")
    today, versions = timezone.localdate(), versions_with_shares()
    in_force = next((each["version"] for each in versions if each["effective_on"] <= today), None)
    context = {"form": form, "draft": draft, "versions": versions, "today": today, "in_force": in_force}
    return page(request, "staff/terms/validity.html", context, active="terms")


@staff_only(Role.CLERK)
@require_POST
@once
def terms_discard(request: HttpRequest) -> HttpResponse:
    if "certain" not in request.POST:
        messages.error(request, _("Tick the box if the draft shall go; it cannot be brought back."))
        return redirect("staff:terms_draft")
    try:
        discard_draft(revision=revision_of(request))
    except DraftChanged as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is discarded."))
    return redirect("staff:terms")


@staff_only(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def terms_publish(request: HttpRequest) -> HttpResponse:
    """Repeat what will happen, and do it; what was looked at and what is published are the same revision."""
    draft = next_draft()
    if draft is None:
        return redirect("staff:terms")
    refusal = None
    if request.method == "POST":
        try:
            published = publish_draft(
                revision=revision_of(request), by=request.user, today=timezone.localdate(), now=timezone.now(),
                ip=client_ip(request),
            )  # fmt: skip
        except Refused as reason:
            refusal = reason
        else:
            users = User.objects.filter(is_active=True).count()
            told = ngettext("%(num)s user gets the notice.", "%(num)s users get the notice.", users)
            done = _("Version %(version)s is published.") % {"version": published.version}
            messages.success(request, f"{done} {told % {'num': users}}")
            return redirect("staff:terms")
    context = seen(draft) | {"refusal": refusal, "form_key": new_form_key()}
    context["told_on"] = timezone.localdate(next_daytime(timezone.now()))
    context["users"] = User.objects.filter(is_active=True).count()
    return page(request, "staff/terms/publish.html", context, active="terms")


def revision_of(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def seen(draft: TermsDraft) -> dict[str, Any]:
    """Return the draft as it will be read, and what it changes, in both languages."""
    newest = newest_terms()
    return {
        "draft": draft,
        "newest": newest,
        "who": Acceptors(draft.acceptors).label,
        "asks_everyone": draft.acceptors == Acceptors.EVERYONE,
        "texts": [
            {
                "language": language,
                "text": as_html(text),
                "summary": as_html(summary),
                "changes": differences(newest, language, text),
            }
            for language, text, summary in (
                ("sl", draft.text_sl, draft.summary_sl),
                ("en", draft.text_en, draft.summary_en),
            )
        ],
    }


def differences(newest: TermsVersion | None, language: str, text: str) -> list[ChangedSection]:
    return changed_sections(newest.text(language), text) if newest else []
