"""Asking the office to call, on a day and at an hour of one's own choice."""

import re
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from mojplin.domain.support.hours import call_clock
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.opening import opening_lines
from mojplin.domain.support.operations import ask_for_call, call_choices
from mojplin.foundation import formats
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import page
from mojplin.interfaces.web.enquiry_subjects import things_at
from mojplin.interfaces.web.hand_over import known_of
from mojplin.interfaces.web.support import (
    MessageField,
    SubjectForm,
    asked_for,
    known,
    places_to_write_about,
)

PHONE = re.compile(r"\A\+?[0-9][0-9 /()-]{5,28}\Z")


class CallForm(SubjectForm):
    when = forms.ChoiceField(
        label=gettext_lazy("When should we call?"),
        error_messages={
            "required": gettext_lazy("Choose an hour."),
            "invalid_choice": gettext_lazy("This hour is no longer free. Choose another one."),
        },
    )
    phone = forms.RegexField(
        PHONE,
        label=gettext_lazy("On which number?"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": gettext_lazy("Write a phone number on which we reach you."),
            "invalid": gettext_lazy("Write the phone number with digits, for example 040 000 000."),
        },
    )
    message = MessageField(
        label=gettext_lazy("What is it about?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("when", "phone", "topic", "place", "about", "message")

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = choices
        self.fields["topic"].choices = [("", gettext_lazy("Choose a topic")), *Enquiry.Topic.choices]
        self.fields["topic"].label = pgettext_lazy("enquiry", "Topic")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def call(request: HttpRequest) -> HttpResponse:
    places = places_to_write_about(request)
    phone = request.user.contact_phone or known_of(request)["phone"]
    asked = asked_for(request.GET, places) | {"message": "", "phone": phone}
    things = things_at(places, request.POST.get("about", "") or asked["about"])
    choices = hours_to_choose(call_choices(timezone.now()))
    form = CallForm(request.POST or None, initial=asked, places=places, things=things, choices=choices)
    if request.method == "POST" and form.carry_out(ask_for_call, **known(request)):
        messages.success(request, _("We call you. You can still change your mind here."))
        return redirect("web:enquiry", public_id=form.result.public_id)
    context = {"form": form, "hours": opening_lines(formats.active_language())}
    return page(request, "web/support/call.html", context, active="more")


def hours_to_choose(free: list[tuple[str, Any, int]]) -> list[Any]:
    """Return the free hours as the choices of a select, those of a day together."""
    spoken = formats.active_language()
    chosen: list[Any] = [("", _("Choose a day and an hour"))]
    for day, slots in groupby(free, key=lambda slot: slot[1]):
        written = formats.weekday_day(day, spoken, "nominative")
        chosen.append((written, [(value, f"{written}, {hour_in_words(hour)}") for value, _day, hour in slots]))
    return chosen


def hour_in_words(hour: int) -> str:
    first, last = (formats.clock(each, formats.active_language()) for each in call_clock(hour))
    return _("between %(first)s and %(last)s") % {"first": first, "last": last}
