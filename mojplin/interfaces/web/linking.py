"""Linking a supply point with the numbers of an invoice; choosing among several, and ending one from a notice."""

import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mojplin.domain.linking.by_numbers import CodeSent, NoMatch, NotATaxNumber, link_supply_point
from mojplin.domain.linking.codes import WrongCode, redeem_code
from mojplin.domain.linking.ending import end_by_notice, links_of_notice
from mojplin.domain.linking.granting import ChoiceOver, NothingChosen, Opened, choice_of, link_chosen
from mojplin.domain.linking.models import Link
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.foundation.slovenia import tax_number as read_tax_number
from mojplin.foundation.turns import turn_given_up
from mojplin.interfaces.web.doors import OperationForm, page

LONGEST_TYPED = 100
"""Far over any real number: a number that is too long is answered like any other that does not match."""


class PayerForm(OperationForm):
    """Whose things: the two numbers that never change."""

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

    def clean_tax_number(self) -> str:
        typed: str = self.cleaned_data["tax_number"]
        if read_tax_number(typed) is None:
            raise forms.ValidationError(str(NotATaxNumber.message))
        return typed


class LinkForm(PayerForm):
    document_number = forms.CharField(
        label=_("External document number"),
        help_text=_("Copy it as it stands on the invoice, hyphens too. Spaces and small letters do not matter."),
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


class CodeForm(PayerForm):
    code = forms.CharField(
        label=_("Code from the letter or e-mail"),
        help_text=_("10 letters and digits. Spaces, hyphens and small letters do not matter."),
        max_length=LONGEST_TYPED,
        error_messages={"required": _("Enter the code from the letter or e-mail.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("data-mark", None)  # no picture of an invoice here


class ChoiceForm(OperationForm):
    """Which of the places that were proven; the boxes are drawn by the page."""

    points = forms.MultipleChoiceField(
        label=_("Supply points"),
        error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"), NothingChosen.message),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].choices = choices  # type: ignore[attr-defined]


class EndForm(OperationForm):
    """Asks once more: there are mail filters that press every button."""

    certain = forms.BooleanField(
        label=_("End the link of this person."),
        error_messages={"required": _("Tick the box, so that we know a person decided.")},
    )


def in_even_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a POST no sooner than the floor, so that time tells nothing; waits after the commit."""

    @wraps(view)
    def not_sooner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        started = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            with turn_given_up():
                time.sleep(max(0.0, started + settings.LINK_ANSWER_FLOOR_SECONDS - time.monotonic()))
        return response

    return not_sooner


@in_even_time
@require_http_methods(["GET", "HEAD", "POST"])
@once
def link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST or None)
    if request.method == "POST":
        known = {"by": request.user, "session": request.session, "ip": client_ip(request), "now": timezone.now()}
        if form.carry_out(link_supply_point, **known):
            return linked(request, form.result)
        if isinstance(form.refusal, CodeSent):
            messages.info(request, str(form.refusal))
            return redirect("web:link_code")
    return page(request, "web/linking/link.html", {"form": form, "no_match": isinstance(form.refusal, NoMatch)})


@in_even_time
@require_http_methods(["GET", "HEAD", "POST"])
@once
def link_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        known = {"by": request.user, "session": request.session, "ip": client_ip(request), "now": timezone.now()}
        if form.carry_out(redeem_code, **known):
            return linked(request, form.result)
    return page(request, "web/linking/link_code.html", {"form": form, "no_match": isinstance(form.refusal, WrongCode)})


def linked(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Lead on to the choice among several places, or home to the one that is linked."""
    if opened.is_choice:
        return redirect("web:link_choice")
    say_linked(request, opened.links)
    return redirect("web:home")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def link_choice(request: HttpRequest) -> HttpResponse:
    """Let the user choose among the places that the numbers or the code have just opened, in this session alone."""
    now = timezone.now()
    points = choice_of(user=request.user, session=request.session, now=now)
    if not points:
        messages.warning(request, str(ChoiceOver()))
        return redirect("web:link")
    choices = [(point.public_id, f"{point.address} ({point.number})") for point in points]
    form = ChoiceForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.carry_out(link_chosen, by=request.user, session=request.session, now=now):
        say_linked(request, form.result)
        return redirect("web:home")
    return page(request, "web/linking/link_choice.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_link(request: HttpRequest, token: str) -> HttpResponse:
    """End what a notice told of; whoever holds the mail may, signed in or not. Looking ends nothing."""
    now = timezone.now()
    links = links_of_notice(token=token, now=now)
    if not links:
        return render(request, "web/linking/link_over.html", status=410)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end_by_notice(token=token, now=now)
        return render(request, "web/linking/link_ended.html", {"links": links})
    return render(request, "web/linking/link_end.html", {"form": form, "links": links})


def say_linked(request: HttpRequest, links: Sequence[Link]) -> None:
    count = len(links)
    if count == 1:
        messages.success(request, _("The supply point %(name)s is linked.") % {"name": links[0].name})
    else:
        text = ngettext("%(num)s supply point is linked.", "%(num)s supply points are linked.", count)
        messages.success(request, text % {"num": count})
