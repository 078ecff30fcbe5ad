"""A payer as the office sees one: the places, who sees them, and everything that happened there, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Min, QuerySet, Sum

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.billing.models import OWED_EUR, Document
from mojplin.domain.contracts.models import Contract
from mojplin.domain.contracts.overview import contracts_of
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import BilledReading, GaugeReading, SubmittedReading
from mojplin.domain.office.asked import Asked, newest_of_payer
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.domain.support.models import Enquiry

PLACES, ROWS = 50, 12
"""How many are shown; a firm has thousands of places."""


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """One place of a payer in a row; money in euros."""

    point: SupplyPoint
    starts_on: date
    ends_on: date | None
    reading: SubmittedReading | None
    """What was sent for this month."""
    contract_ends_on: date | None
    days_left: int | None
    open_eur: Decimal

    @property
    def is_former(self) -> bool:
        return self.ends_on is not None


@dataclass(frozen=True, kw_only=True)
class PayerCard:
    """What the office sees of a payer before it says why it looks."""

    payer: Payer
    customer_since: int | None
    places: list[PlaceLine]
    all_places: int
    accounts: int
    waiting: Enquiry | None
    """The enquiry that has waited longest for an answer."""


def card_of(payer: Payer, *, today: date) -> PayerCard:
    periods = PayerPeriod.objects.filter(payer=payer)
    known = periods.aggregate(since=Min("starts_on"), all=Max("pk"))
    links = Link.objects.filter(payer=payer, ended_at=None)
    shown = list(periods.select_related("supply_point").order_by(F("ends_on").desc(nulls_first=True), "pk")[:PLACES])
    return PayerCard(
        payer=payer,
        customer_since=known["since"].year if known["since"] else None,
        places=_lines(payer, shown, today),
        all_places=len(shown) if len(shown) < PLACES else periods.count(),
        accounts=links.values("user").distinct().count(),
        waiting=enquiries_of(payer).filter(state=Enquiry.State.SENT).order_by("sent_at").first(),
    )


def _lines(payer: Payer, periods: list[PayerPeriod], today: date) -> list[PlaceLine]:
    points = [each.supply_point_id for each in periods]
    contracts = contracts_of(((point, payer.pk) for point in points), today)
    readings = _sent_this_month(payer, points, today)
    owed = dict(
        Document.objects.filter(payer=payer, supply_point__in=points, open_eur__gt=0)
        .values_list("supply_point")
        .annotate(open=Sum(OWED_EUR))
    )
    return [
        PlaceLine(
            point=each.supply_point,
            starts_on=each.starts_on,
            ends_on=each.ends_on if each.ends_on and each.ends_on <= today else None,
            reading=readings.get(each.supply_point_id),
            contract_ends_on=held[0].ends_on if (held := contracts.get((each.supply_point_id, payer.pk))) else None,
            days_left=held[0].days_left if held else None,
            open_eur=owed.get(each.supply_point_id, Decimal(0)),
        )
        for each in periods
    ]


def _sent_this_month(payer: Payer, points: Iterable[int], today: date) -> dict[int, SubmittedReading]:
    sent = SubmittedReading.objects.that_hold().filter(payer=payer, supply_point__in=points, month=today.replace(day=1))
    return {each.supply_point_id: each for each in sent.order_by("version")}


@dataclass(frozen=True, kw_only=True)
class PayerRecord:
    """The whole of a payer's data, for somebody who has said why."""

    links: list[Link]
    documents: list[Document]
    sent_readings: list[SubmittedReading]
    billed_readings: list[BilledReading]
    gauges: list[GaugeReading]
    """How full the payer's tanks were, as customers sent it."""
    contracts: list[Contract]
    orders: list[GasOrder]
    asked: list[Asked]
    """Renewals, and requests about how the payer is billed and pays."""
    enquiries: list[Enquiry]
    events: list[AccessEvent]


def record_of(payer: Payer) -> PayerRecord:
    """Return the newest of everything, in eleven statements."""
    sent = SubmittedReading.objects.filter(payer=payer).select_related(
        "supply_point", "submitted_by", "meter", "photo", "judgement"
    )
    billed = BilledReading.objects.filter(payer=payer).select_related("supply_point")
    documents = Document.objects.filter(payer=payer)
    links = Link.objects.filter(payer=payer).select_related("user", "supply_point", "shared_from__user")
    return PayerRecord(
        links=list(links.order_by(F("ended_at").desc(nulls_first=True), "created_at")[:PLACES]),
        documents=list(documents.with_collection().select_related("supply_point").newest_first()[:ROWS]),
        sent_readings=list(sent.order_by("-submitted_at", "-pk")[:ROWS]),
        billed_readings=list(billed.order_by("-period_to", "-pk")[:ROWS]),
        gauges=list(
            _of(GaugeReading.objects.all(), payer)
            .select_related("submitted_by")
            .order_by("-read_on", "-version")[:ROWS]
        ),
        contracts=list(_of(Contract.objects.all(), payer).order_by("-starts_on", "-pk")[:ROWS]),
        orders=list(_of(GasOrder.objects.all(), payer).select_related("ordered_by").order_by("-ordered_at")[:ROWS]),
        asked=newest_of_payer(payer, ROWS),
        enquiries=list(enquiries_of(payer).order_by("-sent_at")[:ROWS]),
        events=list(_of_payer(payer)[:ROWS]),
    )


def _of(rows: "QuerySet[Any]", payer: Payer) -> "QuerySet[Any]":
    return rows.filter(payer=payer).select_related("supply_point")


def enquiries_of(payer: Payer) -> "QuerySet[Enquiry]":
    """Return what was written about the payer's places while the payer paid there, by whoever sees them."""
    now_theirs = PayerPeriod.objects.filter(payer=payer, ends_on=None).values("supply_point")
    people = Link.objects.filter(payer=payer).values("user")
    enquiries = Enquiry.objects.filter(supply_point__in=now_theirs, sent_by__in=people)
    return enquiries.with_first_words().select_related("sent_by")


def _of_payer(payer: Payer) -> "QuerySet[AccessEvent]":
    return AccessEvent.objects.filter(payer_number=payer.number).select_related("by", "whose").order_by("-at", "-pk")


def payer_numbered(number: str) -> Payer | None:
    return Payer.objects.filter(number=number).first()


def account_of(public_id: str) -> User | None:
    """Return a customer's account; staff's and erased ones are nobody's to look at."""
    return User.objects.filter(public_id=public_id, role=User.Role.CUSTOMER, erased_at=None).first()


def seen_at(user: User) -> datetime | None:
    """Return when the account was last signed in."""
    latest = AccessEvent.objects.filter(whose=user, what=AccessEvent.What.SIGNED_IN).aggregate(at=Max("at"))["at"]
    return latest if isinstance(latest, datetime) else None
