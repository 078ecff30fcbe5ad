"""Reminders of readings: when a window opens, and once more before it closes while nothing was sent.

One mail for a person and window with all the places that are due. Its links are made when it is sent (`reading_links`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import NoticeChoice, User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.linking.access import Place, in_force, places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.reading_links import reading_link_token
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.metering.bulk import read_already
from mojplin.domain.metering.known import known_readings
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.window import ReadingWindow, reading_window, window_days
from mojplin.domain.notifications.daytime import is_daytime
from mojplin.domain.notifications.models import SentReminder
from mojplin.domain.supply.models import Meter, SupplyPoint
from mojplin.foundation import formats, mail
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message

TOPIC = Topic(
    code="reading_due",
    label=_("Reminder of the meter reading"),
    hint=_("When readings open, and once more before they close if yours has not come."),
)
MAIL_TOPIC = "reading_reminder"
LAST_CALL_DAYS = 2
"""So many days before the window closes the second reminder comes."""
LISTED = 10
SENDING_ROLES = roles_that_may(Act.SUBMIT_READINGS)


@hourly
def remind_of_readings(now: datetime) -> None:
    """Post the reminders that are due; never at night."""
    if not (settings.READING_REMINDERS and is_daytime(now)):
        return
    today = timezone.localdate(now)
    for kind, first, last in _kinds_of_windows():
        window = reading_window(today, window_days(kind, first, last))
        if window.is_open:
            due = _due(kind, first, last, window, today)
            for user_id, links in groupby(due, key=lambda each: each[0]):
                _post(user_id, [link_id for _user, link_id in links], window, now)


def _kinds_of_windows() -> "QuerySet[Any, Any]":
    points = SupplyPoint.objects.filter(kind__in=SupplyPoint.WITH_METER, closed_on=None)
    return points.values_list("kind", "reading_first_day", "reading_last_day").distinct().order_by()


def _is_last_call(window: ReadingWindow) -> bool:
    return window.days_left <= LAST_CALL_DAYS


def _due(
    kind: str, first: int | None, last: int | None, window: ReadingWindow, today: date
) -> "QuerySet[Link, tuple[int, int]]":
    """Return users and their links whose reading of the window is still to come and who were not reminded of it."""
    sent = SubmittedReading.objects.that_hold().filter(
        supply_point=OuterRef("supply_point"), payer=OuterRef("payer"), month=window.month
    )
    reminded = SentReminder.objects.filter(link=OuterRef("pk"), month=window.month, is_last=_is_last_call(window))
    unwanted = NoticeChoice.objects.filter(user=OuterRef("user"), topic=TOPIC.code, is_wanted=False)
    meters = Meter.objects.filter(supply_point=OuterRef("supply_point"), removed_on=None)
    points = Q(
        supply_point__kind=kind, supply_point__closed_on=None,
        supply_point__reading_first_day=first, supply_point__reading_last_day=last,
    )  # fmt: skip
    links = Link.objects.filter(in_force(today), points, ~Exists(sent), ~Exists(reminded), ~Exists(unwanted))
    links = links.filter(Exists(meters), role__in=SENDING_ROLES, user__is_active=True, user__closing_asked_at=None)
    return links.order_by("user_id", "position", "pk").values_list("user_id", "pk")


@transaction.atomic
def _post(user_id: int, link_ids: list[int], window: ReadingWindow, now: datetime) -> None:
    """Note that the person was reminded and post the mail; of two jobs at once, one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    is_last = _is_last_call(window)
    told = SentReminder.objects.filter(link__in=link_ids, month=window.month, is_last=is_last)
    left = sorted(set(link_ids) - set(told.values_list("link_id", flat=True)))
    if left:
        SentReminder.objects.bulk_create(
            SentReminder(link_id=each, month=window.month, is_last=is_last, sent_at=now) for each in left
        )
        closes_at = timezone.make_aware(datetime.combine(window.closes_on, datetime.max.time()))
        Message.post(MAIL_TOPIC, expires_at=closes_at, user=user_id, links=left)


@deliverer(MAIL_TOPIC)
def deliver_reminder(message: Message) -> None:
    """Send the reminder of what is still due when it is sent."""
    user = User.objects.filter(pk=message.payload["user"], is_active=True).first()
    if user is None:
        return
    today = timezone.localdate()
    places = [each for each in places_of(user.pk) if each.link_id in message.payload["links"]]
    due = [(place, window) for place in places if (window := reading_window(today, place.window_days)).is_open]
    come = read_already({(place.supply_point_id, place.payer_id): window.month for place, window in due})
    due = [(place, window) for place, window in due if (place.supply_point_id, place.payer_id) not in come]
    if not due:
        return
    language: formats.Language = "en" if user.language == "en" else "sl"
    with translation.override(language):
        context = {
            "days": min(window.days_left for _place, window in due),
            "closes": formats.weekday_day(min(window.closes_on for _place, window in due), language),
            "places": list(_lines(due[:LISTED], language)),
            "more": max(len(due) - LISTED, 0),
            "needs_no_sign_in": settings.READING_LINKS,
            "all_url": settings.BASE_URL + reverse("web:readings_table" if len(due) > LISTED else "web:open_points"),
        }
    mail.send_now(
        to=user.email, template="notifications/mail/reading_due", context=context, language=user.language,
        message_id=message.public_id,
    )  # fmt: skip


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
