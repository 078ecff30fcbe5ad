"""What a person chooses about messages beside their kinds: about which places, and how often."""

from collections.abc import Collection, Iterable

from django.db import transaction

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.access import Place
from mojplin.domain.notifications.kinds import kind_of
from mojplin.domain.notifications.models import QuietPlace, Rhythm, SentNotice

SHOWN = 100


def quiet_places(places: Iterable[Place]) -> set[int]:
    """Return the keys of the links about which their user wants no messages."""
    links = [each.link_id for each in places]
    return set(QuietPlace.objects.filter(link__in=links).values_list("link_id", flat=True))


def often_of(user: User) -> str:
    return Rhythm.objects.filter(user=user).values_list("often", flat=True).first() or Rhythm.Often.AT_ONCE


@transaction.atomic
def choose_places_and_rhythm(*, places: Iterable[Place], wanted: Collection[str], often: str, by: User) -> None:
    """Keep about which of these places messages come, and how often; an unknown `often` leaves it as it was.

    :param places: the person's own, of those that stood on the page.
    :param wanted: public ids of those about which messages come.
    """
    held = list(places)
    QuietPlace.objects.filter(link__in=[each.link_id for each in held if each.public_id in wanted]).delete()
    quiet = [QuietPlace(link_id=each.link_id) for each in held if each.public_id not in wanted]
    QuietPlace.objects.bulk_create(quiet, ignore_conflicts=True)
    if often in Rhythm.Often.values:
        Rhythm.objects.update_or_create(user=by, defaults={"often": often})


def newest_sent(user: User) -> list[SentNotice]:
    """Return the reminders and news that were sent last, newest first, with their places, in one statement."""
    sent = SentNotice.objects.filter(user=user).select_related("link").order_by("-sent_at", "-pk")
    return [each for each in sent[:SHOWN] if kind_of(each.topic)]
