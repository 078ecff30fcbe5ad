"""The access log: who looked at a person's data or changed it, the supplier's staff included.

How to use it, from any room or door, inside the transaction of what it tells about::

    from mojplin.domain.accounts import access_log
    from mojplin.domain.accounts.models import AccessEvent

    access_log.record(whose=user, what=AccessEvent.What.PASSWORD_CHANGED, by=user, now=now)
    access_log.record(whose=customer, what=AccessEvent.What.OFFICE_VIEWED, by=clerk, about=payer.number, now=now, ip=ip)

* Record what was done, once for each act; a look counts as an act when it is a look at somebody else's data.
* `whose` is the person whose data it is. An act on something that two persons share is recorded for each of them; one
  that concerns nobody's account (a payer no account shows, a feed that was taken in) is recorded once, for None.
* `payer_number` says whose data at the supplier it was, so that "who looked at this payer" has an answer.
* `about` says which thing in a few words its owner knows. Never another person's name, address or number, no secret.
* A new kind of event is a line of `AccessEvent.What` with its text; the page and the export read it from there.
"""

import calendar
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import AccessEvent, LookReason, User
from mojplin.domain.accounts.models.own_data import KEEP_EVENTS_MONTHS

ABOUT_MAX = 200


def record(
    *,
    whose: User | None,
    what: AccessEvent.What,
    by: User | None,
    now: datetime,
    about: str = "",
    reason: str = "",
    payer_number: str = "",
    ip: str | None = None,
) -> None:
    """Write one event into the caller's transaction; nothing can change it afterwards.

    :param by: who did it: the person, another user, someone of the office; None for the portal's own clock.
    :param about: which thing, cut at 200 characters.
    :param reason: why somebody of the office did it, cut at 200 characters.
    """
    AccessEvent.objects.create(
        whose=whose, what=what, by=by, by_role=by.role if by else "", about=about[:ABOUT_MAX],
        reason=reason[:ABOUT_MAX], payer_number=payer_number, ip=ip, at=now,
    )  # fmt: skip


def record_new_today(
    *, what: AccessEvent.What, by: User, concerned: Collection[tuple[int | None, str]], now: datetime, ip: str | None
) -> None:
    """Write an event for each of these, unless the same person has done the same to them since midnight.

    For looks that come in bunches, as when somebody types into a search field: once a day tells the same.

    :param concerned: key of the account (None: no account shows it) and the number of the payer, or "".
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    people = {key for key, _number in concerned if key}
    numbers = {number for _key, number in concerned if number}
    known = AccessEvent.objects.filter(Q(whose__in=people) | Q(payer_number__in=numbers), by=by, what=what)
    seen = set(known.filter(at__gte=midnight).values_list("whose_id", "payer_number"))
    AccessEvent.objects.bulk_create(
        AccessEvent(whose_id=key, what=what, by=by, by_role=by.role, payer_number=number, ip=ip, at=now)
        for key, number in sorted(set(concerned) - seen, key=str)
    )


def events_of(whose: User, *, before: tuple[datetime, int] | None, count: int) -> list[AccessEvent]:
    """Return the person's events, newest first, `count` of them.

    :param before: instant and key of the last event already shown.
    """
    events = AccessEvent.objects.filter(whose=whose).order_by("-at", "-id")
    if before:
        at, key = before
        events = events.filter(at__lte=at).exclude(at=at, id__gte=key)
    return list(events[:count])


def described(event: AccessEvent) -> str:
    """Return what happened in the language of the page."""
    known = event.what in AccessEvent.What.values
    return str(AccessEvent.What(event.what).label) if known else str(_("Your data was looked at or changed"))


def about_told(event: AccessEvent) -> str:
    """Return which thing it was, in the language of the page: a role by its name, accepted terms by their version."""
    if event.what == AccessEvent.What.TERMS_ACCEPTED:
        return gettext("Version %(version)s") % {"version": event.about} if event.about else ""
    before, colon, last = event.about.rpartition(": ")
    gives_role = event.what in (AccessEvent.What.ROLE_CHANGED, AccessEvent.What.STAFF_INVITED)
    return f"{before}{colon}{User.Role(last).label}" if gives_role and last in User.Role.values else event.about


def reason_told(event: AccessEvent) -> str:
    """Return why it was done, in the language of the page; empty where nobody had to say."""
    return str(LookReason(event.reason).label) if event.reason in LookReason.values else event.reason


def forget_names(whose: User) -> None:
    """Empty what could tell who an erased person was; the one change of an event that the database allows."""
    AccessEvent.objects.filter(whose=whose).update(about="", reason="", ip=None)
    AccessEvent.objects.filter(by=whose).update(ip=None)


def forget_old(now: datetime) -> None:
    """Delete the events whose 24 months are over."""
    AccessEvent.objects.filter(at__lt=months_before(now, KEEP_EVENTS_MONTHS)).delete()


def months_before(now: datetime, months: int) -> datetime:
    """Return the same day and time so many months earlier, or the last day of that month when it is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))
