"""The reading windows of a place as a calendar file, for the calendar on one's phone."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event

from mojplin.domain.linking.access import Place
from mojplin.domain.metering.window import ReadingWindow, reading_window, window_of_month
from mojplin.foundation.months import next_month
from mojplin.interfaces.web.doors import own_place, today

WINDOWS = 12
DAY = timedelta(days=1)
REMINDS_AT = timedelta(hours=9)
"""After the beginning of the first day."""


@require_safe
@own_place
def calendar(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the next twelve windows; taken over again, the same window replaces itself."""
    if not place.has_meter:
        raise Http404
    address = request.build_absolute_uri(f"{reverse('web:readings')}?place={place.public_id}")
    book = Calendar.new(
        uid=f"readings-{place.public_id}@moj-butan-plin",
        prodid=f"-//{settings.SUPPLIER['portal_name']}//reading windows//",
        name=_("Meter readings: %s") % place.name,
    )
    for window in next_windows(place):
        book.add_component(event_of(window, place, address))
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.public_id[:8]}.ics"'
    return response


def next_windows(place: Place) -> list[ReadingWindow]:
    """Return the window that is open or opens next, and those after it."""
    on = today()
    windows = [reading_window(on, place.window_days)]
    while len(windows) < WINDOWS:
        windows.append(window_of_month(next_month(windows[-1].month), place.window_days, on))
    return windows


def event_of(window: ReadingWindow, place: Place, address: str) -> Event:
    """Return whole days that block nothing, with a reminder on the morning of the first."""
    summary = _("Send the meter reading: %s") % place.name
    event = Event.new(
        uid=f"{window.month:%Y-%m}-{place.public_id}@moj-butan-plin",
        summary=summary,
        description=_("Readings are open on these days: %s") % address,
        url=address,
        start=window.opens_on,
        end=window.closes_on + DAY,
        stamp=timezone.now(),
    )
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", REMINDS_AT)
    event.add_component(alarm)
    return event
