"""The job: every hour and after each feed it asks what is to be told and was not yet, and hands it over, each once.

A missed night heals itself, and of two jobs at once one tells: the rows of the people are held until the commit.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import NEWS
from mojplin.domain.notifications.daytime import is_daytime
from mojplin.domain.notifications.handing_over import hand_over
from mojplin.domain.notifications.kinds import Found, Kind, kind_of, kinds
from mojplin.domain.notifications.models import Rhythm, SentNotice
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message

PEOPLE_AT_ONCE = 200
"""People of one transaction: the statements of a batch do not depend on how many they are."""

Key = tuple[int, str, str]
"""User, topic, thing."""


@deliverer(NEWS)
def look_for_news(_message: Message) -> None:
    """Look at once: a feed was taken in, or the office answered."""
    tell_everyone(timezone.now())


@hourly
def tell_everyone(now: datetime) -> None:
    """Hand over all that is due; never within the quiet hours."""
    if not is_daytime(now):
        return
    due: dict[int, dict[Key, Found]] = {}
    for kind in kinds():
        for found in kind.find(now):
            due.setdefault(found.user_id, {}).setdefault((found.user_id, kind.topic.code, found.thing), found)
    people = sorted(due)
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        tell({each: due[each] for each in people[start : start + PEOPLE_AT_ONCE]}, now=now)


@transaction.atomic
def tell(due: dict[int, dict[Key, Found]], *, now: datetime) -> None:
    """Note what these people are told and hand it over; what another job told meanwhile is left out."""
    # Of two jobs at once, one after the other: the second finds what the first has noted.
    held = User.objects.select_for_update(no_key=True).filter(pk__in=due, is_active=True).order_by("pk")
    people = list(held.values_list("pk", flat=True))
    asked = {key: found for person in people for key, found in due[person].items()}
    noted = SentNotice.objects.filter(user__in=people, topic__in={topic for _user, topic, _thing in asked})
    told = set(noted.filter(thing__in={thing for *_rest, thing in asked}).values_list("user_id", "topic", "thing"))
    today = timezone.localdate(now)
    rhythms = Rhythm.objects.in_bulk(people)
    fresh = [
        SentNotice(user_id=user, topic=topic, thing=thing, about=found.about, link_id=found.link_id, sent_at=now)
        for (user, topic, thing), found in asked.items()
        if (user, topic, thing) not in told and may_come(kind_of(topic), rhythms.get(user), today)
    ]
    _note_rhythms(fresh, rhythms, today)
    hand_over(SentNotice.objects.bulk_create(fresh), gathered={user for user in rhythms if _is_gathered(rhythms[user])})


def may_come(kind: Kind | None, rhythm: Rhythm | None, today: date) -> bool:
    """Return whether a message of the kind may leave today, as often as its reader wants to be written to."""
    if kind is None or rhythm is None or not _is_gathered(rhythm) or kind.letter is None or kind.stands_alone:
        return True
    if rhythm.often == Rhythm.Often.WEEKLY and kind.waits_for_week:
        return rhythm.week_told_on is None or rhythm.week_told_on < _monday(today)
    return rhythm.told_on is None or rhythm.told_on < today


def _is_gathered(rhythm: Rhythm) -> bool:
    return rhythm.often != Rhythm.Often.AT_ONCE


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _note_rhythms(fresh: Iterable[SentNotice], rhythms: dict[int, Rhythm], today: date) -> None:
    """Note who had their mail of the day, and of the week."""
    of_week: set[int] = set()
    of_day: set[int] = set()
    for each in fresh:
        rhythm, kind = rhythms.get(each.user_id), kind_of(each.topic)
        if rhythm and kind and kind.letter and not kind.stands_alone:
            weekly = rhythm.often == Rhythm.Often.WEEKLY and kind.waits_for_week
            (of_week if weekly else of_day).add(each.user_id)
    if of_week:
        Rhythm.objects.filter(pk__in=of_week).update(week_told_on=today)
    if of_day:
        Rhythm.objects.filter(pk__in=of_day).update(told_on=today)
