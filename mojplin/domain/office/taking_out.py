"""Lists that the office takes out as a table: orders, requests, readings and enquiries of a time.

What leaves the portal is bounded, and stands in the log: with its reason for the office, and for everybody it is about.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.moving.models import MoveAnswer, MoveOut
from mojplin.domain.office.looking import reason_of_look
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.support.models import Enquiry
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused
from mojplin.foundation.spreadsheets import Cell, Column

MOST_ROWS, MOST_DAYS = 10_000, 366
PEOPLE_AT_ONCE = 500
WHAT = AccessEvent.What.OFFICE_TOOK_OUT


class NoSuchList(Refused):
    field = "what"
    message = gettext_lazy("Choose what you need.")


class TimeNotInOrder(Refused):
    field = "until"
    message = gettext_lazy("The last day is before the first.")


class TimeTooLong(Refused):
    field = "since"
    message = gettext_lazy("Choose at most a year.")


class TooManyRows(Refused):
    field = "since"
    message = gettext_lazy("That is more than %(most)s rows. Choose a shorter time.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A table that leaves the portal; `name` begins the name of its file."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Sequence[Cell]
    user_id: int
    payer_number: str


@dataclass(frozen=True, slots=True)
class _List:
    title: str | Promise
    columns: Callable[[], list[Column]]
    rows: Callable[[datetime, datetime], list[_Row]]


@transaction.atomic
def take_out(
    *, what: str, since: date, until: date, why: str, words: str, by: User, now: datetime, ip: str | None = None
) -> Taken:
    """Return a list of what customers sent from `since` to `until`, both included, and write down who took it and why.

    Everybody whose data is in it reads in their log that it was taken out, once a day.

    :param what: one of `LISTS`.
    :raises NoSuchList, TimeNotInOrder, TimeTooLong, TooManyRows, NoSuchReason, WordsMissing: nothing leaves.
    """
    wanted = LISTS.get(what)
    if wanted is None:
        raise NoSuchList
    if until < since:
        raise TimeNotInOrder
    if (until - since).days > MOST_DAYS:
        raise TimeTooLong
    reason = reason_of_look(why, words)
    rows = wanted.rows(_midnight(since), _midnight(until + timedelta(days=1)))
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=formats.number(MOST_ROWS, formats.active_language()))
    about = f"{what}, {since.isoformat()}/{until.isoformat()}, {len(rows)}"
    access_log.record(whose=None, what=WHAT, by=by, about=about, reason=reason, now=now, ip=ip)
    concerned = sorted({(each.user_id, each.payer_number) for each in rows})
    for start in range(0, len(concerned), PEOPLE_AT_ONCE):
        access_log.record_new_today(
            what=WHAT, by=by, concerned=concerned[start : start + PEOPLE_AT_ONCE], now=now, ip=ip
        )
    return Taken(what, str(wanted.title), wanted.columns(), [each.cells for each in rows])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _sent(rows: "QuerySet[Any]", at: str, since: datetime, until: datetime) -> Iterable[Any]:
    """Return what was sent in that time, the oldest first, and one more than may leave."""
    return rows.filter(**{f"{at}__gte": since, f"{at}__lt": until}).order_by(at, "pk")[: MOST_ROWS + 1]


def _texts(*headers: str) -> list[Column]:
    return [Column(header) for header in headers]


def _order_columns() -> list[Column]:
    return [
        *_texts(_("Number"), _("State"), _("Sent"), _("Payer number"), _("Name"), _("Supply point")),
        Column(_("Address"), width=40),
        *_texts(_("Phone"), _("What"), _("Wished from"), _("Wished until"), _("Planned from"), _("Planned until")),
        Column(_("Price with VAT (€)"), places=2),
        Column(_("Message for the driver"), width=40),
    ]


def _orders(since: datetime, until: datetime) -> list[_Row]:
    step = OrderStep.objects.filter(order_number=OuterRef("number"))
    planned = {
        "planned_from": Subquery(step.values("planned_from")), "planned_until": Subquery(step.values("planned_until"))
    }  # fmt: skip
    refills = GasOrder.objects.select_related("supply_point", "payer").annotate(**planned)
    cylinders = CylinderOrder.objects.prefetch_related("lines").annotate(**planned)
    language = formats.active_language()
    found = [
        (each, each.payer.number, each.payer.name, each.supply_point.number, each.supply_point.address,
         formats.litres(each.litres, language) if each.litres else _("fill up"), each.shown_eur)
        for each in _sent(refills, "ordered_at", since, until)
    ]  # fmt: skip
    found += [
        (each, "", each.name, "", each.address,
         ", ".join(f"{line.quantity} × {line.name}" for line in each.lines.all()), each.total_eur)
        for each in _sent(cylinders, "ordered_at", since, until)
    ]  # fmt: skip
    found.sort(key=lambda each: each[0].ordered_at)
    return [
        _Row(
            (each.number, each.get_state_display(), _local(each.ordered_at), payer, name, point, address, each.phone,
             ordered, each.wished_from, each.wished_until, each.planned_from, each.planned_until, price, each.note),
            each.ordered_by_id, payer,
        )
        for each, payer, name, point, address, ordered, price in found
    ]  # fmt: skip


def _request_columns() -> list[Column]:
    return [
        *_texts(_("Number"), _("Kind"), _("State"), _("Sent"), _("Payer number")),
        Column(_("Name"), width=30),
        *_texts(_("Contract"), _("Offer"), _("Answered")),
        Column(_("Amount (€)"), places=2),
        Column(_("Reason"), width=40),
    ]


def _requests(since: datetime, until: datetime) -> list[_Row]:
    said = RenewalAnswer.objects.filter(renewal_number=OuterRef("number"))
    renewals = Renewal.objects.select_related("contract__payer").annotate(
        answered_on=Subquery(said.values("answered_on")), reason=Subquery(said.values("reason"))
    )
    answer = RequestAnswer.objects.filter(number=OuterRef("number"))
    requests = PayerRequest.objects.select_related("payer").annotate(
        answered=Subquery(answer.values("state")), answered_on=Subquery(answer.values("answered_on")),
        reason=Subquery(answer.values("note")), at=F("asked_at"),
    )  # fmt: skip
    found = [
        (each.agreed_at, each, each.contract.payer, each.agreed_by_id, _("Contract renewal"),
         each.get_state_display(), each.contract.number, each.offer_number, None)
        for each in _sent(renewals, "agreed_at", since, until)
    ]  # fmt: skip
    found += [
        (each.asked_at, each, each.payer, each.asked_by_id, each.get_kind_display(), _state_of(each), "", "",
         each.amount_eur)
        for each in _sent(requests, "asked_at", since, until)
    ]  # fmt: skip
    said_of = MoveAnswer.objects.filter(number=OuterRef("number"))
    moves = MoveOut.objects.select_related("payer").annotate(
        answered_on=Subquery(said_of.values("answered_on")), reason=Subquery(said_of.values("note"))
    )
    found += [
        (each.announced_at, each, each.payer, each.given_by_id, _("Hand-over of a supply point"),
         each.get_state_display(), "", "", None)
        for each in _sent(moves, "announced_at", since, until)
    ]  # fmt: skip
    found.sort(key=lambda each: each[0])
    return [
        _Row(
            (each.number, kind, state, _local(at), payer.number, payer.name, contract, offer, each.answered_on, amount,
             each.reason or ""),
            user_id, payer.number,
        )
        for at, each, payer, user_id, kind, state, contract, offer, amount in found
    ]  # fmt: skip


def _state_of(request: Any) -> str:
    if request.ended_because:
        return str(request.get_ended_because_display())
    return str(RequestAnswer.State(request.answered).label) if request.answered else _("Waits")


def _reading_columns() -> list[Column]:
    return [
        *_texts(_("Supply point"), _("Payer number")),
        Column(_("Name"), width=30),
        *_texts(_("Meter"), _("Month"), _("Version")),
        Column(_("Counter (m³)"), places=3),
        *_texts(_("Read on"), _("Sent"), _("Came"), _("Mark")),
    ]


def _readings(since: datetime, until: datetime) -> list[_Row]:
    sent = SubmittedReading.objects.select_related("supply_point", "payer", "meter", "judgement")
    return [
        _Row(
            (each.supply_point.number, each.payer.number, each.payer.name, each.meter.number, f"{each.month:%Y-%m}",
             each.version, each.value_m3, each.read_on, _local(each.submitted_at), each.get_way_display(),
             _mark_of(each)),
            each.submitted_by_id, each.payer.number,
        )
        for each in _sent(sent, "submitted_at", since, until)
    ]  # fmt: skip


def _mark_of(reading: SubmittedReading) -> str:
    judgement = getattr(reading, "judgement", None)
    if judgement:
        return _("accepted by the office") if judgement.is_accepted else _("refused by the office")
    if reading.is_withdrawn:
        return _("taken back")
    if reading.is_informative:
        return _("for information")
    if not reading.holds:
        return _("corrected later")
    return _("confirmed as odd") if reading.is_odd else ""


def _enquiry_columns() -> list[Column]:
    return [
        *_texts(_("Number"), _("Kind"), pgettext("enquiry", "Topic"), _("State"), _("Sent"), _("Promised on")),
        *_texts(_("Assigned to")),
        *_texts(_("User"), _("Payer number"), _("Supply point")),
        Column(_("Message"), width=80),
    ]


def _enquiries(since: datetime, until: datetime) -> list[_Row]:
    sent = Enquiry.objects.with_first_words().select_related("sent_by", "assigned_to", "payer", "supply_point")
    return [
        _Row(
            (each.number, each.get_kind_display(), each.get_topic_display(), each.get_state_display(),
             _local(each.sent_at), each.promised_on, each.assigned_to.username if each.assigned_to else "",
             each.sent_by.username, each.payer.number if each.payer else "",
             each.supply_point.number if each.supply_point else "", each.first_words or ""),
            each.sent_by_id, each.payer.number if each.payer else "",
        )
        for each in _sent(sent, "sent_at", since, until)
    ]  # fmt: skip


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


LISTS = {
    "orders": _List(gettext_lazy("Orders of gas and cylinders"), _order_columns, _orders),
    "requests": _List(gettext_lazy("Renewals and requests"), _request_columns, _requests),
    "readings": _List(gettext_lazy("Readings that customers sent"), _reading_columns, _readings),
    "enquiries": _List(gettext_lazy("Enquiries"), _enquiry_columns, _enquiries),
}
