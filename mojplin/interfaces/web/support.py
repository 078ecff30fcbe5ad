"""Writing to the supplier's office, and what was written before."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.operations import send_enquiry
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import PLACES_IN_SWITCHER, OperationForm, page

LONGEST_MESSAGE = 5000
LONGEST_SUBJECT = 60
EARLIER_SHOWN = 10
PLACES_TO_CHOOSE_FROM = 300


class EnquiryForm(OperationForm):
    topic = forms.ChoiceField(
        label=gettext_lazy("What are you writing about?"),
        choices=[("", gettext_lazy("Choose a topic")), *Enquiry.Topic.choices],
        error_messages={"required": gettext_lazy("Choose a topic.")},
    )
    place = forms.ChoiceField(label=gettext_lazy("Supply point"), required=False)
    message = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("You need not write your payer number and address, we see them."),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Write your message."),
            "max_length": gettext_lazy(
                "The message is too long: at most %(limit_value)d characters, now %(show_value)d."
            ),
        },
    )

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].widget.attrs.pop("maxlength")  # too long is said, not cut
        self.places = {each.public_id: each for each in places if each.may_write}
        choices = [(public_id, f"{each.name}, {each.address}") for public_id, each in self.places.items()]
        self.fields["place"].choices = [*choices, ("", _("It is not about a supply point"))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        place = self.places.get(given.pop("place", ""))
        about = {"supply_point_id": None, "supply_point_number": "", "place_name": ""}
        if place:
            about = {
                "supply_point_id": place.supply_point_id,
                "supply_point_number": place.number,
                "place_name": place.name,
            }
        return given | about


@once
def support(request: HttpRequest) -> HttpResponse:
    places = places_of(request.user.pk, limit=PLACES_TO_CHOOSE_FROM)
    request.places = places[:PLACES_IN_SWITCHER]
    form = EnquiryForm(request.POST or None, initial=_asked_for(request, places), places=places)
    known = {"by": request.user, "now": timezone.now(), "office_email": settings.SUPPLIER["email"]}
    if request.method == "POST" and form.carry_out(send_enquiry, **known):
        return redirect("web:enquiry_sent", public_id=form.result.public_id)
    context = {"form": form, "earlier": _earlier(request)}
    return page(request, "web/support/support.html", context, active="more")


def _asked_for(request: HttpRequest, places: list[Place]) -> dict[str, str]:
    """Return what the link that led here fills in: the topic, the place, and what it is about."""
    about = " ".join(request.GET.get("about", "")[:LONGEST_SUBJECT].split())
    first = next((each.public_id for each in places if each.may_write), "")
    return {
        "topic": request.GET.get("topic", ""),
        "place": request.GET.get("place", first),
        "message": _(
            "About %(subject)s:",
        )
        % {"subject": about}
        + "\n"
        if about.isprintable() and about
        else "",
    }


def _earlier(request: HttpRequest) -> list[dict[str, Any]]:
    written = Enquiry.objects.filter(sent_by=request.user).order_by("-sent_at", "-pk")[:EARLIER_SHOWN]
    return [
        {
            "number": each.number,
            "public_id": each.public_id,
            "topic": each.get_topic_display(),
            "sent_at": each.sent_at,
            "is_answered": each.state == Enquiry.State.ANSWERED,
        }
        for each in written
    ]


@require_safe
def enquiry_sent(request: HttpRequest, public_id: str) -> HttpResponse:
    enquiry = Enquiry.objects.filter(public_id=public_id, sent_by=request.user).first()
    if enquiry is None:
        raise Http404
    return page(request, "web/support/sent.html", {"enquiry": enquiry}, active="more")
