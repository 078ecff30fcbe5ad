"""What customers ask for and somebody has to answer: refills, cylinders, renewals, how a payer pays, hand-overs.

Five tables in one list, oldest first, read page by page from where the last one ended: one statement for each table.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.domain.moving.models import MoveAnswer, MoveOut
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.supply.models import Payer

ROWS = 50
LARGEST_KEY, LONGEST_MARK = 2**63 - 1, 60
Thing = GasOrder | CylinderOrder | Renewal | PayerRequest | MoveOut
State = Literal["waiting", "planned", "done"]
STATES: dict[str, Any] = {"waiting": _("Waiting for an answer"), "planned": _("Planned"), "done": _("Done")}
KINDS: dict[str, Any] = {
    "refill": _("Tank refill"),
    "cylinders": _("Cylinders"),
    "renewal": _("Contract renewal"),
    "invoices": _("How invoices come"),
    "direct_debit": _("Direct debit"),
    "instalments": _("Payment in instalments"),
    "move": _("Hand-over of a supply point"),
}
AGES_DAYS = (1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a customer sent. `answer` is the supplier's, where one was asked for."""

    kind: str
    at: datetime
    thing: Any
    answer: OrderStep | RenewalAnswer | RequestAnswer | MoveAnswer | None = None

    @property
    def state(self) -> State:
        if isinstance(self.thing, PayerRequest):
            return "done" if self.thing.ended_at or vars(self.thing).get("answered") else "waiting"
        if isinstance(self.thing, MoveOut):
            return "waiting" if self.thing.is_open else "done"
        state = self.thing.state
        if state == GasOrder.State.PLANNED:
            return "planned"
        return "waiting" if state in (GasOrder.State.RECEIVED, Renewal.State.SENT) else "done"

    @property
    def reason(self) -> str:
        """Return what the supplier says of it to the customer."""
        if self.answer is None:
            return ""
        return self.answer.note if isinstance(self.answer, RequestAnswer | MoveAnswer) else self.answer.reason

    @property
    def payer(self) -> Payer | None:
        """Return whose it is at the supplier; cylinders are of an account alone."""
        if isinstance(self.thing, Renewal):
            return self.thing.contract.payer
        return None if isinstance(self.thing, CylinderOrder) else self.thing.payer

    @property
    def asked_by(self) -> Any:
        name = {PayerRequest: "asked_by", Renewal: "agreed_by", MoveOut: "given_by"}.get(type(self.thing), "ordered_by")
        return getattr(self.thing, name)


@dataclass(frozen=True, slots=True)
class _Source:
    kinds: tuple[str, ...]
    model: Any
    letter: str
    """With which its numbers begin."""
    at: str
    of_state: dict[str, Q]
    joined: tuple[str, ...]


