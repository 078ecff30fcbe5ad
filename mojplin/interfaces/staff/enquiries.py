"""Enquiries in the office: what waits, the overdue first; one conversation, which is answered, noted, assigned, closed.

Whoever is listed, and whose conversation is opened, reads that in their access log.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.support import office
from mojplin.domain.support.by_mail import NOT_TAKEN, Outcome, mails_since
from mojplin.domain.support.conversation import conversation
from mojplin.domain.support.files import MOST_FILES
from mojplin.domain.support.hours import call_clock
from mojplin.domain.support.models import Attachment, Enquiry
from mojplin.domain.support.models.conversation import LONGEST_TEXT
from mojplin.foundation.downloads import FILE_POLICY
from mojplin.foundation.errors import Refused
from mojplin.foundation.file_fields import SeveralFilesField, takes_files
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.operation_form import OperationForm
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only

ON_A_PAGE = 30
WEEK = timedelta(days=7)


class AnswerForm(OperationForm):
    text = forms.CharField(
        label=gettext_lazy("Answer to the customer"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": office.NothingSaid.message},
    )
    file = SeveralFilesField(
        most=MOST_FILES,
        help_text=gettext_lazy(
            "PDF, JPEG, PNG or HEIC, at most three files of 10 MB. The customer finds them in the portal."
        ),
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("The mail says only that there is an answer"), required=False
    )
    closes = forms.BooleanField(label=gettext_lazy("With this the matter is settled"), required=False)
    last_seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"sent_files": given.pop("file", [])}


class NoteForm(OperationForm):
    text = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Only the office reads it, never the customer."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )


class AssignForm(OperationForm):
    member = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who has it"),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("nobody yet"),
        error_messages={"invalid_choice": office.NotOfOffice.message},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members()
        self.fields["member"].label_from_instance = lambda member: member.addressed_as


class PromiseForm(OperationForm):
    promised_on = forms.DateField(
        label=gettext_lazy("Answered by"),
        help_text=gettext_lazy("A customer who waits is told by mail when it becomes later."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Choose a day."),
        },
    )


FORMS: dict[str, type[OperationForm]] = {
    "answer": AnswerForm, "note": NoteForm, "assign": AssignForm, "promise": PromiseForm
}  # fmt: skip


OPERATIONS: dict[str, Callable[..., Any]] = {
    "answer": office.answer, "note": office.add_note, "assign": office.assign, "promise": office.promise
}  # fmt: skip


def members() -> "QuerySet[User]":
    """Return who may answer."""
    return User.objects.filter(is_active=True, role__in=(Role.CLERK, Role.ADMIN)).order_by("username")


@staff_only(Role.READER)
@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    today, asked = timezone.localdate(), request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
    shown = request.GET.get("show", "")
    of_sort = sorts(request.user, today)
    found = of_sort.get(shown, of_sort[""]).select_related("sent_by", "assigned_to")
    rows = list(found.due_first()[(number - 1) * ON_A_PAGE : number * ON_A_PAGE + 1])
    access_log.record_new_today(
        what=AccessEvent.What.OFFICE_SEARCHED, by=request.user,
        concerned={(each.sent_by_id, "") for each in rows[:ON_A_PAGE]}, now=timezone.now(), ip=client_ip(request),
    )  # fmt: skip
    mails = mails_since(today - WEEK)
    context = {
        "rows": rows[:ON_A_PAGE],
        "older": number + 1 if len(rows) > ON_A_PAGE else None,
        "shown": shown if shown in of_sort else "",
        "figures": office.figures(today),
        "today": today,
        "mails_taken": mails.get(Outcome.TAKEN, 0) + mails.get(Outcome.IN_PART, 0),
        "mails_not_taken": sum(mails.get(each, 0) for each in NOT_TAKEN),
        "mails_unknown": mails.get(Outcome.UNKNOWN, 0),
    }
    return page(request, "staff/enquiries/enquiries.html", context, active="enquiries")


def sorts(member: User, today: date) -> dict[str, Any]:
    """Return which enquiries each filter of the list shows; the first is what waits."""
    every = Enquiry.objects.all()
    return {
        "": every.waiting(),
        "overdue": every.overdue(today),
        "unassigned": every.waiting().unassigned(),
        "mine": every.assigned(member).exclude(state=Enquiry.State.CLOSED),
        "answered": every.filter(state=Enquiry.State.ANSWERED),
        "all": every,
    }


@staff_only(Role.READER)
@require_safe
def enquiry(request: HttpRequest, enquiry: str) -> HttpResponse:
    held = _held(enquiry)
    chosen = request.GET.get("text", "")
    texts = {str(each.pk): each for each in office.answer_templates(held.topic)}
    begun = office.filled_in(texts[chosen], held) if chosen in texts else ""
    access_log.record_new_today(
        what=AccessEvent.What.OFFICE_READ_ENQUIRY, by=request.user, concerned={(held.sent_by_id, "")},
        now=timezone.now(), ip=client_ip(request),
    )  # fmt: skip
    return _page(request, held, {}, begun)


@takes_files(most=MOST_FILES)
@staff_only(Role.CLERK)
@require_POST
@once
def enquiry_act(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Do what the pressed button says; what is refused stands on the page with what was typed."""
    held, act = _held(enquiry), request.POST.get("act", "")
    if act in FORMS:
        form = FORMS[act](request.POST, request.FILES, prefix=act)
        if not form.carry_out(OPERATIONS[act], enquiry=held.pk, **_known(act, request)):
            return _page(request, held, {act: form})
    elif act == "close":
        try:
            office.close(enquiry=held.pk, **_known(act, request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("staff:enquiry", enquiry=enquiry)
    elif act == "reopen":
        office.reopen(enquiry=held.pk, **_known(act, request))
    else:
        raise Http404
    messages.success(request, done(act))
    return redirect("staff:enquiry", enquiry=enquiry)


def _known(act: str, request: HttpRequest) -> dict[str, Any]:
    known = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    return known | {"today": timezone.localdate()} if act == "promise" else known


def done(act: str) -> str:
    return {
        "answer": _("The answer is on its way."),
        "note": _("The note is kept."),
        "assign": _("It is kept who has it."),
        "promise": _("The day is kept."),
        "close": _("The enquiry is closed."),
        "reopen": _("The enquiry waits again."),
    }[act]


@staff_only(Role.READER)
@require_safe
def enquiry_file(request: HttpRequest, file: str) -> HttpResponse:
    """Hand out a file of a conversation as a download; the customer reads that the conversation was looked at."""
    found = Attachment.objects.select_related("entry__enquiry").filter(public_id=file).first()
    if found is None or not default_storage.exists(found.path):
        raise Http404
    access_log.record_new_today(
        what=AccessEvent.What.OFFICE_READ_ENQUIRY, by=request.user,
        concerned={(found.entry.enquiry.sent_by_id, "")}, now=timezone.now(), ip=client_ip(request),
    )  # fmt: skip
    with default_storage.open(found.path) as file:
        headers = {
            "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
            "Content-Security-Policy": FILE_POLICY,
        }
        return HttpResponse(file.read(), content_type=found.media_type, headers=headers)


def _held(public_id: str) -> Enquiry:
    known = Enquiry.objects.select_related("sent_by", "assigned_to", "supply_point", "payer")
    held = known.filter(public_id=public_id).first()
    if held is None:
        raise Http404
    return held


def _page(request: HttpRequest, held: Enquiry, given: dict[str, OperationForm], begun: str = "") -> HttpResponse:
    """Show the conversation with its forms; `given` is the one that was refused."""
    said = conversation(held, for_office=True)
    member = held.assigned_to.public_id if held.assigned_to else ""
    typed = {
        "answer": {"text": begun, "last_seen": max(each.entry.pk for each in said)},
        "assign": {"member": member},
        "promise": {"promised_on": held.promised_on},
    }
    context = {
        "enquiry": held,
        "said": said,
        "texts": office.answer_templates(held.topic),
        "is_overdue": held.is_overdue(timezone.localdate()),
        "call_clock": call_clock(held.call_hour) if held.call_hour is not None else None,
        "language": pgettext("language", "English")
        if held.sent_by.language == "en"
        else pgettext("language", "Slovene"),
        "new_form_key": new_form_key,
        "forms": {act: given.get(act) or form(prefix=act, initial=typed.get(act, {})) for act, form in FORMS.items()},
    }
    return page(request, "staff/enquiries/enquiry.html", context, active="enquiries")
