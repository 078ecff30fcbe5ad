"""The picture of the invoice for linking: what is shown, publishing one of the supplier's own, going back."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.publishing.invoice_picture import (
    PictureUndescribed,
    publish_picture,
    published_picture,
    take_picture_back,
)
from mojplin.foundation.file_fields import PICTURES, takes_files
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only


def description_field(label: object, language: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, error_messages={"required": PictureUndescribed.message},
        widget=forms.Textarea({"rows": 3, "lang": language}),
    )  # fmt: skip


class PictureForm(OperationForm):
    file = forms.Field(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or HEIC, up to 10 MB. Leave no customer's name or number on it."),
        error_messages={"required": gettext_lazy("Choose a picture.")},
        widget=forms.FileInput(attrs={"accept": PICTURES}),
    )
    description_sl = description_field(gettext_lazy("Description in Slovene"), "sl")
    description_en = description_field(gettext_lazy("Description in English"), "en")


@takes_files(most=1)
@staff_only(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invoice_picture(request: HttpRequest) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if request.method == "POST" and form.carry_out(publish_picture, **_known(request)):
        messages.success(request, _("The picture is published. Whoever links a supply point sees it now."))
        return redirect("staff:invoice_picture")
    context = {"form": form, "published": published_picture(), "new_form_key": new_form_key}
    return page(request, "staff/publishing/invoice_picture.html", context, active="publishing")


@staff_only(Role.ADMIN)
@require_POST
@once
def take_back(request: HttpRequest) -> HttpResponse:
    take_picture_back(**_known(request))
    messages.success(request, _("The drawn picture is shown again."))
    return redirect("staff:invoice_picture")


def _known(request: HttpRequest) -> dict[str, object]:
    return {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