_ORDER_STATES = {
    "waiting": Q(state=GasOrder.State.RECEIVED),
    "planned": Q(state=GasOrder.State.PLANNED),
    "done": Q(state__in=(GasOrder.State.DELIVERED, GasOrder.State.CANCELLED)),
}
_ANSWERED = Exists(RequestAnswer.objects.filter(number=OuterRef("number")))
_SOURCES = (
    _Source(("refill",), GasOrder, "N", "ordered_at", _ORDER_STATES, ("supply_point", "payer", "ordered_by")),
    _Source(("cylinders",), CylinderOrder, "J", "ordered_at", _ORDER_STATES, ("ordered_by",)),
    _Source(
        ("renewal",), Renewal, "PO", "agreed_at",
        {"waiting": Q(state=Renewal.State.SENT), "done": ~Q(state=Renewal.State.SENT)},
        ("contract__supply_point", "contract__payer", "agreed_by"),
    ),
    _Source(
        ("invoices", "direct_debit", "instalments"), PayerRequest, "Z", "asked_at",
        {"waiting": Q(~_ANSWERED, ended_at=None), "done": Q(_ANSWERED) | Q(ended_at__isnull=False)},
        ("payer", "asked_by"),
    ),
    _Source(
        ("move",), MoveOut, "S", "announced_at",
        {"waiting": Q(settled_at=None), "done": Q(settled_at__isnull=False)},
        ("supply_point", "payer", "given_by", "meter"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of the list ended."""

    at: datetime
    source: int
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.key}"


def mark_from(text: str) -> Mark | None:
    """Read where a page ended; anything else begins at the oldest."""
    instant, _sign, rest = text[:LONGEST_MARK].partition("~")
    source, _sign, key = rest.partition("~")
    try:
        mark = Mark(datetime.fromisoformat(instant).astimezone(UTC), int(source), int(key))
    except (ValueError, OverflowError):
        return None
    return mark if 0 <= mark.key <= LARGEST_KEY and 0 <= mark.source < len(_SOURCES) else None


def asked_for(
    *, kinds: Collection[str], state: str, older_than_days: int, after: Mark | None, now: datetime
) -> tuple[list[Asked], Mark | None]:
    """Return a page of what was asked for, oldest first, and where the next one begins (None: it is the last).

    :param kinds: of `KINDS`; `state`: of `STATES`, or "" for all; `older_than_days`: 0 for all.
    """
    before = now - timedelta(days=older_than_days)
    found: list[tuple[datetime, int, int, Asked]] = []
    for place, source in enumerate(_SOURCES):
        wanted = [kind for kind in source.kinds if kind in kinds]
        if wanted and (not state or state in source.of_state):
            rows = _rows(source, wanted).filter(source.of_state.get(state, Q()), **{f"{source.at}__lte": before})
            rows = rows.filter(_after(source, place, after)).order_by(source.at, "pk")
            found += [
                (at, place, each.pk, Asked(_kind(each), at, each))
                for each in rows[: ROWS + 1]
                for at in [getattr(each, source.at)]
            ]
    found.sort(key=lambda each: each[:3])
    shown = list(islice(found, ROWS))
    end = Mark(*shown[-1][:3]) if len(found) > ROWS else None
    return [each for *_key, each in shown], end


def newest_of_payer(payer: Payer, count: int) -> list[Asked]:
    """Return a payer's newest renewals, requests and hand-overs, in three statements; refills are among the orders."""
    _refills, _cylinders, renewals, requests, moves = _SOURCES
    sent = ((renewals, Q(contract__payer=payer)), (requests, Q(payer=payer)), (moves, Q(payer=payer)))
    return _newest(sent, count)


def newest_of_account(user: User, count: int) -> list[Asked]:
    """Return the newest cylinders, renewals, requests and hand-overs that somebody sent, in four statements."""
    _refills, cylinders, renewals, requests, moves = _SOURCES
    sent = (
        (cylinders, Q(ordered_by=user)), (renewals, Q(agreed_by=user)), (requests, Q(asked_by=user)),
        (moves, Q(given_by=user)),
    )  # fmt: skip
    return _newest(sent, count)


def _newest(wanted: Iterable[tuple[_Source, Q]], count: int) -> list[Asked]:
    found = [
        Asked(_kind(each), getattr(each, source.at), each)
        for source, whose in wanted
        for each in _rows(source, source.kinds).filter(whose).order_by(f"-{source.at}", "-pk")[:count]
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:count]


def asked_numbered(number: str) -> Asked | None:
    """Return the one thing with that number, with its answer."""
    source = next((each for each in _SOURCES if number.startswith(f"{each.letter}-")), None)
    thing = _rows(source, source.kinds).filter(number=number).first() if source else None
    if source is None or thing is None:
        return None
    answers: QuerySet[Any]
    if source.model is PayerRequest:
        answers = RequestAnswer.objects.filter(number=number)
    elif source.model is MoveOut:
        answers = MoveAnswer.objects.filter(number=number)
    elif source.model is Renewal:
        answers = RenewalAnswer.objects.filter(renewal_number=number)
    else:
        answers = OrderStep.objects.filter(order_number=number)
    answer = answers.select_related("answered_by").first()
    return Asked(_kind(thing), getattr(thing, source.at), thing, answer)


def _rows(source: _Source, kinds: Collection[str]) -> "QuerySet[Any]":
    rows: QuerySet[Any] = source.model.objects.select_related(*source.joined)
    if source.model is PayerRequest:
        answer = RequestAnswer.objects.filter(number=OuterRef("number")).values("state")
        rows = rows.filter(family__in=kinds).annotate(answered=Subquery(answer))
    return rows


def _kind(thing: Thing) -> str:
    if isinstance(thing, PayerRequest):
        return thing.family
    return {GasOrder: "refill", CylinderOrder: "cylinders", Renewal: "renewal", MoveOut: "move"}[type(thing)]


def _after(source: _Source, place: int, mark: Mark | None) -> Q:
    if mark is None:
        return Q()
    later = Q(**{f"{source.at}__gt": mark.at})
    if place < mark.source:
        return later
    same = Q(**{source.at: mark.at})
    return later | (same & Q(pk__gt=mark.key) if place == mark.source else same)
