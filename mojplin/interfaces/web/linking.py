"""Linking a supply point with the numbers of an invoice; the list of places and their names."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.linking.access import place_of, places_of
from mojplin.domain.linking.operations import RecipientNumberTyped, link_supply_point, rename_place
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, OperationForm, page

LONGEST_TYPED = 100
"""Far over any real number: a number that is too long is answered like any other that does not match."""


class LinkForm(OperationForm):
    tax_number = forms.CharField(
        label=_("Payer's tax number"),
        help_text=_("8 digits. The tax number of the person or company the invoice is made out to."),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("Enter the payer's tax number.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-mark": "1"}),
    )
    payer_number = forms.CharField(
        label=_("Payer number"),
        help_text=_("8 digits, on invoices issued since June 2023."),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("Enter the payer number.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-mark": "2"}),
    )
    document_number = forms.CharField(
        label=_("External document number"),
        help_text=_("Copy it as it stands on the invoice. Spaces and small letters do not matter."),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("Enter the external document number.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-mark": "3"}
        ),
    )
    name = forms.CharField(
        label=_("What should we call the supply point?"),
        help_text=_("For example Home, Cottage, Grandma. Only you see the name."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class RenameForm(OperationForm):
    name = forms.CharField(
        label=_("Your name for it"),
        help_text=_("Up to 60 characters. Only you see the name."),
        error_messages={"required": _("The name must have 1 to 60 characters.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


def in_even_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a POST no sooner than the floor, so that time tells nothing; waits after the commit."""

    @wraps(view)
    def not_sooner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        started = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, started + settings.LINK_ANSWER_FLOOR_SECONDS - time.monotonic()))
        return response

    return not_sooner


@in_even_time
@require_http_methods(["GET", "HEAD", "POST"])
@once
def link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        link_supply_point, by=request.user, ip=client_ip(request), now=timezone.now()
    ):
        say_linked(request, form.result)
        return redirect("web:home")
    wrong_recipient = isinstance(form.refusal, RecipientNumberTyped)
    return page(request, "web/linking/link.html", {"form": form, "wrong_recipient": wrong_recipient})


def say_linked(request: HttpRequest, links: list[Any]) -> None:
    count = len(links)
    if count == 1:
        messages.success(request, _("The supply point %(name)s is linked.") % {"name": links[0].name})
    else:
        text = ngettext("%(num)s supply point is linked.", "%(num)s supply points are linked.", count)
        messages.success(request, text % {"num": count})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    mine = places_of(request.user.pk)
    request.places = mine[:PLACES_IN_SWITCHER]
    return page(request, "web/linking/places.html", {"mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    place = place_of(request.user.pk, public_id)
    if place is None:
        raise Http404
    form = RenameForm(request.POST or None, initial={"name": place.name})
    if request.method == "POST" and form.carry_out(rename_place, link=place.link_id, by=request.user):
        messages.success(request, _("The name is saved."))
        return redirect("web:places")
    return page(request, "web/linking/rename.html", {"form": form, "renamed": place})
