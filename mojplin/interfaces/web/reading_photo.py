"""The photo of the meter beside a reading: add or replace it, take it away, look at it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.metering.photos import add_photo, remove_photo, takes_photo
from mojplin.foundation.downloads import picture
from mojplin.foundation.file_fields import PICTURES, takes_files
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, allow, page, today
from mojplin.interfaces.web.reading_receipts import own_reading


class PhotoForm(OperationForm):
    file = forms.Field(
        label=gettext_lazy("Photo"),
        help_text=gettext_lazy(
            "JPEG, PNG or HEIC, up to 10 MB. We keep the picture alone, without the place and time the camera adds."
        ),
        error_messages={"required": gettext_lazy("Choose a photo of the meter.")},
        widget=forms.FileInput(attrs={"accept": PICTURES}),
    )


@takes_files(most=1)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reading_photo(request: HttpRequest, public_id: str) -> HttpResponse:
    reading, place = own_reading(request, public_id)
    sent = request.method == "POST"
    if sent:
        allow(place.may_submit_readings)
    if sent and request.POST.get("act") == "remove":
        if remove_photo(reading=reading, by=request.user):
            messages.success(request, _("The photo is deleted."))
        return redirect("web:reading_photo", public_id=public_id)
    form = PhotoForm(request.POST, request.FILES) if sent else PhotoForm()
    known = {"reading": reading, "by": request.user, "today": today(), "now": timezone.now()}
    if sent and form.carry_out(add_photo, **known):
        messages.success(request, _("We have the photo."))
        return redirect("web:reading_sent", public_id=public_id)
    photo = getattr(reading, "photo", None)
    context = {
        "reading": reading,
        "form": form,
        "photo": photo,
        "is_own": photo is not None and photo.added_by_id == request.user.pk,
        "may_add": place.may_submit_readings and takes_photo(reading, today()),
        "form_key": new_form_key(),
    }
    return page(request, "web/readings/photo.html", context, active="readings")


@require_safe
def reading_picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand out the picture itself to those who see the reading."""
    reading, _place = own_reading(request, public_id)
    photo = getattr(reading, "photo", None)
    if photo is None:
        raise Http404
    return picture(photo.path)
