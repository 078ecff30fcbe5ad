"""Publishing a crisis notice and taking it back; both are in the access log, both are seen within seconds."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.publishing import running
from mojplin.domain.publishing.models import CrisisNotice, NoticeLevel
from mojplin.foundation.errors import Refused

LONGEST = timedelta(days=31)
"""What is forgotten ends by itself."""


class NoticeOver(Refused):
    field = "ends_at"
    message = _("The notice must end after it begins, and later than now.")


class NoticeTooLong(Refused):
    field = "ends_at"
    message = _("A notice runs for 31 days at most. What holds longer belongs on a page.")


class NobodyConcerned(Refused):
    field = "municipalities"
    message = _("Choose at least one municipality, or everybody.")


class AlreadyTakenBack(Refused):
    message = _("The notice is over or was already taken back.")


def begins_at(starts_at: datetime | None, now: datetime) -> datetime:
    """Return when a notice begins: a moment that has passed, or none, means at once."""
    return max(starts_at, now) if starts_at else now


def check_notice(
    *, starts_at: datetime | None, ends_at: datetime, municipalities: Collection[str], is_for_all: bool, now: datetime
) -> None:
    """Refuse a notice that could not be shown as it is written.

    :raises NoticeOver: its end is not after its beginning.
    :raises NoticeTooLong: it would run for more than 31 days.
    :raises NobodyConcerned: it is for municipalities and names none.
    """
    if ends_at <= begins_at(starts_at, now):
        raise NoticeOver
    if ends_at - begins_at(starts_at, now) > LONGEST:
        raise NoticeTooLong
    if not (is_for_all or municipalities):
        raise NobodyConcerned


@transaction.atomic
def publish_notice(
    *,
    level: str,
    titles: tuple[str, str],
    texts: tuple[str, str],
    municipalities: Collection[str],
    is_for_all: bool,
    starts_at: datetime | None,
    ends_at: datetime,
    by: User,
    now: datetime,
    ip: str | None,
) -> CrisisNotice:
    """Publish a notice; it is shown from `starts_at` (None: at once) until `ends_at`.

    :param titles: Slovene and English, as `texts`.
    :raises Refused: as `check_notice`.
    """
    check_notice(starts_at=starts_at, ends_at=ends_at, municipalities=municipalities, is_for_all=is_for_all, now=now)
    notice = CrisisNotice.objects.create(
        level=NoticeLevel(level),
        municipalities=[] if is_for_all else sorted(set(municipalities)),
        title_sl=titles[0],
        title_en=titles[1],
        text_sl=texts[0],
        text_en=texts[1],
        starts_at=begins_at(starts_at, now),
        ends_at=ends_at,
        published_at=now,
        published_by=by,
    )
    what = AccessEvent.What.CRISIS_NOTICE_PUBLISHED
    access_log.record(whose=None, what=what, by=by, about=notice.title_sl, now=now, ip=ip)
    transaction.on_commit(running.forget)
    return notice


@transaction.atomic
def take_back_notice(*, public_id: str, by: User, now: datetime, ip: str | None) -> CrisisNotice:
    """Stop showing a notice, at once and for good.

    :raises AlreadyTakenBack: it is not shown any more, or never was.
    """
    mine = CrisisNotice.objects.not_over(now).filter(public_id=public_id)
    if not mine.update(taken_back_at=now, taken_back_by=by):
        raise AlreadyTakenBack
    notice = CrisisNotice.objects.get(public_id=public_id)
    what = AccessEvent.What.CRISIS_NOTICE_TAKEN_BACK
    access_log.record(whose=None, what=what, by=by, about=notice.title_sl, now=now, ip=ip)
    transaction.on_commit(running.forget)
    return notice
