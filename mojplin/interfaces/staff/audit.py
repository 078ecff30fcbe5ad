"""The access log of everybody, for administrators: chosen by who, whom, what and when, as far back as it is kept."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.access_log import reason_told
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.office.audit import Wanted, events, note_read
from mojplin.domain.office.log_words import about_in_office_words, in_office_words, kinds
from mojplin.foundation.errors import Refused
from mojplin.foundation.keyset import mark_of, read_mark
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.days import day_field
from mojplin.interfaces.staff.doors import Role, page, staff_only

EVENTS_ON_PAGE = 50
PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AuditForm(forms.Form):
    """Which events are wanted; everything is optional."""

    customer = forms.CharField(
        label=gettext_lazy("Account or payer number"), max_length=254, required=False, widget=forms.TextInput(PLAIN)
    )
    by = forms.CharField(
        label=gettext_lazy("Who did it"), max_length=254, required=False, widget=forms.TextInput(PLAIN)
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What happened"), required=False,
        choices=lambda: [("", _("everything")), *kinds()],
    )  # fmt: skip
    from_on = day_field(gettext_lazy("From"))
    until_on = day_field(gettext_lazy("Up to and including"))
    is_everybody = forms.BooleanField(
        label=gettext_lazy("Also what customers did and the portal by itself"), required=False
    )


@staff_only(Role.ADMIN)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first; the customers in it read that it was read."""
    form, before = AuditForm(request.GET), read_mark(request.GET.get("before", ""))
    found = chosen(form, before)
    shown, now = found[:EVENTS_ON_PAGE], timezone.now()
    note_read(shown, by=request.user, now=now, ip=client_ip(request))
    wanted = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    address, last = reverse("staff:audit"), shown[-1] if len(found) > EVENTS_ON_PAGE else None
    older = {**wanted, "before": mark_of(last.at, last.pk)} if last else None
    context = {
        "form": form,
        "events": told(shown),
        "is_chosen": bool(wanted),
        "older_url": f"{address}?{urlencode(older)}" if older else None,
        "newest_url": f"{address}?{urlencode(wanted)}" if before else None,
    }
    return page(request, "staff/audit.html", context, active="audit")


def chosen(form: AuditForm, before: Any) -> list[AccessEvent]:
    """Return one more event than a page shows; none when the choice cannot be understood, which the form then says."""
    if not form.is_valid():
        return []
    try:
        return events(Wanted(**form.cleaned_data), before=before, count=EVENTS_ON_PAGE + 1)
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return []


def told(shown: Sequence[AccessEvent]) -> list[dict[str, Any]]:
    return [
        {
            "at": each.at,
            "what": in_office_words(each),
            "by": each.by.username if each.by else _("the portal by itself"),
            "role": User.Role(each.by_role).label if each.by_role in User.Role.values else "",
            "whose": each.whose,
            "payer_number": each.payer_number,
            "about": about_in_office_words(each),
            "reason": reason_told(each),
            "ip": each.ip,
        }
        for each in shown
    ]
