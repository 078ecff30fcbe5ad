"""Scenes of hand-overs: one that waits for the other side, for whoever needs somebody's."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.moving.links import link_hash
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


def given_move(payer: Payer, point: SupplyPoint, by: User, **more: Any) -> MoveOut:
    """The payer's user announced that they hand the place over today; whoever takes over has not answered."""
    now, public_id = timezone.now(), new_public_id()
    fields = {
        "number": f"S-2026-{MoveOut.objects.count() + 1:06d}", "state": "waiting", "announced_at": now,
        "moves_on": timezone.localdate(now), "value_m3": Decimal(1260), "meter": point.meters.first(),
        "bill_address": "Log 7, 4280 Kranjska Gora", "taker_email": "naslednik@example.com", "taker_language": "sl",
        "link_hash": link_hash(public_id, more.get("version", 1)), "link_expires_at": now + timedelta(days=14),
    } | more  # fmt: skip
    return MoveOut.objects.create(public_id=public_id, supply_point=point, payer=payer, given_by=by, **fields)
