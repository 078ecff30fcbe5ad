"""What customers ask for and somebody has to answer: refills, cylinders, renewals, how a payer pays, hand-overs.

Five tables in one list, oldest first, read page by page from where the last one ended: one statement for each table.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import attrgetter
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A table of what customers send, and by which names its columns are known."""

    kinds: tuple[str, ...]
    model: Any
    letter: str
    """With which its numbers begin."""
    at: str
    by: str
    payer: str
    """The way to whose it is at the supplier; empty: cylinders are of an account alone."""
    of_state: dict[str, Q]
    joined: tuple[str, ...]
    answers: Any
    answers_number: str
    words: str
    """What the supplier says of it to the customer, in its answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a customer sent. `answer` is the supplier's, where one was asked for."""

    source: _Source
    thing: Any
    answer: OrderStep | RenewalAnswer | RequestAnswer | MoveAnswer | None = None

    @property
    def kind(self) -> str:
        return str(self.thing.family) if self.source.model is PayerRequest else self.source.kinds[0]

    @property
    def at(self) -> datetime:
        sent_at: datetime = getattr(self.thing, self.source.at)
        return sent_at

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
        return str(getattr(self.answer, self.source.words)) if self.answer else ""

    @property
    def payer(self) -> Payer | None:
        """Return whose it is at the supplier; cylinders are of an account alone."""
        if not self.source.payer:
            return None
        payer: Payer = attrgetter(self.source.payer.replace("__", "."))(self.thing)
        return payer

    @property
    def asked_by(self) -> Any:
        return getattr(self.thing, self.source.by)


_OF_ORDERS: dict[str, Any] = {
    "at": "ordered_at", "by": "ordered_by", "answers": OrderStep, "answers_number": "order_number", "words": "reason",
    "of_state": {
        "waiting": Q(state=GasOrder.State.RECEIVED),
        "planned": Q(state=GasOrder.State.PLANNED),
        "done": Q(state__in=(GasOrder.State.DELIVERED, GasOrder.State.CANCELLED)),
    },
}  # fmt: skip
_ANSWERED = Exists(RequestAnswer.objects.filter(number=OuterRef("number")))
_SOURCES = (
    _Source(
        kinds=("refill",), model=GasOrder, letter="N", payer="payer",
        joined=("supply_point", "payer", "ordered_by"), **_OF_ORDERS,
    ),
    _Source(kinds=("cylinders",), model=CylinderOrder, letter="J", payer="", joined=("ordered_by",), **_OF_ORDERS),
    _Source(
        kinds=("renewal",), model=Renewal, letter="PO", at="agreed_at", by="agreed_by", payer="contract__payer",
        of_state={"waiting": Q(state=Renewal.State.SENT), "done": ~Q(state=Renewal.State.SENT)},
        joined=("contract__supply_point", "contract__payer", "agreed_by"),
        answers=RenewalAnswer, answers_number="renewal_number", words="reason",
    ),
    _Source(
        kinds=("invoices", "direct_debit", "instalments"), model=PayerRequest, letter="Z", at="asked_at",
        by="asked_by", payer="payer",
        of_state={"waiting": Q(~_ANSWERED, ended_at=None), "done": Q(_ANSWERED) | Q(ended_at__isnull=False)},
        joined=("payer", "asked_by"),
        answers=RequestAnswer, answers_number="number", words="note",
    ),
    _Source(
        kinds=("move",), model=MoveOut, letter="S", at="announced_at", by="given_by", payer="payer",
        of_state={"waiting": Q(settled_at=None), "done": Q(settled_at__isnull=False)},
        joined=("supply_point", "payer", "given_by", "meter"),
        answers=MoveAnswer, answers_number="number", words="note",
    ),
)  # fmt: skip
_BESIDE_REFILLS = _SOURCES[1:]
"""Refills stand among the orders wherever the newest of somebody are shown."""


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
                (asked.at, place, asked.thing.pk, asked) for asked in (Asked(source, each) for each in rows[: ROWS + 1])
            ]
    found.sort(key=lambda each: each[:3])
    shown = list(islice(found, ROWS))
    end = Mark(*shown[-1][:3]) if len(found) > ROWS else None
    return [each for *_key, each in shown], end


def newest_of_payer(payer: Payer, count: int) -> list[Asked]:
    """Return a payer's newest renewals, requests and hand-overs, in three statements; refills are among the orders."""
    return _newest([(each, Q(**{each.payer: payer})) for each in _BESIDE_REFILLS if each.payer], count)


def newest_of_account(user: User, count: int) -> list[Asked]:
    """Return the newest cylinders, renewals, requests and hand-overs that somebody sent, in four statements."""
    return _newest([(each, Q(**{each.by: user})) for each in _BESIDE_REFILLS], count)


def _newest(wanted: Iterable[tuple[_Source, Q]], count: int) -> list[Asked]:
    found = [
        Asked(source, each)
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
    answers = source.answers.objects.filter(**{source.answers_number: number})
    return Asked(source, thing, answers.select_related("answered_by").first())


def _rows(source: _Source, kinds: Collection[str]) -> "QuerySet[Any]":
    rows: QuerySet[Any] = source.model.objects.select_related(*source.joined)
    if source.model is PayerRequest:
        answer = RequestAnswer.objects.filter(number=OuterRef("number")).values("state")
        rows = rows.filter(family__in=kinds).annotate(answered=Subquery(answer))
    return rows


def _after(source: _Source, place: int, mark: Mark | None) -> Q:
    if mark is None:
        return Q()
    later = Q(**{f"{source.at}__gt": mark.at})
    if place < mark.source:
        return later
    same = Q(**{source.at: mark.at})
    return later | (same & Q(pk__gt=mark.key) if place == mark.source else same)
