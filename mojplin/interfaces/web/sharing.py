"""Sharing a place: who sees it, inviting, ending; and the invitation as the invited one sees it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.linking.access import Place
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.linking.recheck import confirm_share
from mojplin.domain.linking.recheck_mails import proof_is_due
from mojplin.domain.linking.sharing import (
    accept,
    change_share,
    decline,
    end_access,
    invitation_behind,
    invitation_for,
    invitations_of,
    invite,
    people_at,
    withdraw,
)
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, allow, page, today
from mojplin.interfaces.web.kept_forms import sent_to
from mojplin.interfaces.web.places import own
from mojplin.interfaces.web.step_up import ask_to_confirm, is_confirmed

OFFERED = [each for each in Role if each != Role.HOLDER]
SENSITIVE = ("end", "change", "confirm")
ROLES = [(role.value, role.label) for role in OFFERED]
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y")


class ShareForm(OperationForm):
    role = forms.ChoiceField(label=gettext_lazy("What may they do?"), choices=ROLES, initial=Role.SEE)
    last_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Leave it empty to share until you end it."),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day like 31. 12. 2026.")},
    )


class InviteForm(ShareForm):
    email = forms.CharField(
        label=gettext_lazy("E-mail address of the person"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter an e-mail address like name@domain.si.")},
    )
    field_order = ("email", "role", "last_on")


class AcceptForm(OperationForm):
    name = forms.CharField(
        label=gettext_lazy("What should we call the supply point?"),
        help_text=gettext_lazy("For example Home, Cottage, Grandma. Only you see the name."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def sharing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who sees a place the user holds; without a right to share, as a page that never was."""
    place = own(request, public_id)
    allow(not place.is_shared)
    if request.method == "POST" and "act" in request.POST:
        return settle(request, place)
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        allow(place.may_share)
        if not is_confirmed(request):
            return ask_to_confirm(request)
        if form.carry_out(invite, link=place.link_id, by=request.user, now=timezone.now()):
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.result.email})
            return redirect("web:sharing", public_id=public_id)
    held = Link.objects.get(pk=place.link_id, user=request.user)
    people, now = people_at(held, today()), timezone.now()
    context = {
        "form": form,
        "shared": place,
        "link_id": place.link_id,
        "people": people,
        "doubted": [each for each in people if each.shared_from_id and proof_is_due(each, now)],
        "invitations": invitations_of(held, now),
        "roles": ROLES,
        "new_form_key": new_form_key,
    }
    return page(request, "web/sharing/sharing.html", context)


def settle(request: HttpRequest, place: Place) -> HttpResponse:
    """End, change or withdraw what was shared; what is not there answers as what never was."""
    known: dict[str, Any] = {"link": place.link_id, "by": request.user, "now": timezone.now()}
    act, which = request.POST["act"], request.POST.get("which", "")
    allow(act == "withdraw" or place.may_share)
    if act in SENSITIVE and not is_confirmed(request):
        # The form of an invitation would be filled in with what was kept of another one: it is chosen anew.
        messages.info(request, _("First confirm that it is you, then choose once more what you want to change."))
        return sent_to("web:step_up", request)
    if act == "end":
        allow(end_access(other=which, **known))
        messages.success(request, _("The access is ended."))
    elif act == "confirm":
        allow(confirm_share(share=which, **known))
        messages.success(request, _("The access stays as it was."))
    elif act == "withdraw":
        allow(withdraw(invitation=which, **known))
        messages.success(request, _("The invitation is withdrawn."))
    elif act == "change":
        change(request, which, known)
    else:
        raise Http404
    return redirect("web:sharing", public_id=place.public_id)


def change(request: HttpRequest, which: str, known: dict[str, Any]) -> None:
    form = ShareForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Enter a day like 31. 12. 2026."))
        return
    given = {name: form.cleaned_data[name] for name in ("role", "last_on")}
    try:
        allow(change_share(share=which, **given, **known))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The change holds from now on."))


@login_not_required
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link shows; it changes nothing, and leads the invited one to where they answer."""
    found = invitation_behind(token=token, now=timezone.now())
    if found is None:
        return render(request, "web/sharing/gone.html", status=404)
    is_theirs = request.user.is_authenticated and request.user.email == found.email
    if is_theirs:
        return redirect("web:invited", public_id=found.public_id)
    return render(request, "web/sharing/invitation.html", {"invitation": found, "path": request.path, "token": token})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def invited(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept or decline: open to the account alone whose confirmed address was invited."""
    found = invitation_for(user=request.user, public_id=public_id, now=timezone.now())
    if found is None:
        raise Http404
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and request.POST.get("answer") == "decline":
        decline(invitation=public_id, by=request.user, now=timezone.now())
        messages.success(request, _("The invitation is declined."))
        return redirect("web:places")
    if request.method == "POST" and form.carry_out(accept, invitation=public_id, by=request.user, now=timezone.now()):
        messages.success(request, _("The supply point %(name)s is on your list.") % {"name": form.result.name})
        return redirect("web:places")
    return page(request, "web/sharing/invited.html", {"form": form, "invitation": found})
