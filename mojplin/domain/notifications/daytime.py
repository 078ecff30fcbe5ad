"""When mails that nobody waits for are posted: never at night."""

from datetime import datetime

from django.utils import timezone

FIRST_HOUR, LAST_HOUR = 8, 19


def is_daytime(now: datetime) -> bool:
    return FIRST_HOUR <= timezone.localtime(now).hour <= LAST_HOUR
