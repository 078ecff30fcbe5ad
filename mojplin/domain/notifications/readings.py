"""Reminders of readings: when a window opens, and once more before it closes while nothing was sent.

One mail for a person and window with all the places that are due. Its links are made when it is sent (`reading_links`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.linking.access import Place, in_force, places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.reading_links import reading_link_token
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.metering.bulk import read_already
from mojplin.domain.metering.known import known_readings
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.window import ReadingWindow, reading_window, window_days
from mojplin.domain.notifications.kinds import Found, Kind, Letter, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.supply.models import Meter, SupplyPoint
from mojplin.foundation import formats

TOPIC = Topic(
    code="reading_due",
    label=_("Reminder of the meter reading"),
    hint=_("When readings open, and once more before they close if yours has not come."),
)
LAST_CALL_DAYS = 2
"""So many days before the window closes the second reminder comes."""
LISTED = 10
SENDING_ROLES = roles_that_may(Act.SUBMIT_READINGS)


def find(now: datetime) -> list[Found]:
    """Return who is to be reminded of which place, in one statement for each window that differs."""
    if not settings.READING_REMINDERS:
        return []
    today = timezone.localdate(now)
    found: list[Found] = []
    for kind, first, last in _kinds_of_windows():
        window = reading_window(today, window_days(kind, first, last))
        if window.is_open:
            found += _due(kind, first, last, window, today)
    return found


def _kinds_of_windows() -> "QuerySet[Any, Any]":
    points = SupplyPoint.objects.filter(kind__in=SupplyPoint.WITH_METER, closed_on=None)
    return points.values_list("kind", "reading_first_day", "reading_last_day").distinct().order_by()


def _due(kind: str, first: int | None, last: int | None, window: ReadingWindow, today: date) -> list[Found]:
    """Return the links whose reading of the window is still to come."""
    sent = SubmittedReading.objects.that_hold().filter(
        supply_point=OuterRef("supply_point"), payer=OuterRef("payer"), month=window.month
    )
    meters = Meter.objects.filter(supply_point=OuterRef("supply_point"), removed_on=None)
    points = Q(
        supply_point__kind=kind, supply_point__closed_on=None,
        supply_point__reading_first_day=first, supply_point__reading_last_day=last,
    )  # fmt: skip
    links = Link.objects.filter(in_force(today), points, ~Exists(sent), Exists(meters), role__in=SENDING_ROLES)
    which = "last" if window.days_left <= LAST_CALL_DAYS else "first"
    thing = Concat(Cast("pk", CharField()), Value(f":{window.month:%Y-%m}:{which}"), output_field=CharField())
    return to_tell(links.annotate(thing=thing, about=Value(""), place_link=F("pk")), TOPIC)


def letter(user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the reminder of what is still due."""
    today = timezone.localdate()
    links = {each.link_id for each in notices}
    places = [each for each in places_of(user.pk) if each.link_id in links]
    due = [(place, window) for place in places if (window := reading_window(today, place.window_days)).is_open]
    come = read_already({(place.supply_point_id, place.payer_id): window.month for place, window in due})
    due = [(place, window) for place, window in due if (place.supply_point_id, place.payer_id) not in come]
    if not due:
        return None
    context = {
        "days": min(window.days_left for _place, window in due),
        "closes": formats.weekday_day(min(window.closes_on for _place, window in due), language),
        "places": list(_lines(due[:LISTED], language)),
        "more": max(len(due) - LISTED, 0),
        "needs_no_sign_in": settings.READING_LINKS,
        "all_url": settings.BASE_URL + reverse("web:readings_table" if len(due) > LISTED else "web:open_points"),
    }
    return Letter("notifications/mail/reading_due", context)


def _lines(due: Iterable[tuple[Place, ReadingWindow]], language: formats.Language) -> Iterable[dict[str, str]]:
    for place, window in due:
        billed = known_readings(place.supply_point_id, place.payer_id)
        path = f"{reverse('web:readings')}?place={place.public_id}"
        if settings.READING_LINKS:
            path = reverse("web:read_by_link", args=[reading_link_token(place.link_id, window.month)])
        yield {
            "place": place.name,
            "address": place.address,
            "last": formats.cubic_metres(billed[0].value_m3, language) if billed else "",
            "url": settings.BASE_URL + path,
        }


register_kind(
    Kind(
        topic=TOPIC,
        find=find,
        letter=letter,
        page="web:open_points",
        at=SupplyPoint.WITH_METER,
        act=Act.SUBMIT_READINGS,
    )
)
