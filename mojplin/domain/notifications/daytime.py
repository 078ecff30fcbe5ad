"""When messages that nobody waits for leave: never within the supplier's quiet hours, by the clock of Ljubljana."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def is_daytime(now: datetime) -> bool:
    """Return whether the quiet hours, from one hour of the evening to one of the morning, are over or still to come."""
    quiet_from, quiet_until = settings.QUIET_HOURS
    return bool(quiet_until <= timezone.localtime(now).hour < quiet_from)


def next_daytime(now: datetime) -> datetime:
    """Return when a message that nobody waits for leaves at the soonest: at once, or in the morning."""
    return now if is_daytime(now) else next_morning(now)


def next_morning(now: datetime) -> datetime:
    """Return when the quiet hours that hold `now` end."""
    quiet_from, quiet_until = settings.QUIET_HOURS
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=local.hour >= quiet_from)
    return timezone.make_aware(datetime.combine(day, time(quiet_until)))
