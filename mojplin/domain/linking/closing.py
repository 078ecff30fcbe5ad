"""Payers whom numbers alone no longer link: closed after five near misses, reopened by a used code or by staff.

The fifth near miss closes at once, by its counter; the worker writes it down (`write_down_closings`), because the try
that closes must cost no more than any other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from mojplin.domain.accounts.four_eyes import reason_of
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking import limits
from mojplin.domain.linking.models import ClosedPayer
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.supply.models import Payer
from mojplin.foundation.housekeeping import watch
from mojplin.foundation.prepared import rows

Reason, Reopening = ClosedPayer.Reason, ClosedPayer.Reopening
NOBODY = 0
"""The key of no payer."""


def is_closed(payer_id: int, now: datetime) -> bool:
    return bool(closed_among([payer_id]) | limits.held_against([payer_id], now).came_near)


def closed_among(payer_ids: Iterable[int]) -> frozenset[int]:
    """Return those written down as closed; one question, also about nobody. See `limits.held_against` for the rest."""
    return frozenset(payer_id for (payer_id,) in rows(_closed, tuple(payer_ids) or (NOBODY,)))


def _closed(payer_ids: Sequence[int]) -> QuerySet[Any]:
    return ClosedPayer.objects.filter(payer_id__in=payer_ids, reopened_at=None).values_list("payer_id")


def close(payer_id: int, reason: ClosedPayer.Reason, now: datetime) -> None:
    """Close a payer for linking by numbers; one that is closed stays as it is."""
    ClosedPayer.objects.bulk_create(
        [ClosedPayer(payer_id=payer_id, reason=reason, closed_at=now)], ignore_conflicts=True
    )


@watch
def write_down_closings(now: datetime) -> None:
    """Close those whose near misses are used up, for staff to see and for all to find when counters are lost."""
    too_often = limits.came_near_too_often()
    closed = closed_among(too_often)
    for payer_id in too_often:
        if payer_id not in closed:
            close(payer_id, Reason.NEAR_MISSES, now)


def clear(payer_id: int, how: ClosedPayer.Reopening, *, by: User, now: datetime, explanation: str = "") -> None:
    """Open linking by numbers again and let all counting against the payer start anew."""
    if limits.held_against([payer_id], now).came_near:
        close(payer_id, Reason.NEAR_MISSES, now)  # when the worker has not come to it yet
    limits.start_anew(payer_id)
    ClosedPayer.objects.filter(payer_id=payer_id, reopened_at=None).update(
        reopened_at=now, reopened_how=how, reopened_by=by, explanation=explanation
    )


@transaction.atomic
def reopen_by_staff(*, payer_id: int, reason: str, by: User, now: datetime, ip: str | None = None) -> None:
    """Open linking by numbers again, because a member of staff is sure of it; whoever sees the payer reads why.

    :raises ReasonMissing: nobody could tell later why.
    """
    explanation = reason_of(reason)
    clear(payer_id, Reopening.STAFF, by=by, now=now, explanation=explanation)
    number = Payer.objects.values_list("number", flat=True).get(pk=payer_id)
    what = AccessEvent.What.LINKING_REOPENED
    record_for_payer(number=number, what=what, by=by, reason=explanation, ip=ip, now=now)
