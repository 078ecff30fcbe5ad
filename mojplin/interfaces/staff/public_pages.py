"""The pages for anybody in the office: what stands there, the draft of the next version, publishing, older ones."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.accounts.changes import changed_sections
from mojplin.domain.publishing.editing import check_text, discard_page_draft, draft_of, publish_page, save_page_draft
from mojplin.domain.publishing.models import PageDraft, PageVersion
from mojplin.domain.publishing.public_pages import (
    PAGES,
    PICTURES,
    Texts,
    as_read,
    current_texts,
    every_current_text,
    places,
    shipped_texts,
    title_of,
)
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import Language, active_language
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.terms import TextForm, revision_of


class PageTextForm(TextForm):
    """Both texts of a page; what a page may not name or lead to stands beside its text."""

    def clean_text_sl(self) -> str:
        return self.checked("sl")

    def clean_text_en(self) -> str:
        return self.checked("en")

    def checked(self, language: Language) -> str:
        try:
            return check_text(self.cleaned_data[f"text_{language}"], language)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


def titles() -> list[tuple[str, str, int]]:
    """Return (name, title, version) of every page, as it stands now."""
    language = active_language()
    return [(name, title_of(each.text(language)), each.version) for name, each in every_current_text().items()]


@staff_only(Role.READER)
@require_safe
def public_page(request: HttpRequest, name: str) -> HttpResponse:
    current, draft = texts_of(name), draft_of(name)
    versions = PageVersion.objects.select_related("published_by").filter(name=name).order_by("-version")
    context = described(name, current, draft) | {"versions": versions, "form_key": new_form_key()}
    return page(request, "staff/publishing/page.html", context, active="publishing")


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def page_text(request: HttpRequest, name: str) -> HttpResponse:
    current, draft = texts_of(name), draft_of(name)
    source = draft or current
    initial = {"revision": draft.revision if draft else 0, "text_sl": source.text_sl, "text_en": source.text_en}
    form = PageTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(save_page_draft, name=name, by=request.user, now=timezone.now()):
        messages.success(request, _("The draft is saved."))
        return redirect("staff:public_page", name)
    context = described(name, current, None) | {
        "form": form,
        "places": sorted({*places(active_language()), *PICTURES}),
    }
    return page(request, "staff/publishing/page_text.html", context, active="publishing")


@staff_only(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Repeat what will happen, and do it; what was looked at and what is published are the same revision."""
    current, draft, refusal = texts_of(name), draft_of(name), None
    if draft is None:
        return redirect("staff:public_page", name)
    if request.method == "POST":
        known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
        try:
            published = publish_page(name=name, revision=revision_of(request), **known)
        except Refused as reason:
            refusal = reason
        else:
            messages.success(request, _("Version %(version)s is published.") % {"version": published.version})
            return redirect("staff:public_page", name)
    context = described(name, current, draft) | {"refusal": refusal, "form_key": new_form_key()}
    return page(request, "staff/publishing/publish_page.html", context, active="publishing")


@staff_only(Role.CLERK)
@require_POST
@once
def discard(request: HttpRequest, name: str) -> HttpResponse:
    texts_of(name)
    try:
        discard_page_draft(name=name, revision=revision_of(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is discarded."))
    return redirect("staff:public_page", name)


@staff_only(Role.CLERK)
@require_POST
@once
def take_up(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """Make an older version the draft of the next one; version 0 came with the portal."""
    texts_of(name)
    older = PageVersion.objects.filter(name=name, version=min(version, 2**31 - 1)).first() if version else None
    if version and older is None:
        raise Http404
    texts = older or shipped_texts(name)
    known = {"name": name, "revision": 0, "by": request.user, "now": timezone.now()}
    try:
        save_page_draft(text_sl=texts.text_sl, text_en=texts.text_en, **known)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The older text is the draft now. Publish it to bring it back."))
    return redirect("staff:public_page", name)


def texts_of(name: str) -> Texts:
    if name not in PAGES:
        raise Http404
    return current_texts(name)


def described(name: str, current: Texts, draft: PageDraft | None) -> dict[str, Any]:
    """Return a page as it stands, its draft as it will be read, and what the draft changes, in both languages."""
    shown = Texts(current.version + 1, draft.text_sl, draft.text_en) if draft else current
    return {
        "name": name,
        "title": title_of(current.text(active_language())),
        "route": PAGES[name],
        "current": current,
        "draft": draft,
        "texts": [
            {
                "language": language,
                "read": as_read(shown.text(language), language),
                "changes": changed_sections(current.text(language), shown.text(language)),
            }
            for language in ("sl", "en")
        ],
    }
