"""Moving out: announcing the hand-over of a place, how it stands, settling it with whoever takes over."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.moving.operations import TakerMissing, accept_other, announce, cancel, say_anew, send_again
from mojplin.domain.moving.whose import move_of, moves_of, open_move_at
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import allow, in_frame, page, place_among, places_in_frame, today
from mojplin.interfaces.web.hand_over_fields import DayAndReading, reading_context
from mojplin.interfaces.web.places import own
from mojplin.interfaces.web.step_up import confirmed_recently

PLACES_OFFERED = 50


class MoveOutForm(DayAndReading):
    email = forms.CharField(
        label=gettext_lazy("E-mail address of whoever takes over"),
        help_text=gettext_lazy("A link comes there, by which they confirm the day and the reading."),
        max_length=254,
        error_messages={"required": TakerMissing.message},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    nobody_known = forms.BooleanField(
        label=gettext_lazy("I do not know yet who it will be, or nobody will live there."), required=False
    )
    bill_address = forms.CharField(
        label=gettext_lazy("Where do we send the last bill?"),
        help_text=gettext_lazy("Street and number, post code and town; a country, too, if it is not Slovenia."),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the address to which we send the last bill.")},
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    field_order = ("moves_on", "typed", "email", "nobody_known", "bill_address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["email"].required = not self.data.get(self.add_prefix("nobody_known"))
        if settings.MOVE_AHEAD_DAYS:
            self.fields["moves_on"].help_text = _(
                "It may be up to %(days)s days ahead; then leave the reading empty and add it on the day."
            ) % {"days": settings.MOVE_AHEAD_DAYS}
            if self.is_bound and "typed" in self.fields:
                self.fields["typed"].required = not self.is_ahead()

    def is_ahead(self) -> bool:
        """Return whether the day that was chosen is still to come."""
        try:
            chosen = self.fields["moves_on"].clean(self.data.get(self.add_prefix("moves_on")))
        except forms.ValidationError:
            return False
        return bool(chosen > today())


@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """What was announced, and from where to begin."""
    places = [each for each in places_in_frame(request) if each.may_move_out]
    announced = moves_of(request.user.pk)
    busy = {(each.supply_point_id, each.payer_id) for each in announced if each.is_open}
    free = [each for each in places if (each.supply_point_id, each.payer_id) not in busy]
    context = {"moves": announced, "free": free[:PLACES_OFFERED], "has_more": len(free) > PLACES_OFFERED}
    return page(request, "web/moving/moves.html", context, active="more")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def move_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Announce that one moves out of a place one holds; what is announced already is shown instead."""
    place = own(request, public_id)
    if place.is_proof_due and not place.is_shared:
        return redirect("web:prove", public_id)
    allow(place.may_move_out)
    if earlier := open_move_at(place):
        return redirect("web:move", public_id=earlier.public_id)
    point = SupplyPoint.objects.get(pk=place.supply_point_id)
    form = MoveOutForm(request.POST or None, point=point, initial={"moves_on": today()})
    if request.method == "POST" and form.carry_out(announce, place=place, **known(request)):
        messages.success(request, _("The hand-over is announced."))
        return redirect("web:move", public_id=form.result.public_id)
    in_frame(request, places_of(request.user.pk), place)
    context = {
        "form": form,
        "handed": place,
        "move": None,
        "ahead_days": settings.MOVE_AHEAD_DAYS,
        **reading_context(form, point),
    }
    return page(request, "web/moving/announce.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """How a hand-over stands; agree with the other side, send the link again, or cancel."""
    found, place = own_move(request, public_id)
    may_act = place is not None and place.may_move_out
    if request.method == "POST":
        allow(may_act)
        return act(request, found)
    context = {
        "move": found,
        "may_act": may_act,
        "is_ahead": found.moves_on > today(),
        "reason": found.supplier_note(),
        "new_form_key": new_form_key,
    }
    return page(request, "web/moving/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def change_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say day, reading, address and who takes over anew."""
    found, place = own_move(request, public_id)
    allow(place is not None and place.may_move_out)
    if not found.may_change:
        return redirect("web:move", public_id=public_id)
    form = MoveOutForm(request.POST or None, point=found.supply_point, initial=as_said(found))
    if request.method == "POST" and form.carry_out(say_anew, move=found, **known(request)):
        messages.success(request, said_anew(form.result))
        return redirect("web:move", public_id=public_id)
    context = {"form": form, "handed": place, "move": found, **reading_context(form, found.supply_point)}
    return page(request, "web/moving/announce.html", context)


def said_anew(found: MoveOut) -> str:
    if found.state == MoveOut.State.PLANNED:
        return _("It is said anew. Add the reading on the day; we remind you.")
    return _("It is said anew; the other side confirms the new day and reading.")


def known(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "today": today(), "now": timezone.now(), "ip": client_ip(request)}


def own_move(request: HttpRequest, public_id: str) -> tuple[MoveOut, Place | None]:
    """Return a hand-over the user may see, with the place while it is still theirs; any other is a 404."""
    found = move_of(request.user.pk, public_id)
    if found is None:
        raise Http404
    places = places_of(request.user.pk)
    place = place_among(places, found.supply_point_id, found.payer_id)
    in_frame(request, places, place)
    return found, place


def act(request: HttpRequest, found: MoveOut) -> HttpResponse:
    """Carry out what one button asks; what came too late is said on top of the page."""
    acts = {
        "accept": (accept_other, _("Both sides have confirmed. We tell you when the supplier has taken it over.")),
        "again": (send_again, _("A new link is on its way. The one before is good no longer.")),
        "cancel": (cancel, _("The hand-over is cancelled.")),
    }
    chosen = request.POST.get("act", "")
    if chosen not in acts:
        raise Http404
    operation, done = acts[chosen]
    given: dict[str, Any] = {"by": request.user, "now": timezone.now(), "ip": client_ip(request)}
    if chosen == "accept":
        given["seen"] = seen_version(request)
    try:
        operation(move=found, **given)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("web:move", public_id=found.public_id)


def seen_version(request: HttpRequest) -> int:
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0


def as_said(found: MoveOut) -> dict[str, Any]:
    """Return the form as it was said last."""
    read: Decimal | int | None = found.value_m3 if found.value_m3 is not None else found.gauge_percent
    decimals = found.meter.decimals if found.meter else 0
    typed = "" if read is None else formats.number(read, formats.active_language(), decimals, grouped=False)
    return {
        "moves_on": found.moves_on,
        "typed": typed,
        "email": found.taker_email,
        "nobody_known": not found.taker_email,
        "bill_address": found.bill_address,
    }
