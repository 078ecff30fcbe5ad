"""Crisis notices in the office: written, looked at as customers will see them, published, taken back.

Whoever is a clerk may do it: in a crisis nobody waits for an administrator.
"""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from mojplin.domain.publishing.crisis import begins_at, check_notice, publish_notice, take_back_notice
from mojplin.domain.publishing.models import CrisisNotice, NoticeLevel
from mojplin.domain.supply.municipalities import municipalities
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only

EVERYBODY, SOME = "everybody", "some"
MOMENT = "%Y-%m-%dT%H:%M"
TYPED_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
WRONG_MOMENT = gettext_lazy("Choose a day and an hour.")


class MomentField(forms.DateTimeField):
    """A minute in Ljubljana, as browsers send and show it."""

    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
    default_error_messages = {"required": WRONG_MOMENT, "invalid": WRONG_MOMENT}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[MOMENT], **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read what browsers send; Python's own reader of ISO takes a good deal more for a day."""
        if isinstance(value, str) and value.strip() and not TYPED_MOMENT.fullmatch(value.strip()):
            raise forms.ValidationError(WRONG_MOMENT)
        return super().to_python(value)


def words(label: Any, missing: Any, *, longest: int, rows: int = 0, language: str = "sl") -> forms.CharField:
    attrs = {"lang": language, "spellcheck": "true"} | ({"rows": rows} if rows else {})
    widget = forms.Textarea(attrs) if rows else forms.TextInput(attrs | {"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=widget, error_messages={"required": missing})


class NoticeForm(OperationForm):
    level = forms.ChoiceField(
        label=gettext_lazy("How serious is it?"),
        choices=NoticeLevel,
        initial=NoticeLevel.WARNING,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Whom does it concern?"),
        choices=[
            (EVERYBODY, gettext_lazy("Everybody, also who is not signed in")),
            (SOME, gettext_lazy("Customers with a supply point in these municipalities")),
        ],
        initial=EVERYBODY,
        widget=forms.RadioSelect,
    )
    municipalities = forms.MultipleChoiceField(
        label=gettext_lazy("Municipalities"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_at = MomentField(
        label=gettext_lazy("Shown from"), help_text=gettext_lazy("Leave it empty to begin at once."), required=False
    )
    ends_at = MomentField(label=gettext_lazy("Shown until"), help_text=gettext_lazy("It ends by itself then."))
    title_sl = words(gettext_lazy("Title in Slovene"), gettext_lazy("Write the Slovene title."), longest=120)
    text_sl = words(gettext_lazy("Text in Slovene"), gettext_lazy("Write the Slovene text."), longest=1_500, rows=5)
    title_en = words(
        gettext_lazy("Title in English"), gettext_lazy("Write the English title."), longest=120, language="en"
    )
    text_en = words(
        gettext_lazy("Text in English"), gettext_lazy("Write the English text."), longest=1_500, rows=5, language="en"
    )

    def __init__(self, *args: Any, known: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].choices = [(name, f"{name} ({points})") for name, points in known.items()]

    @property
    def asked(self) -> dict[str, Any]:
        """Return what is cleaned as the operation takes it."""
        given = self.cleaned_data
        return {
            "is_for_all": given["audience"] == EVERYBODY,
            "municipalities": given["municipalities"],
            "starts_at": given["starts_at"],
            "ends_at": given["ends_at"],
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                check_notice(**self.asked, now=timezone.now())
            except Refused as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_notice(request: HttpRequest) -> HttpResponse:
    """Write a notice, look at it, publish it; nothing is kept before it is published."""
    known = municipalities()
    form = NoticeForm(request.POST or None, known=known, initial=like(request.GET.get("like", "")))
    if request.method != "POST" or not form.is_valid() or "write" in request.POST:
        return page(request, "staff/publishing/write_notice.html", {"form": form}, active="publishing")
    if "publish" in request.POST:
        published = published_notice(request, form)
        messages.success(request, _("The notice is published."))
        return redirect("staff:notice", published.public_id)
    context = seen(form, known) | {"form": form}
    return page(request, "staff/publishing/look_at_notice.html", context, active="publishing")


def published_notice(request: HttpRequest, form: NoticeForm) -> CrisisNotice:
    given = form.cleaned_data
    return publish_notice(
        level=given["level"],
        titles=(given["title_sl"], given["title_en"]),
        texts=(given["text_sl"], given["text_en"]),
        by=request.user,
        now=timezone.now(),
        ip=client_ip(request),
        **form.asked,
    )


def like(public_id: str) -> dict[str, Any]:
    """Return an earlier notice as the beginning of a new one."""
    earlier = CrisisNotice.objects.filter(public_id=public_id).first() if public_id else None
    if earlier is None:
        return {}
    names = ("level", "municipalities", "title_sl", "title_en", "text_sl", "text_en", "ends_at")
    audience = SOME if earlier.municipalities else EVERYBODY
    return {name: getattr(earlier, name) for name in names} | {"audience": audience}


def seen(form: NoticeForm, known: dict[str, int]) -> dict[str, Any]:
    """Return the notice as its readers will see it, and whom it will reach when."""
    given = form.cleaned_data
    asked = form.asked
    now = timezone.now()
    draft = CrisisNotice(
        municipalities=[] if asked["is_for_all"] else sorted(asked["municipalities"]),
        starts_at=begins_at(given["starts_at"], now),
        ends_at=given["ends_at"],
        **{name: given[name] for name in ("level", "title_sl", "title_en", "text_sl", "text_en")},
    )
    points = sum(known[name] for name in draft.municipalities)
    sent = [(name, value) for name in form.fields for value in form.data.getlist(name)]
    when = {"is_at_once": draft.starts_at <= now}
    return {"notice": draft, "read": as_read(draft), "points": points, "sent": sent} | when


def as_read(notice: CrisisNotice) -> dict[str, Markup]:
    """Return the notice as it stands above pages, by language."""
    read = {}
    for code in ("sl", "en"):
        with translation.override(code):
            piece = loader.render_to_string("staff/publishing/_as_read.html", {"notice": notice})
            read[code] = Markup(piece)  # noqa: S704  # the template has escaped it
    return read


@staff_only(Role.READER)
@require_safe
def notice(request: HttpRequest, notice: str) -> HttpResponse:
    found = CrisisNotice.objects.select_related("published_by", "taken_back_by").filter(public_id=notice).first()
    if found is None:
        raise Http404
    shown = {"notice": found, "read": as_read(found), "state": found.state(timezone.now())}
    context = shown | {"form_key": new_form_key()}
    return page(request, "staff/publishing/notice.html", context, active="publishing")


@staff_only(Role.CLERK)
@require_POST
@once
def take_back(request: HttpRequest, notice: str) -> HttpResponse:
    try:
        take_back_notice(public_id=notice, by=request.user, now=timezone.now(), ip=client_ip(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The notice is taken back. Nobody sees it any more."))
    return redirect("staff:publishing")
