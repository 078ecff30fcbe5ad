"""The calendar of one's gas by a private address, for the calendar on one's phone; and the page that gives it."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from mojplin.domain.linking.access import places_of
from mojplin.domain.metering.window import reading_window, window_of_month
from mojplin.domain.notifications.calendar import (
    Deadline,
    due_dates,
    ends_of_contracts,
    made_at,
    new_address,
    owner_of,
    turn_off,
)
from mojplin.foundation.idempotency import new_form_key
from mojplin.foundation.months import next_month
from mojplin.interfaces.web.doors import page, today
from mojplin.interfaces.web.reading_calendar import event_of

DAY = timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """A new address is shown in the answer that makes it and never again, so this answer is kept nowhere."""
    address = ""
    if request.method == "POST" and request.POST.get("act") == "off":
        turn_off(by=request.user)
        messages.success(request, _("The address of your calendar no longer shows anything."))
        return redirect("web:calendar")
    if request.method == "POST":
        token = new_address(by=request.user, now=timezone.now())
        address = settings.BASE_URL + reverse("web:calendar_feed", args=[token])
    context = {"address": address, "made_at": made_at(request.user), "form_key": new_form_key()}
    return page(request, "web/profile/calendar.html", context, active="more")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with what comes: the windows of readings, days to pay without amounts, ends of contracts."""
    owner = owner_of(token)
    if owner is None:
        raise Http404
    day, places = today(), places_of(owner.pk)
    # Fetched again it is the same calendar: a name drawn anew each time would be another one.
    name = sha256(token.encode()).hexdigest()[:32]
    portal = settings.SUPPLIER["portal_name"]
    book = Calendar.new(uid=f"{name}@moj-butan-plin", prodid=f"-//{portal}//calendar//", name=portal)
    for place in places:
        if place.has_meter and place.may_submit_readings:
            where = f"{settings.BASE_URL}{reverse('web:readings')}?place={place.public_id}"
            window = reading_window(day, place.window_days)
            for each in (window, window_of_month(next_month(window.month), place.window_days, day)):
                book.add_component(event_of(each, place, where))
    for due in due_dates(places, today=day):
        book.add_component(_day("pay", due, _("Payment is due: %s") % due.number, "web:document"))
    for end in ends_of_contracts(places, today=day):
        book.add_component(_day("end", end, _("Last day of contract %s") % end.number, "web:contract"))
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _day(kind: str, deadline: Deadline, summary: str, page_name: str) -> Event:
    """Return a whole day that blocks nothing; taken over again it replaces itself."""
    event = Event.new(
        uid=f"{kind}-{deadline.public_id}@moj-butan-plin",
        summary=summary,
        url=settings.BASE_URL + reverse(page_name, args=[deadline.public_id]),
        start=deadline.on,
        end=deadline.on + DAY,
        stamp=timezone.now(),
    )
    event.add("transp", "TRANSPARENT")
    return event
