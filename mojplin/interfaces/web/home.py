"""Home: the one task, what is to pay, the last twelve months, a contract that ends, and where to go on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.billing.statement import newest_and_open, statement_of
from mojplin.domain.contracts.ending import EndingContract, ending_contracts
from mojplin.domain.linking.access import Place, places_of, points_of_payers, rows_of_documents_at
from mojplin.domain.linking.sharing import invitations_for
from mojplin.domain.metering.billed import BilledMonth, BilledRow, billed_by_month, billed_rows
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.metering.taking import current_meters
from mojplin.domain.metering.tank import delivered_by_month, fillings
from mojplin.domain.metering.window import reading_window
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.supply.models import Meter, SupplyPoint
from mojplin.foundation.idempotency import new_form_key
from mojplin.foundation.months import months_between, next_month, year_before
from mojplin.foundation.prepared import rows
from mojplin.interfaces.web.chart_lines import MonthUse
from mojplin.interfaces.web.charts import Chart, month_strip, year_chart
from mojplin.interfaces.web.documents import rows_of
from mojplin.interfaces.web.doors import in_frame, page, today

LATEST_DOCUMENTS = 4
UNPAID_SHOWN = 3


class MeterNow(NamedTuple):
    """The meter of a place and the newest reading sent for this month, if any.

    Beside it a hand-over announced ahead whose day has come, at whichever place: so it takes no statement of its own.
    """

    digits: int
    decimals: int
    sent_m3: Decimal | None
    sent_on: date | None
    move_id: str | None
    move_at_id: int | None


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    places = places_of(request.user.pk)
    if not places:
        request.places = []
        invitations = invitations_for(user=request.user, now=timezone.now())
        context = {"invitations": invitations, "cylinders_in_portal": settings.CYLINDERS_IN_PORTAL}
        return page(request, "web/home/empty.html", context, active="home")
    place = chosen_place(request, places)
    in_frame(request, places, place)
    on = today()
    names = {each.supply_point_id: each.name for each in places}
    statement = statement_of(rows_of_documents_at(places, latest_and_open))
    latest, _older = rows_of(statement.newest, names, on)
    balance = statement.balance
    by_hand = [each for each in balance.unpaid if not each.is_collecting(on)]
    only_seen = {each.supply_point_id for each in places if not each.may_pay}
    used, last_m3 = gas_used(place, on)
    chart = chart_of(place, used, on)
    context = {
        "to_prove": next((each for each in (place, *places) if each.is_proof_due), None),
        "balance": balance,
        "unpaid_shown": UNPAID_SHOWN,
        "to_pay_next": next((each for each in by_hand if each.supply_point_id not in only_seen), None),
        "collecting": None if by_hand else next((each for each in balance.unpaid if each.collecting_on), None),
        "names": names,
        "latest": latest,
        "answer_days": settings.SUPPORT_ANSWER_WORKING_DAYS,
        "chart": chart,
        "ending": ending_card(places, place, chart, on),
        **reading_card(place, last_m3, request.user.pk, on),
    }
    context["handing_over"] = place_handed_over(places, context["meter"])
    return page(request, "web/home/home.html", context, active="home")


def latest_and_open(mine: DocumentQuerySet, payer_ids: list[int]) -> QuerySet[Document, Any]:
    return newest_and_open(mine, payer_ids, LATEST_DOCUMENTS)


def chosen_place(request: HttpRequest, places: list[Place]) -> Place:
    public_id = request.GET.get("place")
    if not public_id:
        return places[0]
    place = next((each for each in places if each.public_id == public_id), None)
    if place is None:
        raise Http404
    return place


def gas_used(place: Place, on: date) -> tuple[dict[date, BilledMonth], BilledRow | None]:
    """Return two years of gas as it was billed or delivered by month, and the last billed row of a metered place."""
    since = date(on.year - 3, on.month, 1)
    at = {"supply_point_id": place.supply_point_id, "payer_id": place.payer_id, "since": since}
    if place.kind == SupplyPoint.Kind.BULK:
        litres = delivered_by_month(fillings(**at), on)
        return {month: BilledMonth(used) for month, used in litres.items()}, None
    billed = billed_rows(**at)
    return billed_by_month(billed), billed[-1] if billed else None


def chart_of(place: Place, used: dict[date, BilledMonth], on: date) -> Chart | None:
    """Return the chart of the twelve months that end with the last known one, or None while nothing is known."""
    known = [month for month in used if month <= on]
    if not known:
        return None
    last = max(known)
    months = months_between(next_month(year_before(last)), last)
    return year_chart([month_use(used, month) for month in months], "l" if place.kind == "bulk" else "m³")


def month_use(used: dict[date, BilledMonth], month: date) -> MonthUse:
    now, before = used.get(month), used.get(year_before(month))
    return MonthUse(
        month,
        now.used if now else None,
        before.used if before else None,
        "flat_rate" if now and now.is_flat_rate else "measured",
        "flat_rate" if before and before.is_flat_rate else "measured",
    )


def reading_card(place: Place, last: BilledRow | None, user_id: int, on: date) -> dict[str, Any]:
    """Return what the card of the reading needs; without a meter there is none."""
    if not place.has_meter:
        return {"meter": None}
    window = reading_window(on, place.window_days)
    found = rows(meter_now, (place.supply_point_id, place.payer_id, window.month, user_id, on))
    row = found[0] if found else None
    return {
        "meter": MeterNow(*row) if row else None,
        "window": window,
        "strip": month_strip(window.opens_on, window.closes_on, on),
        "last": last,
        "new_form_key": new_form_key,
    }


def meter_now(asked: Sequence[Any]) -> QuerySet[Meter, Any]:
    """Return the row of MeterNow at that supply point: what that payer sent for that month."""
    supply_point_id, payer_id, month, user_id, on = asked
    moves = MoveOut.objects.planned_until(on).filter(given_by=user_id).order_by("moves_on", "pk")
    sent = SubmittedReading.objects.that_hold().filter(
        supply_point=OuterRef("supply_point"), meter=OuterRef("pk"), payer_id=payer_id, month=month
    )
    return current_meters(supply_point_id).values_list(
        "digits", "decimals", Subquery(sent.values("value_m3")[:1]), Subquery(sent.values("read_on")[:1]),
        Subquery(moves.values("public_id")[:1]), Subquery(moves.values("supply_point_id")[:1]),
    )[:1]  # fmt: skip


def place_handed_over(places: list[Place], meter: MeterNow | None) -> Place | None:
    """Return the place whose hand-over waits for its reading, while its giver may still hand it over."""
    if meter is None or meter.move_id is None:
        return None
    return next((each for each in places if each.supply_point_id == meter.move_at_id and each.may_move_out), None)


def ending_card(places: list[Place], place: Place, chart: Any, on: date) -> dict[str, Any] | None:
    """Return the contract to show: that of the chosen place first, else the one that ends first."""
    ending = ending_contracts(points_of_payers(places), today=on, within_days=settings.OFFER_DAYS_BEFORE)
    if not ending:
        return None
    here = [each for each in ending if each.supply_point_id == place.supply_point_id]
    contract = (here or ending)[0]
    return {
        "contract": contract,
        "days": (contract.ends_on - on).days,
        "others": len(ending) - 1,
        "saves_eur": saved_in_a_year(contract, chart) if here and contract.unit == "m3" else None,
    }


def saved_in_a_year(contract: EndingContract, chart: Any) -> Decimal | None:
    """Return how much less a year costs with the offer than at the standard price, for the gas of the chart."""
    if chart is None or contract.offer_price_eur is None or contract.standard_price_eur is None:
        return None
    saved: Decimal = (contract.standard_price_eur - contract.offer_price_eur) * chart.used
    return saved if saved > 0 else None
