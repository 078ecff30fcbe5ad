"""What a person chooses about messages beside their kinds: exceptions at single places, and how often."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.notices import stop_topics, unwanted
from mojplin.domain.linking.access import Place
from mojplin.domain.notifications.kinds import kinds_about
from mojplin.domain.notifications.models import PlaceChoice, Rhythm

ALL_KINDS = ""
"""The topic of a choice that is about all kinds at once."""

Exceptions = Mapping[int, Mapping[str, bool]]
"""By the key of the link: what was chosen there, by topic."""


def exceptions_of(user: User) -> dict[int, dict[str, bool]]:
    """Return what the person chose otherwise at single places, in one statement."""
    chosen: dict[int, dict[str, bool]] = {}
    rows = PlaceChoice.objects.filter(link__user=user, link__ended_at=None).order_by("pk")
    for link_id, topic, is_wanted in rows.values_list("link_id", "topic", "is_wanted"):
        chosen.setdefault(link_id, {})[topic] = is_wanted
    return chosen


def wanted_at(place: Place, *, in_general_not: Collection[str], exceptions: Exceptions) -> set[str]:
    """Return the kinds of messages that come about the place.

    :param in_general_not: `unwanted` of the person.
    """
    here = exceptions.get(place.link_id, {})
    none = ALL_KINDS in here
    codes = [each.topic.code for each in kinds_about(place)]
    return {code for code in codes if here.get(code, not none and code not in in_general_not)}


def often_of(user: User) -> str:
    return Rhythm.objects.filter(user=user).values_list("often", flat=True).first() or Rhythm.Often.AT_ONCE


def choose_rhythm(often: str, *, by: User) -> None:
    """Keep how often messages come; an unknown `often` leaves it as it was."""
    if often in Rhythm.Often.values:
        Rhythm.objects.update_or_create(user=by, defaults={"often": often})


@transaction.atomic
def choose_at(
    places: Iterable[Place], *, wanted: Collection[str] | None, by: User, now: datetime, ip: str | None
) -> None:
    """Keep which messages come about these places of the person; only what differs from the general choice is kept.

    :param wanted: topics; none of them: nothing comes about the places, whatever kinds there will be. None: they
        follow the general choice.
    """
    held, in_general_not = list(places), unwanted(by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # or of two at once both would write
    former = PlaceChoice.objects.filter(link__in=[each.link_id for each in held])
    before = set(former.values_list("link_id", "topic", "is_wanted"))
    chosen = {
        (place.link_id, topic, is_wanted)
        for place in held
        for topic, is_wanted in _differing(place, wanted, in_general_not).items()
    }
    if chosen == before:
        return
    former.delete()
    PlaceChoice.objects.bulk_create(
        [PlaceChoice(link_id=link, topic=topic, is_wanted=is_wanted) for link, topic, is_wanted in sorted(chosen)],
        batch_size=500,
    )
    about = held[0].name if len(held) == 1 else ""
    access_log.record(whose=by, what=AccessEvent.What.NOTICES_CHANGED, by=by, about=about, now=now, ip=ip)


def _differing(place: Place, wanted: Collection[str] | None, in_general_not: Collection[str]) -> dict[str, bool]:
    if wanted is None:
        return {}
    codes = [each.topic.code for each in kinds_about(place)]
    if not any(code in wanted for code in codes):
        return {ALL_KINDS: False}
    return {code: code in wanted for code in codes if (code in wanted) == (code in in_general_not)}


@transaction.atomic
def stop_kinds(codes: Collection[str], *, of: User, now: datetime, ip: str | None) -> None:
    """Turn kinds of messages off by the link of a mail, at every place: one click stops them."""
    stopped = [each.code for each in stop_topics(codes, of=of, now=now, ip=ip)]
    PlaceChoice.objects.filter(link__user=of, topic__in=stopped, is_wanted=True).delete()
