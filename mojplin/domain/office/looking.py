"""Looking at a customer leaves a trace: each person concerned reads in their access log who looked, when and why."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, LookReason, User
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.office.asked import Asked
from mojplin.domain.office.search import Hit
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
    reason = _reason_of(why, words)
    record_for_payer(number=number, what=What.OFFICE_VIEWED, by=by, reason=reason, ip=ip, now=now)


def look_at_account(*, user: User, why: str, words: str, by: User, now: datetime, ip: str | None) -> None:
    """Open an account to somebody of the office for half an hour; its owner reads why.

    :raises NoSuchReason, WordsMissing: nothing is opened.
    """
    reason = _reason_of(why, words)
    access_log.record(whose=user, what=What.OFFICE_VIEWED, by=by, reason=reason, ip=ip, now=now)


def look_that_holds(*, by: User, now: datetime, payer_number: str = "", user: User | None = None) -> AccessEvent | None:
    """Return the latest look with a reason at this payer, or at this account, while its half hour lasts."""
    looks = AccessEvent.objects.filter(by=by, what=What.OFFICE_VIEWED, at__gt=now - LOOK_HOLDS).exclude(reason="")
    mine = looks.filter(payer_number=payer_number) if payer_number else looks.filter(whose=user, payer_number="")
    return mine.order_by("-at", "-pk").first()


def look_at_asked(*, asked: Asked, by: User, now: datetime, ip: str | None) -> None:
    """Record that somebody reads what a customer sent, once in half an hour for each; all who see the payer read it.

    What was sent is its own reason, so nobody is asked for one; nothing else of the customer is opened by it.
    """
    number = asked.thing.number
    known = AccessEvent.objects.filter(by=by, what=What.OFFICE_VIEWED_REQUEST, about=number, at__gt=now - LOOK_HOLDS)
    if known.exists():
        return
    payer_number = asked.payer.number if asked.payer else ""
    people = {key for key, _number in people_of([payer_number])} if payer_number else set()
    for each in User.objects.filter(pk__in=people | {asked.asked_by.pk}):
        access_log.record(
            whose=each, what=What.OFFICE_VIEWED_REQUEST, by=by, about=number, reason=LookReason.ORDER,
            payer_number=payer_number, ip=ip, now=now,
        )  # fmt: skip


def _reason_of(why: str, words: str) -> str:
    if why not in LookReason.values:
        raise NoSuchReason
    if why != LookReason.OTHER:
        return why
    written = " ".join(words.split())
    if not written:
        raise WordsMissing
    return written
