"""Links in the office: a payer's users, closings, codes and failed tries; ending, reopening, the letter, proposals.

Whoever looks at a payer's users looks at people: it takes a reason, and each of them reads it in their access log.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from mojplin.domain.accounts import four_eyes
from mojplin.domain.linking import limits
from mojplin.domain.linking.by_staff import decide, propose_link
from mojplin.domain.linking.closing import reopen_by_staff
from mojplin.domain.linking.codes import print_sheet
from mojplin.domain.linking.ending import end_by_staff
from mojplin.domain.linking.models import ClosedPayer, Link, LinkCode, LinkProposal
from mojplin.domain.office.looking import look_that_holds, note_listed
from mojplin.domain.supply.models import Payer
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.customers import LookForm, looking
from mojplin.interfaces.staff.doors import Role, page, shown_recently, staff_only

SHOWN = 100


class ProposalForm(forms.Form):
    user = forms.CharField(
        label=gettext_lazy("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    supply_point = forms.CharField(
        label=gettext_lazy("Supply point number"), max_length=20, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it in their access log."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = new_form_key


@staff_only(Role.READER)
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """What waits: proposals to decide, letters to print, closed payers; and the way to one payer by number."""
    number = request.GET.get("payer", "").strip()
    found = Payer.objects.filter(number=number).first() if number else None
    if found:
        return redirect("staff:payer_links", number=found.number)
    now = timezone.now()
    proposals = four_eyes.waiting(LinkProposal, now).select_related("user", "payer", "supply_point", "proposed_by")
    letters = LinkCode.objects.filter(way=LinkCode.Way.LETTER, second_hash="", used_at=None)
    closed = ClosedPayer.objects.filter(reopened_at=None).select_related("payer")
    lists: dict[str, list[Any]] = {
        "proposals": list(proposals.order_by("proposed_at")[:SHOWN]),
        "letters": list(letters.select_related("payer", "printed_by").order_by("asked_at")[:SHOWN]),
        "closed": list(closed.order_by("-closed_at")[:SHOWN]),
    }
    note_listed(
        users=[each.user for each in lists["proposals"]],
        payer_numbers=[each.payer.number for rows in lists.values() for each in rows],
        by=request.user, now=now, ip=client_ip(request),
    )  # fmt: skip
    context = {
        "asked": number,
        **lists,
        "now": now,
        "holds": four_eyes.HOLDS,
        "failures": limits.failures_of_portal(now),
        "is_under_attack": limits.is_under_attack(now),
        "new_form_key": new_form_key,
    }
    return page(request, "staff/links/links.html", context, active="links")


@staff_only(Role.READER)
@require_safe
def payer_links(request: HttpRequest, number: str) -> HttpResponse:
    return _payer_page(request, _payer(number), ProposalForm())


@staff_only(Role.CLERK)
@require_POST
@once
def propose(request: HttpRequest, number: str) -> HttpResponse:
    payer, form = _payer(number), ProposalForm(request.POST)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("user", "supply_point", "reason")}
        try:
            known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
            propose_link(payer_id=payer.pk, **known, **given)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The link is proposed. Somebody else of the office decides."))
            return redirect("staff:links")
    return _payer_page(request, payer, form)


@staff_only(Role.CLERK)
@shown_recently
@require_POST
@once
def decide_proposal(request: HttpRequest, proposal: str) -> HttpResponse:
    makes_link = request.POST.get("decision") == "make"
    try:
        decide(proposal=proposal, makes_link=makes_link, by=request.user, now=timezone.now(), ip=client_ip(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link is made.") if makes_link else _("The proposal is refused."))
    return redirect("staff:links")


@staff_only(Role.CLERK)
@require_POST
@once
def end_link(request: HttpRequest, link: str) -> HttpResponse:
    held = Link.objects.filter(public_id=link).select_related("payer").first()
    if held is None:
        raise Http404
    reason, now = request.POST.get("reason", ""), timezone.now()
    try:
        ended = end_by_staff(link=link, reason=reason, by=request.user, now=now, ip=client_ip(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link is ended.") if ended else _("This link had already ended."))
    return redirect("staff:payer_links", number=held.payer.number)


@staff_only(Role.CLERK)
@require_POST
@once
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    payer = _payer(number)
    reason, known = request.POST.get("reason", ""), {"by": request.user, "ip": client_ip(request)}
    try:
        reopen_by_staff(payer_id=payer.pk, reason=reason, now=timezone.now(), **known)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Linking with the numbers of an invoice is open again."))
    return redirect("staff:payer_links", number=payer.number)


@staff_only(Role.CLERK)
@shown_recently
@require_http_methods(["POST"])
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """Make half a code and show its sheet, once: it is kept only as a hash; somebody else prints the other half."""
    payer = _payer(number)
    try:
        sheet = print_sheet(payer_id=payer.pk, by=request.user, now=timezone.now(), ip=client_ip(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:payer_links", number=payer.number)
    with translation.override("sl"):  # payers are known in Slovene alone, whatever language the office is read in
        known = {"payer": payer, "sheet": sheet, "on": timezone.localdate()}
        written = loader.render_to_string("staff/links/_letter.html", known)
    context = {"payer": payer, "sheet": sheet, "letter": Markup(written)}  # noqa: S704  # its template has escaped it
    return page(request, "staff/links/letter.html", context, active="links")


def _payer(number: str) -> Payer:
    payer = Payer.objects.filter(number=number).first()
    if payer is None:
        raise Http404
    return payer


def _payer_page(request: HttpRequest, payer: Payer, form: ProposalForm) -> HttpResponse:
    now = timezone.now()
    look = look_that_holds(by=request.user, now=now, payer_number=payer.number)
    linked = Link.objects.filter(payer=payer).select_related("user", "supply_point")
    shown = list(linked.order_by("ended_at", "created_at")[:SHOWN]) if look else []
    people = [each.user for each in shown]
    note_listed(users=people, payer_numbers=[payer.number], by=request.user, now=now, ip=client_ip(request))
    context = {
        **looking(look),
        "look_form": LookForm(auto_id="look_%s"),
        "payer": payer,
        "form": form,
        "linked": shown,
        "closings": ClosedPayer.objects.filter(payer=payer)
        .select_related("reopened_by")
        .order_by("-closed_at")[:SHOWN],
        "is_closed": ClosedPayer.objects.filter(payer=payer, reopened_at=None).exists(),
        "is_guessed_at": limits.is_guessed_at(payer.pk, now),
        "codes": LinkCode.objects.filter(payer=payer).order_by("-asked_at")[:SHOWN],
        "new_form_key": new_form_key,
    }
    return page(request, "staff/links/payer.html", context, active="links")
