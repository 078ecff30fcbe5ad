"""One customer in the office: a payer, or an account. Masked until a reason is chosen, which the customer reads."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.accounts.access_log import reason_told
from mojplin.domain.accounts.four_eyes import reason_of
from mojplin.domain.accounts.models import AccessEvent, LookReason, User
from mojplin.domain.accounts.notices import topics
from mojplin.domain.accounts.sessions import sign_out_by_office
from mojplin.domain.billing.models import Document
from mojplin.domain.billing.statement import state_of
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.metering.models import ReadingPhoto
from mojplin.domain.office.account_card import account_record, links_of
from mojplin.domain.office.asked import KINDS
from mojplin.domain.office.log_words import about_in_office_words, in_office_words
from mojplin.domain.office.looking import (
    LOOK_HOLDS,
    NoSuchReason,
    look_at_account,
    look_at_payer,
    look_that_holds,
    note_found,
    note_listed,
)
from mojplin.domain.office.payer_card import account_of, card_of, payer_numbered, record_of, seen_at
from mojplin.domain.office.search import Hit
from mojplin.domain.supply.models import Payer
from mojplin.foundation.downloads import FILE_POLICY
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only

View = Callable[..., HttpResponse]


class LookForm(OperationForm):
    """Why somebody looks; the customer reads it."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose a reason")), *LookReason.choices],
        error_messages={"required": NoSuchReason.message, "invalid_choice": NoSuchReason.message},
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy("Needed for “Something else” only."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@staff_only(Role.READER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def payer(request: HttpRequest, number: str) -> HttpResponse:
    found, now = payer_or_404(number), timezone.now()
    form = LookForm(request.POST or None)
    known = {"number": found.number, "by": request.user, "now": now, "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(look_at_payer, **known):
        leads_to = "staff:payer_links" if request.POST.get("then") == "links" else "staff:payer"
        return redirect(leads_to, number=found.number)
    look = look_that_holds(by=request.user, now=now, payer_number=found.number)
    today = timezone.localdate(now)
    context = {"card": card_of(found, today=today), "form": form, "today": today, **looking(look)}
    if look:
        context |= shown_of(found, today)
        former = [each.user for each in context["record"].links if each.ended_at]
        note_listed(users=former, by=request.user, now=now, ip=client_ip(request))
    else:
        note_found([Hit(title=found.name, payer_number=found.number)], by=request.user, now=now, ip=client_ip(request))
    return page(request, "staff/customers/payer.html", context, active="customers")


def shown_of(found: Payer, today: Any) -> dict[str, Any]:
    record = record_of(found)
    documents = [
        (
            each,
            state_of(
                each.kind,
                each.amount_eur,
                each.open_eur,
                each.credited_eur,
                each.due_on,
                today,
                each.collecting_on,
            ),
        )
        for each in record.documents
    ]
    return {"record": record, "kinds": KINDS, "documents": documents, "events": told(record.events)}


def told(events: list[AccessEvent]) -> list[dict[str, Any]]:
    """Return events of the access log as the office reads them: with names."""
    return [
        {
            "what": in_office_words(each),
            "about": about_in_office_words(each),
            "reason": reason_told(each),
            "by": each.by.username if each.by else _("the portal by itself"),
            "at": each.at,
        }
        for each in events
    ]


def looking(look: AccessEvent | None) -> dict[str, Any]:
    return {"look": look, "reason": reason_told(look) if look else "", "until": look.at + LOOK_HOLDS if look else None}


@staff_only(Role.READER)
@require_safe
def payer_document(request: HttpRequest, document: str) -> HttpResponseBase:
    """Give the PDF of an invoice out, to whoever has said why they look; everybody who sees the payer reads of it."""
    mine = Document.objects.select_related("payer").filter(public_id=document).exclude(pdf_path="").first()
    if mine is None:
        raise Http404
    note_opened(request, mine.payer, about=mine.number)
    return file_of(mine.pdf_path, f"{mine.number}.pdf")


@staff_only(Role.READER)
@require_safe
def payer_photo(request: HttpRequest, reading: str) -> HttpResponseBase:
    """Give the photo beside a reading out, as the PDF of an invoice."""
    photo = ReadingPhoto.objects.select_related("reading__payer").filter(reading__public_id=reading).first()
    if photo is None:
        raise Http404
    shows = photo.reading
    note_opened(request, shows.payer, about=f"JPG, {shows.month:%Y-%m}, {shows.value_m3:.0f} m³")
    return file_of(photo.path, f"{shows.month:%Y-%m}.jpg")


def note_opened(request: HttpRequest, payer: Payer, *, about: str) -> None:
    """Write the opening of a payer's file down for all who see the payer; without a reason to look it is not there."""
    now = timezone.now()
    look = look_that_holds(by=request.user, now=now, payer_number=payer.number)
    if look is None:
        raise Http404
    record_for_payer(
        number=payer.number, what=AccessEvent.What.OFFICE_VIEWED_DOCUMENT, by=request.user, about=about,
        reason=look.reason, ip=client_ip(request), now=now,
    )  # fmt: skip


def file_of(path: str, name: str) -> FileResponse:
    response = FileResponse(default_storage.open(path), as_attachment=True, filename=name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@staff_only(Role.READER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def account(request: HttpRequest, account: str) -> HttpResponse:
    user, now = account_or_404(account), timezone.now()
    form = LookForm(request.POST or None)
    known = {"user": user, "by": request.user, "now": now, "ip": client_ip(request)}
    if request.method == "POST" and form.carry_out(look_at_account, **known):
        return redirect("staff:account", account=user.public_id)
    look = look_that_holds(by=request.user, now=now, user=user)
    context = {"user": user, "form": form, "last_in_at": seen_at(user), "new_form_key": new_form_key, **looking(look)}
    context["links"] = [each for each in links_of(user) if each.ended_at is None]
    if look:
        record = account_record(user, now=now)
        context |= {
            "record": record,
            "kinds": KINDS,
            "events": told(record.events),
            "sign_ins": told(record.sign_ins),
            "unwanted": [topic.label for topic in topics() if topic.code in record.unwanted],
        }
    else:
        note_found([Hit(title=user.username, user_id=user.public_id)], by=request.user, now=now, ip=client_ip(request))
    return page(request, "staff/customers/account.html", context, active="customers")


@staff_only(Role.CLERK)
@require_POST
@once
def sign_out_account(request: HttpRequest, account: str) -> HttpResponse:
    """End a customer's sessions, as when a phone was stolen."""
    user = account_or_404(account)
    try:
        reason = reason_of(request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        sign_out_by_office(user=user, reason=reason, by=request.user, ip=client_ip(request), now=timezone.now())
        messages.success(request, _("The customer is signed out everywhere."))
    return redirect("staff:account", account=user.public_id)


def payer_or_404(number: str) -> Payer:
    found = payer_numbered(number)
    if found is None:
        raise Http404
    return found


def account_or_404(public_id: str) -> User:
    user = account_of(public_id)
    if user is None:
        raise Http404
    return user
