"""Writing to the supplier's office, what was written before, and going on with it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.support.conversation import attachment_for, conversation, enquiry_for
from mojplin.domain.support.files import MOST_FILES
from mojplin.domain.support.hours import call_clock
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.models.conversation import LONGEST_TEXT
from mojplin.domain.support.opening import opening_lines
from mojplin.domain.support.operations import REOPEN_WITHIN, close_enquiry, go_on, send_enquiry
from mojplin.foundation import formats
from mojplin.foundation.downloads import download
from mojplin.foundation.file_fields import SeveralFilesField, takes_files
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, in_frame, page, places_in_frame, today
from mojplin.interfaces.web.enquiry_subjects import Thing, grouped, page_of_subject, subject_of, things_at

WHICH_FILES = gettext_lazy("PDF, JPEG, PNG or HEIC, at most three files of 10 MB. For example a photo of the meter.")
LONGEST_SUBJECT = 60
EARLIER_SHOWN = 5
ON_A_PAGE = 20
PLACES_TO_CHOOSE_FROM = 300
COMPLAINT = "complaint"
TOPICS = [
    ("", gettext_lazy("Choose a topic")),
    *Enquiry.Topic.choices[:1],
    (COMPLAINT, Enquiry.Kind.COMPLAINT.label),
    *Enquiry.Topic.choices[1:],
]


class MessageField(forms.CharField):
    """What somebody writes, as long as the rooms take it; too long is said, not cut."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_TEXT,
            error_messages={
                "required": gettext_lazy("Write your message."),
                "max_length": gettext_lazy(
                    "The message is too long: at most %(limit_value)d characters, now %(show_value)d."
                ),
            },
            **kwargs,
        )
        self.widget.attrs.pop("maxlength", None)


class SubjectForm(OperationForm):
    """Topic, place and thing: what every way of writing to the office asks."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What are you writing about?"),
        choices=TOPICS,
        error_messages={"required": gettext_lazy("Choose a topic.")},
    )
    place = forms.ChoiceField(label=gettext_lazy("Supply point"), required=False)
    about = forms.ChoiceField(label=gettext_lazy("Which document, reading or order?"), required=False)

    def __init__(self, *args: Any, places: list[Place], things: list[Thing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {each.public_id: each for each in places}
        self.things = {each.value: each for each in things}
        choices = [(public_id, f"{each.name}, {each.address}") for public_id, each in self.places.items()]
        self.fields["place"].choices = [*choices, ("", _("It is not about a supply point"))]
        self.fields["about"].choices = grouped(things)
        if not things:
            del self.fields["about"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        place, thing = self.places.get(given.pop("place", "")), self.things.get(given.pop("about", ""))
        return given | {"subject": subject_of(place, thing, self.places.values())}


class EnquiryForm(SubjectForm):
    message = MessageField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("You need not write your payer number and address, we see them."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    file = SeveralFilesField(most=MOST_FILES, help_text=WHICH_FILES)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        is_complaint = given.get("topic") == COMPLAINT
        topic = Enquiry.Topic.BILLING.value if is_complaint else given.get("topic")
        return given | {"topic": topic, "is_complaint": is_complaint, "sent_files": given.pop("file", [])}


class MoreForm(OperationForm):
    message = MessageField(label=gettext_lazy("Your message"), widget=forms.Textarea(attrs={"rows": 4}))
    file = SeveralFilesField(most=MOST_FILES, help_text=WHICH_FILES)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"sent_files": given.pop("file", [])}


@takes_files(most=MOST_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def support(request: HttpRequest) -> HttpResponse:
    places = places_to_write_about(request)
    asked = asked_for(request.GET, places)
    things = things_at(places, request.POST.get("about", "") or asked["about"])
    form = EnquiryForm(*sent_in(request), initial=asked, places=places, things=things)
    if request.method == "POST" and form.carry_out(send_enquiry, **known(request)):
        messages.success(request, received(form.result))
        return redirect("web:enquiry", public_id=form.result.public_id)
    context = {
        "form": form,
        "earlier": of_customer(request)[:EARLIER_SHOWN],
        "hours": opening_lines(formats.active_language()),
        "answer_days": settings.SUPPORT_ANSWER_WORKING_DAYS,
    }
    return page(request, "web/support/support.html", context, active="more")


def places_to_write_about(request: HttpRequest) -> list[Place]:
    """Return the places where the customer may write in the payer's name; the switcher shows all of theirs."""
    places = places_of(request.user.pk, limit=PLACES_TO_CHOOSE_FROM)
    in_frame(request, places)
    return [each for each in places if each.may_write]


