"""Lost mailboxes: one member of staff proposes another address for an account, another one agrees or refuses."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.accounts import four_eyes
from mojplin.domain.accounts.email_by_staff import decide_email, propose_email
from mojplin.domain.accounts.models import EmailProposal
from mojplin.domain.accounts.names import BadEmail
from mojplin.domain.office.looking import note_listed
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only

SHOWN = 100


class AddressForm(forms.Form):
    user = forms.CharField(
        label=gettext_lazy("Username or e-mail address"),
        help_text=gettext_lazy("As the account has it now."),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.CharField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        error_messages={"required": BadEmail.message},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    is_taken_over = forms.BooleanField(
        label=gettext_lazy("Somebody else reads the former mailbox"),
        help_text=gettext_lazy("Then the former mailbox is told, and cannot undo the change."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("How you know who it is. The customer reads it in their access log."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = new_form_key


@staff_only(Role.CLERK)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def addresses(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("user", "email", "is_taken_over", "reason")}
        try:
            propose_email(by=request.user, now=timezone.now(), ip=client_ip(request), **given)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The address is proposed. Somebody else of the office decides."))
            return redirect("staff:addresses")
    now = timezone.now()
    proposals = four_eyes.waiting(EmailProposal, now).select_related("user", "proposed_by")
    waiting = list(proposals.order_by("proposed_at")[:SHOWN])
    note_listed(users=[each.user for each in waiting], by=request.user, now=now, ip=client_ip(request))
    context = {
        "form": form,
        "waiting": waiting,
        "holds": four_eyes.HOLDS,
        "new_form_key": new_form_key,
    }
    return page(request, "staff/addresses/addresses.html", context, active="addresses")


@staff_only(Role.CLERK)
@shown_recently
@require_POST
@once
def decide_address(request: HttpRequest, proposal: str) -> HttpResponse:
    is_accepted = request.POST.get("decision") == "make"
    known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    try:
        decide_email(proposal=proposal, is_accepted=is_accepted, **known)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("We have written to both addresses. The new one has a day to confirm.")
        messages.success(request, done if is_accepted else _("The proposal is refused."))
    return redirect("staff:addresses")
