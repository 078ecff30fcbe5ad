"""Who works in the office: inviting somebody, giving roles and taking them away, helping who lost the second factor."""

from django import forms
from django.contrib import messages
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.accounts.models import AuthenticatorApp, Passkey, User
from mojplin.domain.accounts.names import BadEmail
from mojplin.domain.accounts.roles import add_to_office, give_role, invitations_waiting, withdraw_invitation
from mojplin.domain.accounts.second_factor import take_away
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only

OFFICE_ROLES = [(role.value, role.label) for role in (Role.READER, Role.CLERK, Role.ADMIN)]


class InvitationForm(OperationForm):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        error_messages={"required": BadEmail.message},
        widget=forms.EmailInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What they do"),
        help_text=gettext_lazy(
            "A reader looks, a clerk also acts, an administrator also publishes and decides who works here."
        ),
        choices=OFFICE_ROLES,
        widget=forms.RadioSelect,
        initial=Role.READER,
    )


@staff_only(Role.ADMIN)
@shown_recently
@require_http_methods(["GET", "HEAD", "POST"])
@once
def people(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    known = {"by": request.user, "ip": client_ip(request), "language": get_language(), "now": timezone.now()}
    if request.method == "POST" and form.carry_out(add_to_office, **known):
        done = (
            _("%(name)s works in the office now.")
            if form.result
            else _("The invitation is on its way; it holds for three days.")
        )
        messages.success(request, done % {"name": form.result.username} if form.result else done)
        return redirect("staff:people")
    context = {
        "form": form,
        "staff": members(),
        "invitations": invitations_waiting(timezone.now()),
        "roles": OFFICE_ROLES,
        "new_form_key": new_form_key,
    }
    return page(request, "staff/people.html", context, active="people")


def members() -> "list[User]":
    """Return who works here, with `has_app`, `has_passkey` and `last_in_at`."""
    found = User.objects.exclude(role=Role.CUSTOMER).filter(is_active=True)
    of_user = {"user": OuterRef("pk")}
    return list(
        found.annotate(
            has_app=Exists(AuthenticatorApp.objects.filter(**of_user, proven_at__isnull=False)),
            has_passkey=Exists(Passkey.objects.filter(**of_user)),
            last_in_at=Max("sessions__created_at"),
        ).order_by("username_key")
    )


@staff_only(Role.ADMIN)
@shown_recently
@require_POST
@once
def change_role(request: HttpRequest, person: str) -> HttpResponse:
    member, role = member_of(person), request.POST.get("role", "")
    if role not in User.Role.values:
        raise Http404
    try:
        give_role(email=member.email, role=User.Role(role), by=request.user, ip=client_ip(request), now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role of %(name)s is changed; they sign in again.") % {"name": member.username})
    return redirect("staff:people")


@staff_only(Role.ADMIN)
@shown_recently
@require_POST
@once
def reset_second_factor(request: HttpRequest, person: str) -> HttpResponse:
    member, reason = member_of(person), request.POST.get("reason", "").strip()
    if member.pk == request.user.pk or not reason:
        messages.error(request, _("Another administrator does that, and says why."))
        return redirect("staff:people")
    take_away(user=member, by=request.user, reason=reason, now=timezone.now(), ip=client_ip(request))
    messages.success(
        request, _("%(name)s sets up a new second factor at the next sign-in.") % {"name": member.username}
    )
    return redirect("staff:people")


@staff_only(Role.ADMIN)
@require_POST
@once
def end_invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    withdrawn = withdraw_invitation(public_id=invitation, by=request.user, now=timezone.now(), ip=client_ip(request))
    messages.success(request, _("The invitation is withdrawn.") if withdrawn else _("This invitation no longer holds."))
    return redirect("staff:people")


def member_of(public_id: str) -> User:
    member = User.objects.exclude(role=Role.CUSTOMER).filter(public_id=public_id, is_active=True).first()
    if member is None:
        raise Http404
    return member