def known(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": timezone.now(), "office_email": settings.SUPPLIER["email"]}


def sent_in(request: HttpRequest) -> tuple[QueryDict | None, "MultiValueDict[str, Any] | None"]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def received(enquiry: Enquiry) -> str:
    return _("We have your message. We answer by %(day)s.") % {
        "day": formats.weekday_day(enquiry.promised_on, formats.active_language())
    }


def asked_for(query: QueryDict, places: list[Place]) -> dict[str, str]:
    """Return what the link that led here fills in: the topic, the place, and what it is about."""
    subject = " ".join(query.get("about", "")[:LONGEST_SUBJECT].split())
    about = next((f"{kind}:{query[kind]}" for kind in Enquiry.About.values if query.get(kind)), "")
    return {
        "topic": query.get("topic", ""),
        "place": query.get("place", next((each.public_id for each in places), "")),
        "about": about,
        "message": _("About %(subject)s:") % {"subject": subject} + "\n" if subject and subject.isprintable() else "",
    }


def of_customer(request: HttpRequest) -> Any:
    return Enquiry.objects.filter(sent_by=request.user).newest_first()


@require_safe
def enquiries(request: HttpRequest) -> HttpResponse:
    """Everything the customer ever wrote, newest first."""
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
    found = list(of_customer(request)[(number - 1) * ON_A_PAGE : number * ON_A_PAGE + 1])
    context = {
        "enquiries": found[:ON_A_PAGE],
        "older": number + 1 if len(found) > ON_A_PAGE else None,
        "is_first": number == 1,
    }
    return page(request, "web/support/enquiries.html", context, active="more")


@takes_files(most=MOST_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def enquiry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation: read it, go on with it, say that it is settled."""
    mine = enquiry_for(user_id=request.user.pk, public_id=public_id)
    if mine is None:
        raise Http404
    if request.method == "POST" and request.POST.get("act") == "close":
        close_enquiry(enquiry=mine.pk, by=request.user, now=timezone.now())
        messages.success(request, _("The matter is closed. Write here again if something is left."))
        return redirect("web:enquiry", public_id=public_id)
    form = MoreForm(*sent_in(request))
    if request.method == "POST" and form.carry_out(go_on, enquiry=mine.pk, **known(request)):
        messages.success(request, received(form.result.enquiry))
        return redirect("web:enquiry", public_id=public_id)
    places = places_in_frame(request)
    closed_for_good = mine.closed_at and mine.closed_at < timezone.now() - REOPEN_WITHIN
    context = {
        "enquiry": mine,
        "said": conversation(mine),
        "subject_page": page_of_subject(mine),
        "is_overdue": mine.is_overdue(today()),
        "form": None if closed_for_good else form,
        "takes_mail": bool(settings.SUPPORT_REPLY_EMAIL),
        "form_key": new_form_key(),
        "place_name": next((each.name for each in places if each.supply_point_id == mine.supply_point_id), ""),
        "call_clock": call_clock(mine.call_hour) if mine.call_hour is not None else None,
    }
    return page(request, "web/support/enquiry.html", context, active="more")


@require_safe
def enquiry_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Hand out a file of one's own conversation as a download."""
    file = attachment_for(user_id=request.user.pk, public_id=public_id)
    if file is None or not default_storage.exists(file.path):
        raise Http404
    return download(default_storage.open(file.path), file.name, file.media_type)
