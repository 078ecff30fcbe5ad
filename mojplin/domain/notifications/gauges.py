"""The reminder of each month to read the gauge of a tank, unless it was read or filled a short time ago."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.linking.access import in_force, places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.metering.models import GaugeReading
from mojplin.domain.notifications.kinds import Found, Kind, Letter, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.supply.models import Delivery, SupplyPoint
from mojplin.foundation import formats

TOPIC = Topic(
    code="gauge_due",
    label=_("Reminder to read the gauge of a tank"),
    hint=_("Once a month, unless it was read or filled in the last 20 days."),
)
LAST_DAY_OF_REMINDING = 7
"""From the first day of a month to this one, so that missed nights heal themselves."""
KNOWN_FOR = timedelta(days=20)
LISTED = 10
SENDING_ROLES = roles_that_may(Act.SUBMIT_READINGS)


def find(now: datetime) -> list[Found]:
    """Return who is to be reminded of which tank this month, in one statement."""
    today = timezone.localdate(now)
    if not settings.READING_REMINDERS or today.day > LAST_DAY_OF_REMINDING:
        return []
    here = {"supply_point": OuterRef("supply_point"), "payer": OuterRef("payer")}
    read = GaugeReading.objects.filter(**here, read_on__gt=today - KNOWN_FOR)
    filled = Delivery.objects.filter(**here, delivered_on__gt=today - KNOWN_FOR)
    links = Link.objects.filter(
        in_force(today), ~Exists(read), ~Exists(filled), role__in=SENDING_ROLES,
        supply_point__kind=SupplyPoint.Kind.BULK, supply_point__closed_on=None,
    )  # fmt: skip
    thing = Concat(Cast("pk", CharField()), Value(f":{today:%Y-%m}"), output_field=CharField())
    return to_tell(links.annotate(thing=thing, about=Value(""), place_link=F("pk")), TOPIC)


def letter(user: User, notices: Sequence[SentNotice], _language: formats.Language) -> Letter | None:
    """Return the mail of the tanks that the person still has."""
    links = {each.link_id for each in notices}
    tanks = [each for each in places_of(user.pk) if each.link_id in links]
    if not tanks:
        return None
    told = [
        {
            "place": each.name,
            "address": each.address,
            "url": f"{settings.BASE_URL}{reverse('web:gauge')}?place={each.public_id}",
        }
        for each in tanks[:LISTED]
    ]
    return Letter("notifications/mail/gauge_due", {"places": told, "more": max(len(tanks) - LISTED, 0)})


register_kind(
    Kind(topic=TOPIC, find=find, letter=letter, page="web:gauge", at=(SupplyPoint.Kind.BULK,), act=Act.SUBMIT_READINGS)
)
