"""The link of a reminder by which one reading can be sent without signing in: write-only, for one place and month.

It is good as long as the link of the user to the place lets them send readings, and until the window of the month
closes. It is signed, not stored: what it opens is decided anew each time.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core import signing

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.access import Place, places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.window import ReadingWindow, reading_window

SALT = "reading of one place and month"


@dataclass(frozen=True, slots=True)
class OpenedReading:
    """Whose reading of which place may be sent now."""

    user: User
    place: Place
    window: ReadingWindow


def reading_link_token(link_id: int, month: date) -> str:
    """Return the secret part of the address; only a mail that is being sent may hold it."""
    return signing.dumps([link_id, month.isoformat()], salt=SALT)


def opened_reading(token: str, *, today: date) -> OpenedReading | None:
    """Return what the token opens today, in two statements, or None: forged, over, ended, or switched off."""
    if not settings.READING_LINKS:
        return None
    try:
        link_id, month = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, UnicodeError):
        return None
    link = Link.objects.select_related("user").filter(pk=link_id, ended_at=None).first()
    if link is None or not link.user.is_active or link.user.closing_asked_at is not None:
        return None
    place = next((each for each in places_of(link.user_id) if each.link_id == link_id), None)
    if place is None or not place.has_meter or not place.may_submit_readings:
        return None
    window = reading_window(today, place.window_days)
    if not window.is_open or window.month.isoformat() != month:
        return None
    return OpenedReading(link.user, place, window)
