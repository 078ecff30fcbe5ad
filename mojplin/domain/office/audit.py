"""The whole access log, for administrators: who did what, to whom, when and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.supply.models import Payer
from mojplin.foundation.errors import Refused

OFFICE = [User.Role.READER, User.Role.CLERK, User.Role.ADMIN]


class NobodyOfThatName(Refused):
    field = "by"
    message = _("There is nobody with this username or e-mail address.")


class NoSuchCustomer(Refused):
    field = "customer"
    message = _("There is no account with this username or e-mail address, and no payer with this number.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events are wanted; what is empty does not choose."""

    by: str = ""
    """Username or e-mail address of whoever did it."""
    customer: str = ""
    """Username or e-mail address of an account, or a payer's number."""
    what: str = ""
    from_on: date | None = None
    until_on: date | None = None
    is_everybody: bool = False
    """Also what customers did themselves and the portal by its clock, not the office alone."""


def events(asked: Wanted, *, before: tuple[datetime, int] | None, count: int) -> list[AccessEvent]:
    """Return the events that are wanted, newest first, `count` of them.

    :param before: instant and key of the last event already shown.
    :raises NobodyOfThatName, NoSuchCustomer: nobody is meant.
    """
    wanted = AccessEvent.objects.select_related("by", "whose")
    if asked.by:
        wanted = wanted.filter(by=_user(asked.by, NobodyOfThatName))
    if asked.customer:
        wanted = wanted.filter(_of_customer(asked.customer))
    if asked.what:
        wanted = wanted.filter(what=asked.what)
    if not asked.is_everybody:
        wanted = wanted.filter(by_role__in=OFFICE)
    wanted = _between(wanted, asked.from_on, asked.until_on)
    if before:
        at, key = before
        wanted = wanted.filter(at__lte=at).exclude(at=at, id__gte=key)
    return list(wanted.order_by("-at", "-id")[:count])


def note_read(shown: Collection[AccessEvent], *, by: User, now: datetime, ip: str | None) -> None:
    """Tell the customers whose events somebody of the office has read, once a day for each."""
    concerned = {
        (each.whose_id, "") for each in shown if each.whose and not (each.whose.is_staff or each.whose.erased_at)
    }
    of_nobody = {(None, each.payer_number) for each in shown if each.whose is None and each.payer_number}
    if concerned or of_nobody:
        what = AccessEvent.What.OFFICE_READ_LOG
        access_log.record_new_today(what=what, by=by, concerned=concerned | of_nobody, now=now, ip=ip)


def _user(name: str, refusal: type[Refused]) -> User:
    """Return whoever has that name, also one who has left the office or closed the account."""
    folded = name.casefold()
    found = User.objects.filter(Q(username_key=folded) | Q(email=folded)).first()
    if found is None:
        raise refusal
    return found


def _of_customer(name: str) -> Q:
    if Payer.objects.filter(number=name).exists():
        return Q(payer_number=name)
    return Q(whose=_user(name, NoSuchCustomer))


def _between(wanted: "QuerySet[AccessEvent]", first: date | None, last: date | None) -> "QuerySet[AccessEvent]":
    """Keep the events of these days in Ljubljana, both included."""
    if first:
        wanted = wanted.filter(at__gte=timezone.make_aware(datetime.combine(first, time.min)))
    if last:
        wanted = wanted.filter(at__lt=timezone.make_aware(datetime.combine(last, time.min)) + timedelta(days=1))
    return wanted
