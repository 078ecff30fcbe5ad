"""Looking at a customer leaves a trace: each person concerned reads in their access log who looked, when and why."""

from collections.abc import Iterable
from datetime import datetime

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking.models import Link
from mojplin.domain.office.search import Hit

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
