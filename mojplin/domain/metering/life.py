"""What became of a reading: received, checked, sent to billing, and used in an invoice or replaced, and why.

The last word is the ERP's: the billed reading that names it, or that covers its month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, QuerySet, Value, When

from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.foundation.months import next_month
from mojplin.foundation.prepared import rows


class Station(StrEnum):
    RECEIVED = "received"
    CHECKED = "checked"
    WITH_OFFICE = "with_office"
    """Odd: the office looks at it before billing."""
    CONFIRMED = "confirmed"
    """The office says that an odd one is right."""
    REFUSED = "refused"
    """The office does not take it, with `reason`; it is not billed."""
    SENT = "sent"
    """Handed over to billing."""
    USED = "used"
    REPLACED = "replaced"
    """Billed by something else, with `because` where the ERP says why."""
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    """A later version of the month holds."""
    INFORMATIVE = "informative"
    """Kept and shown, never billed."""


class Fate(NamedTuple):
    """The billed reading that answers a submitted one."""

    document_number: str
    period_to: date
    basis: str
    not_used_because: str
    is_named: bool
    """The ERP says itself that it answers this reading."""
    value_m3: Any


@dataclass(frozen=True, slots=True)
class Step:
    """A station of the reading's life; `is_done` False: still to come."""

    station: Station
    at: date | datetime | None = None
    is_done: bool = True
    fate: Fate | None = None
    reason: str = ""
    """Why the office refused it."""


def life_of(reading: SubmittedReading, fate: Fate | None) -> list[Step]:
    """Return the stations of a version in order; what the office said of it is looked up unless it is loaded."""
    steps = [Step(Station.RECEIVED, reading.submitted_at)]
    if reading.is_withdrawn:
        return [Step(Station.WITHDRAWN, reading.submitted_at)]
    if reading.is_informative:
        return [*steps, Step(Station.INFORMATIVE)]
    judgement = getattr(reading, "judgement", None) if reading.is_odd else None
    if judgement and not judgement.is_accepted:
        return [*steps, Step(Station.REFUSED, judgement.judged_at, reason=judgement.reason)]
    if not reading.holds:
        return [*steps, Step(Station.CORRECTED)]
    if judgement:
        steps.append(Step(Station.CONFIRMED, judgement.judged_at))
    elif reading.is_odd:
        steps.append(Step(Station.WITH_OFFICE, is_done=fate is not None))
    else:
        steps.append(Step(Station.CHECKED, reading.submitted_at))
    is_sent = reading.handed_over_at is not None or fate is not None
    steps.append(Step(Station.SENT, reading.handed_over_at, is_done=is_sent))
    return [*steps, _end(reading, fate)]


def _end(reading: SubmittedReading, fate: Fate | None) -> Step:
    if fate is None:
        return Step(Station.USED, is_done=False)
    is_used = fate.basis != BilledReading.Basis.FLAT_RATE and fate.value_m3 == reading.value_m3
    if fate.is_named:
        is_used = not fate.not_used_because
    return Step(Station.USED if is_used else Station.REPLACED, fate.period_to, fate=fate)


def fate_of(reading: SubmittedReading) -> Fate | None:
    """Return what the ERP billed in its place or with it, in one statement; None as long as nothing is known."""
    keys = (reading.supply_point_id, reading.payer_id, reading.meter_id)
    found = rows(_answers, (*keys, reading.public_id, reading.month, next_month(reading.month)))
    return Fate(*found[0]) if found else None


def _answers(asked: Sequence[Any]) -> "QuerySet[BilledReading, Any]":
    supply_point_id, payer_id, meter_id, public_id, month, following = asked
    here = BilledReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id)
    named = here.filter(customer_reading=public_id)
    covering = here.filter(meter_id=meter_id, customer_reading="", period_to__gte=month, period_to__lt=following)
    found = (named | covering).annotate(
        is_named=Case(When(customer_reading=public_id, then=Value(True)), default=Value(False))
    )
    return found.order_by("-is_named", "-period_to", "-pk").values_list(
        "document_number", "period_to", "basis", "not_used_because", "is_named", "value_to_m3"
    )[:1]


def handed_over(public_id: str, *, now: datetime) -> None:
    """Note that the ERP got the version; the first time counts."""
    SubmittedReading.objects.filter(public_id=public_id, handed_over_at=None).update(handed_over_at=now)
