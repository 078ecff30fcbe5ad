"""The texts the office keeps ready for its answers, in both languages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.support import office
from mojplin.domain.support.models import AnswerTemplate, Enquiry
from mojplin.domain.support.models.conversation import LONGEST_TEXT
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only


class AnswerTextForm(OperationForm):
    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("Only the office reads it."), max_length=80
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"), choices=[("", gettext_lazy("every topic")), *Enquiry.Topic.choices], required=False
    )
    text_sl = forms.CharField(
        label=gettext_lazy("Text in Slovene"),
        help_text=gettext_lazy("{name} becomes the customer's name, {number} the number of the enquiry."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 7, "lang": "sl"}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 7, "lang": "en"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text_sl", "text_en"):
            self.fields[name].widget.attrs.pop("maxlength", None)


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer_texts(request: HttpRequest) -> HttpResponse:
    """All texts, and a new one."""
    form = AnswerTextForm(request.POST or None)
    if request.method == "POST" and _is_saved(request, form, None):
        return redirect("staff:answer_texts")
    context = {"form": form, "texts": office.answer_templates()}
    return page(request, "staff/enquiries/answer_texts.html", context, active="enquiries")


@staff_only(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer_text(request: HttpRequest, text: int) -> HttpResponse:
    held = _held(text)
    begun = {name: getattr(held, name) for name in ("title", "topic", "text_sl", "text_en")}
    form = AnswerTextForm(request.POST or None, initial=begun)
    if request.method == "POST" and _is_saved(request, form, held.pk):
        return redirect("staff:answer_texts")
    context = {"form": form, "held": held, "new_form_key": new_form_key}
    return page(request, "staff/enquiries/answer_text.html", context, active="enquiries")


@staff_only(Role.CLERK)
@require_POST
@once
def delete_answer_text(request: HttpRequest, text: int) -> HttpResponse:
    office.delete_template(template=_held(text).pk, **_known(request))
    messages.success(request, _("The text is deleted."))
    return redirect("staff:answer_texts")


def _is_saved(request: HttpRequest, form: AnswerTextForm, template: int | None) -> bool:
    is_saved = form.carry_out(office.save_template, template=template, **_known(request))
    if is_saved:
        messages.success(request, _("The text is kept."))
    return is_saved


def _known(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}


def _held(text: int) -> AnswerTemplate:
    found = AnswerTemplate.objects.filter(pk=text).first() if text < 2**62 else None
    if found is None:
        raise Http404
    return found
