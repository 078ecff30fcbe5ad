"""Looking at a customer leaves a trace: each person concerned reads in their access log who looked, when and why."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, LookReason, User
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.office.asked import Asked
from mojplin.domain.office.search import Hit
from mojplin.domain.orders.day_sheet import Stop
from mojplin.foundation.errors import Refused

LOOK_HOLDS = timedelta(minutes=30)
What = AccessEvent.What


def note_found(hits: Iterable[Hit], *, by: User, now: datetime, ip: str | None) -> None:
    """Record whom a search has shown, once a day for each; a payer is everybody who sees that payer's things."""
    hits = list(hits)
    numbers = {hit.payer_number for hit in hits if hit.payer_number}
    accounts = {hit.user_id for hit in hits if hit.user_id}
    concerned: set[tuple[int | None, str]] = set(people_of(numbers)) if numbers else set()
    concerned |= {(None, number) for number in numbers - {number for _key, number in concerned}}
    if accounts:
        found = User.objects.filter(public_id__in=accounts).values_list("pk", flat=True)
        concerned |= {(key, "") for key in found}
    if concerned:
        access_log.record_new_today(what=What.OFFICE_SEARCHED, by=by, concerned=concerned, now=now, ip=ip)


def note_listed(
    *, users: Iterable[User] = (), payer_numbers: Iterable[str] = (), by: User, now: datetime, ip: str | None
) -> None:
    """Record whom a list of the office has shown, once a day for each: accounts, and payers of whom it names one."""
    numbers = set(payer_numbers)
    seen: set[tuple[int | None, str]] = set(people_of(numbers)) if numbers else set()
    nobodys = numbers - {number for _key, number in seen}
    concerned = {(user.pk, "") for user in users if user.erased_at is None} | seen | {(None, each) for each in nobodys}
    if concerned:
        access_log.record_new_today(what=What.OFFICE_LISTED, by=by, concerned=concerned, now=now, ip=ip)


def people_of(numbers: Iterable[str]) -> list[tuple[int, str]]:
    """Return the keys of the accounts that see these payers' things today, each with the payer's number."""
    links = Link.objects.filter(payer__number__in=list(numbers), ended_at=None, user__erased_at=None)
    return list(links.values_list("user_id", "payer__number").distinct())


class NoSuchReason(Refused):
    field = "why"
    message = _("Choose why you look.")


class WordsMissing(Refused):
    field = "words"
    message = _("Write why, in a few words: the customer may ask.")


def look_at_payer(*, number: str, why: str, words: str, by: User, now: datetime, ip: str | None) -> None:
    """Open a payer's data to somebody of the office for half an hour; everybody who sees the payer reads why.

    :raises NoSuchReason, WordsMissing: nothing is opened.
    """
    reason = reason_of_look(why, words)
    record_for_payer(number=number, what=What.OFFICE_VIEWED, by=by, reason=reason, ip=ip, now=now)


def look_at_account(*, user: User, why: str, words: str, by: User, now: datetime, ip: str | None) -> None:
    """Open an account to somebody of the office for half an hour; its owner reads why.

    :raises NoSuchReason, WordsMissing: nothing is opened.
    """
    reason = reason_of_look(why, words)
    access_log.record(whose=user, what=What.OFFICE_VIEWED, by=by, reason=reason, ip=ip, now=now)


def look_that_holds(*, by: User, now: datetime, payer_number: str = "", user: User | None = None) -> AccessEvent | None:
    """Return the latest look with a reason at this payer, or at this account, while its half hour lasts."""
    looks = AccessEvent.objects.filter(by=by, what=What.OFFICE_VIEWED, at__gt=now - LOOK_HOLDS).exclude(reason="")
    mine = looks.filter(payer_number=payer_number) if payer_number else looks.filter(whose=user, payer_number="")
    return mine.order_by("-at", "-pk").first()


def look_at_asked(*, asked: Asked, by: User, now: datetime, ip: str | None) -> None:
    """Record that somebody reads what a customer asked for; see `_look_at_sent`."""
    number = asked.payer.number if asked.payer else ""
    _look_at_sent(
        What.OFFICE_VIEWED_REQUEST, asked.thing.number, LookReason.ORDER, sent_by=asked.asked_by, number=number,
        by=by, now=now, ip=ip,
    )  # fmt: skip


def look_at_reading(*, reading: SubmittedReading, by: User, now: datetime, ip: str | None) -> None:
    """Record that somebody looks at a reading with what was used before; see `_look_at_sent`."""
    about = f"{reading.supply_point.number}, {reading.month:%Y-%m}"
    _look_at_sent(
        What.OFFICE_VIEWED_READING, about, LookReason.READING, sent_by=reading.submitted_by,
        number=reading.payer.number, by=by, now=now, ip=ip,
    )  # fmt: skip


def _look_at_sent(
    what: AccessEvent.What, about: str, reason: str, *, sent_by: User, number: str, by: User, now: datetime,
    ip: str | None,
) -> None:  # fmt: skip
    """Record a look at one thing a customer sent, once in half an hour; all who see the payer read of it.

    What was sent is its own reason, so nobody is asked for one; nothing else of the customer is opened by it.
    """
    known = AccessEvent.objects.filter(by=by, what=what, about=about, at__gt=now - LOOK_HOLDS)
    if known.exists():
        return
    people = {key for key, _number in people_of([number])} if number else set()
    for each in User.objects.filter(pk__in=people | {sent_by.pk}):
        access_log.record(whose=each, what=what, by=by, about=about, reason=reason, payer_number=number, ip=ip, now=now)


def look_at_stops(
    *, stops: Collection[Stop], day: date, why: str, words: str, by: User, now: datetime, ip: str | None
) -> None:
    """Record that a day's deliveries are printed, and why; everybody who gets one reads of it.

    :raises NoSuchReason, WordsMissing: nothing may be printed.
    """
    reason = reason_of_look(why, words)
    about = f"{day.isoformat()}, {len(stops)}"
    access_log.record(whose=None, what=What.OFFICE_PRINTED, by=by, about=about, reason=reason, now=now, ip=ip)
    concerned = {(stop.order.ordered_by_id, stop.payer_number) for stop in stops}
    if concerned:
        access_log.record_new_today(what=What.OFFICE_PRINTED, by=by, concerned=concerned, now=now, ip=ip)


def reason_of_look(why: str, words: str) -> str:
    """Return the reason as the log keeps it.

    :raises NoSuchReason, WordsMissing: none was given.
    """
    if why not in LookReason.values:
        raise NoSuchReason
    if why != LookReason.OTHER:
        return why
    written = " ".join(words.split())
    if not written:
        raise WordsMissing
    return written
