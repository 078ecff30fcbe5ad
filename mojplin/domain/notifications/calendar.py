"""What a person's own calendar shows by a private address: days to send readings, to pay, and ends of contracts."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import Document
from mojplin.domain.contracts.models import Contract
from mojplin.domain.linking.access import Place, documents_at, points_of_payers
from mojplin.domain.notifications.models import CalendarAddress


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day with the number of what it is about, and the page of it; no amounts, for calendars are seen by others."""

    on: date
    number: str
    public_id: str


def new_address(*, by: User, now: datetime) -> str:
    """Return the secret part of a new address of the person's calendar; the former one shows nothing from now on."""
    token = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(user=by, defaults={"token_hash": _hash(token), "made_at": now})
    return token


def turn_off(*, by: User) -> None:
    CalendarAddress.objects.filter(user=by).delete()


def made_at(user: User) -> datetime | None:
    """Return since when the person's calendar has its address; None: it has none."""
    return CalendarAddress.objects.filter(user=user).values_list("made_at", flat=True).first()


def owner_of(token: str) -> User | None:
    """Return whose calendar it is, or None: wrong, renewed, turned off, or the account is closed."""
    found = CalendarAddress.objects.select_related("user").filter(token_hash=_hash(token), user__is_active=True)
    address = found.filter(user__closing_asked_at=None).first()
    return address.user if address else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def due_dates(places: Sequence[Place], *, today: date) -> list[Deadline]:
    """Return what is to be paid from today on, where the person may pay, in one statement."""
    payable = documents_at([each for each in places if each.may_pay]).filter(open_eur__gt=0, due_on__gte=today)
    unpaid = payable.exclude(kind=Document.Kind.CREDIT_NOTE).order_by("due_on", "number")
    return _deadlines(unpaid.values_list("due_on", "number", "public_id"))


def ends_of_contracts(places: Sequence[Place], *, today: date) -> list[Deadline]:
    """Return the last days of the contracts of these places from today on, in one statement."""
    shown = Q(pk__in=())
    for payer_id, points in points_of_payers(places).items():
        shown |= Q(payer_id=payer_id, supply_point_id__in=points)
    ending = Contract.objects.filter(shown, ends_on__gte=today).order_by("ends_on", "number")
    return _deadlines(ending.values_list("ends_on", "number", "public_id"))


def _deadlines(rows: Iterable[tuple[date | None, str, str]]) -> list[Deadline]:
    return [Deadline(day, number, public_id) for day, number, public_id in rows if day]
