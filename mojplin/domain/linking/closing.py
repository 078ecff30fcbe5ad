"""Payers whom numbers alone no longer link: closed after five near misses, reopened by a used code or by staff."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.linking import limits
from mojplin.domain.linking.models import ClosedPayer
from mojplin.foundation.errors import Refused

Reason, Reopening = ClosedPayer.Reason, ClosedPayer.Reopening


class ReasonMissing(Refused):
    field = "reason"
    message = _("Write why, in a few words: the customer may ask.")


def is_closed(payer_id: int) -> bool:
    return ClosedPayer.objects.filter(payer_id=payer_id, reopened_at=None).exists()


def close(payer_id: int, reason: ClosedPayer.Reason, now: datetime) -> None:
    """Close a payer for linking by numbers; one that is closed stays as it is."""
    ClosedPayer.objects.bulk_create(
        [ClosedPayer(payer_id=payer_id, reason=reason, closed_at=now)], ignore_conflicts=True
    )


def count_near_misses(payer_ids: Iterable[int], now: datetime) -> None:
    """Count two right numbers against their payers; the fifth closes one."""
    for payer_id in sorted(payer_ids):
        if limits.count_near_miss(payer_id, now) >= limits.NEAR_MISSES_OF_PAYER:
            close(payer_id, Reason.NEAR_MISSES, now)


def clear(payer_id: int, how: ClosedPayer.Reopening, *, by: User, now: datetime, explanation: str = "") -> None:
    """Open linking by numbers again and let all counting against the payer start anew."""
    limits.start_anew(payer_id)
    ClosedPayer.objects.filter(payer_id=payer_id, reopened_at=None).update(
        reopened_at=now, reopened_how=how, reopened_by=by, explanation=explanation
    )


@transaction.atomic
def reopen_by_staff(*, payer_id: int, reason: str, by: User, now: datetime) -> None:
    """Open linking by numbers again, because a member of staff is sure of it.

    :raises ReasonMissing: nobody could tell later why.
    """
    explanation = " ".join(reason.split())
    if not explanation:
        raise ReasonMissing
    clear(payer_id, Reopening.STAFF, by=by, now=now, explanation=explanation[:500])
