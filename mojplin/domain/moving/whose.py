"""Who may see a hand-over as the side that moves out."""

from django.db.models import Exists, OuterRef, Q

from mojplin.domain.linking.access import Place
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.moving.models import MoveOut

MOST_SHOWN = 50
_HOLDING = Q(ended_at=None) | Q(ended_because=Link.End.PAYER_CHANGED)


def move_of(user_id: int, public_id: str) -> MoveOut | None:
    """Return the hand-over if the user holds the place for its payer, or held it until another payer came.

    Whoever announced it goes on reading how it stands after it was taken over, when the place is no longer theirs.
    """
    move = MoveOut.objects.select_related("supply_point", "meter", "payer", "given_by").filter(public_id=public_id)
    found = move.first()
    if found is None:
        return None
    links = Link.objects.filter(_HOLDING, user_id=user_id, role=Role.HOLDER)
    is_theirs = links.filter(payer_id=found.payer_id, supply_point_id=found.supply_point_id).exists()
    return found if is_theirs else None


def open_move_at(place: Place) -> MoveOut | None:
    """Return the hand-over of the place that is announced and not settled."""
    return MoveOut.objects.filter(
        supply_point_id=place.supply_point_id, payer_id=place.payer_id, settled_at=None
    ).first()


def moves_of(user_id: int) -> list[MoveOut]:
    """Return what the user announced or sees as a holder of the place, newest first."""
    links = Link.objects.filter(_HOLDING, user_id=user_id, role=Role.HOLDER)
    here = links.filter(payer=OuterRef("payer"), supply_point=OuterRef("supply_point"))
    found = MoveOut.objects.filter(Exists(here)).select_related("supply_point")
    return list(found.order_by("-announced_at", "-pk")[:MOST_SHOWN])
