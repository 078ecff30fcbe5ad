"""The crisis notices as every page asks for them: each process remembers them for some seconds and asks no more.

What is published or taken back is seen at once by the process that did it, by the others within
`CRISIS_NOTICE_SECONDS`. While one thread asks anew, the others show what is remembered.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from threading import Lock

import structlog
from django.conf import settings
from django.db import Error
from django.utils import timezone

from mojplin.domain.publishing.models import CrisisNotice

log = structlog.get_logger(__name__)


class _Memory:
    def __init__(self) -> None:
        self.asking = Lock()
        self.forget()

    def forget(self) -> None:
        self.notices: Sequence[CrisisNotice] | None = None
        self.good_until = 0.0

    def remember(self, notices: Sequence[CrisisNotice]) -> None:
        self.notices, self.good_until = notices, time.monotonic() + settings.CRISIS_NOTICE_SECONDS

    def at_hand(self) -> Sequence[CrisisNotice]:
        return self.notices or ()

    def recall(self) -> Sequence[CrisisNotice]:
        notices = self.notices
        if notices is not None and time.monotonic() < self.good_until:
            return notices
        if not self.asking.acquire(blocking=notices is None):
            return notices or ()
        try:
            notices = _asked()
        except Error:  # a page that needs no database is shown without one
            log.warning("crisis_notices_unknown", exc_info=True)
        finally:
            self.remember(notices or ())
            self.asking.release()
        return notices or ()


_memory = _Memory()


def _asked() -> list[CrisisNotice]:
    return list(CrisisNotice.objects.not_over(timezone.now()).order_by("-starts_at", "-pk"))


def forget() -> None:
    """Ask the database at the next page."""
    _memory.forget()


def notices_for(municipalities: Collection[str], now: datetime) -> list[CrisisNotice]:
    """Return the notices to show now to somebody with places there; without any, those for everybody.

    The newest stands first.
    """
    return _of(_memory.recall(), municipalities, now)


def notices_at_hand(now: datetime) -> list[CrisisNotice]:
    """Return the notices for everybody that this process remembers; the database, which may be gone, is not asked."""
    return _of(_memory.at_hand(), (), now)


def running_notices(now: datetime) -> list[CrisisNotice]:
    """Return every notice that somebody sees now, the newest first."""
    return [each for each in _memory.recall() if each.starts_at <= now < each.ends_at]


def _of(known: Sequence[CrisisNotice], municipalities: Collection[str], now: datetime) -> list[CrisisNotice]:
    return [
        each
        for each in known
        if each.starts_at <= now < each.ends_at
        and (not each.municipalities or not set(each.municipalities).isdisjoint(municipalities))
    ]


def any_local() -> bool:
    """Return whether a notice that is not for everybody is known, running or to come."""
    return any(each.municipalities for each in _memory.recall())
