"""The day and reading of a hand-over as somebody types them: understood and checked by the rules of all readings."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.contracts.price_list import energy_on
from mojplin.domain.metering.gauge import FullerThanBefore
from mojplin.domain.metering.on_a_day import counter_on, gauge_on, meter_on
from mojplin.domain.metering.plausibility import MoreThanPossible, ReadingQuestion, TwoMeanings
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.towns import weather_town
from mojplin.domain.metering.window import window_days
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.supply.models import Meter, PayerPeriod, SupplyPoint
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused

BACK_DAYS = 60
"""For how long after the day a hand-over can still be announced."""


class DayIsAhead(Refused):
    field = "moves_on"
    message = _("The day is still ahead. The reading is known on the day itself: announce it then.")


class DayIsTooFarAhead(Refused):
    field = "moves_on"
    message = _("The day may be at most %(days)s days ahead.")


class ReadingIsAhead(Refused):
    field = "typed"
    message = _("The day is still ahead: leave the reading empty. You add it on the day.")


class DayIsLongAgo(Refused):
    field = "moves_on"
    message = _("The day may be at most %(days)s days ago. If it is longer, write to us.")


class DayBeforeTheirTime(Refused):
    field = "moves_on"
    message = _("The day must be after %(day)s, when the supply began here in your name.")


class UnusualReading(Refused):
    """What the other side is asked of an odd reading: they learn nothing of what was used before."""

    field = "typed"
    message = _("%(value)s is unusual here. Look again: is every digit right?")
    may_confirm = True


class ImpossibleReading(UnusualReading):
    message = _("%(value)s is not possible here. Look again: is every digit right?")
    may_confirm = False


@dataclass(frozen=True, slots=True)
class Figures:
    """A day, and what was read on it: cubic metres of a meter, percent of a tank, or nothing of a rented tank."""

    moves_on: date
    value_m3: Decimal | None = None
    percent: int | None = None
    is_odd: bool = False
    meter: Meter | None = None
    ahead_on: date | None = None
    """The same day while it is still to come: nothing is read yet."""


def checked(
    *, point: SupplyPoint, payer_id: int, moves_on: date, typed: str, exact_m3: Decimal | None, is_confirmed: bool,
    today: date, ahead_days: int = 0,
) -> Figures:  # fmt: skip
    """Return the day and reading, if the day is a possible one.

    :param ahead_days: how far ahead the day may be; of such a day no reading is taken.
    :raises DayIsTooFarAhead, ReadingIsAhead, DayIsAhead, DayIsLongAgo, DayBeforeTheirTime: with the sentence for the
        person.
    :raises Refused: what `counter_on` and `gauge_on` ask or refuse.
    """
    _check_day(point, payer_id, moves_on, today, ahead_days)
    if moves_on > today:
        if typed.strip() or exact_m3 is not None:
            raise ReadingIsAhead
        return Figures(moves_on, ahead_on=moves_on)
    if point.has_meter:
        read = counter_on(
            point=_to_read(point, payer_id), typed=typed, exact_m3=exact_m3, is_confirmed=is_confirmed, on=moves_on
        )
        return Figures(moves_on, value_m3=read.value_m3, is_odd=read.is_odd, meter=read.meter)
    if point.kind == SupplyPoint.Kind.BULK:
        gauge = gauge_on(
            supply_point_id=point.pk, payer_id=payer_id, typed=typed, is_confirmed=is_confirmed, on=moves_on
        )
        return Figures(moves_on, percent=gauge.percent, is_odd=gauge.is_odd)
    return Figures(moves_on)


def checked_for_stranger(**typed: Any) -> Figures:
    """As `checked`, for somebody who may learn nothing of what the payer used.

    :raises UnusualReading, ImpossibleReading: in the place of every question that names an earlier reading.
    """
    try:
        return checked(**typed)
    except TwoMeanings:
        raise
    except ReadingQuestion as question:
        value_m3 = question.places["value_m3"]
        refusal = ImpossibleReading if isinstance(question, MoreThanPossible) else UnusualReading
        value = formats.cubic_metres(value_m3, formats.active_language())
        raise refusal(value=value, value_m3=value_m3) from None
    except FullerThanBefore as question:
        raise UnusualReading(value=question.places["value"], percent=question.places["percent"]) from None


def of_other_side(move: MoveOut) -> dict[str, Any]:
    """Return what the other side says, as values of the row once it holds."""
    on = move.other_on
    return {
        "moves_on": on, "value_m3": move.other_value_m3, "gauge_percent": move.other_percent,
        "is_odd": move.other_is_odd,
        "meter": meter_on(move.supply_point_id, on) if on and move.other_value_m3 is not None else None,
    }  # fmt: skip


def _check_day(point: SupplyPoint, payer_id: int, moves_on: date, today: date, ahead_days: int) -> None:
    if moves_on > today and not ahead_days:
        raise DayIsAhead
    if moves_on > today + timedelta(days=ahead_days):
        raise DayIsTooFarAhead(days=ahead_days)
    if moves_on < today - timedelta(days=BACK_DAYS):
        raise DayIsLongAgo(days=BACK_DAYS)
    periods = PayerPeriod.objects.filter(Q(ends_on=None) | Q(ends_on__gt=moves_on), supply_point=point, payer=payer_id)
    began_on = periods.order_by("starts_on").values_list("starts_on", flat=True).first()
    if began_on is not None and moves_on <= began_on:
        raise DayBeforeTheirTime(day=formats.day(began_on, formats.active_language()))


def _to_read(point: SupplyPoint, payer_id: int) -> PointToRead:
    return PointToRead(
        supply_point_id=point.pk,
        number=point.number,
        payer_id=payer_id,
        name=point.street,
        window_days=window_days(point.kind, point.reading_first_day, point.reading_last_day),
        weather_town=weather_town(point.climate_town, point.post_code),
        product=point.product,
        energy_on=energy_on,
    )
