"""From a proof to links: one place is linked at once, of several the user chooses."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Session, User
from mojplin.domain.linking import notices, sharing
from mojplin.domain.linking.models import Link, ProvenPayer, Role
from mojplin.domain.linking.operations import LONGEST_NAME
from mojplin.domain.linking.proof import points_paid_by
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.errors import Refused

CHOICE_HOLDS = timedelta(minutes=10)
USERS_OF_POINT = 5
"""How many may link a place of a payer without staff."""


class NoLongerPayer(Refused):
    message = _("This payer no longer pays for the supply point on the invoice. Use your latest invoice.")


class AlreadyLinked(Refused):
    message = _("This supply point is already on your list.")


class TooManyUsers(Refused):
    message = _("Five people already see this supply point. Call us and we will help you.")


class NothingChosen(Refused):
    field = "points"
    message = _("Choose at least one supply point.")


class ChoiceOver(Refused):
    message = _("Ten minutes have passed. Enter the numbers once more.")


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a proof has opened: the new links, or the choice that the user has to make first."""

    links: Sequence[Link] = ()
    is_choice: bool = False


@transaction.atomic
def open_places(
    *,
    payer_id: int,
    document: tuple[int, int | None] | None,
    proven_by: Link.Proof,
    name: str,
    by: User,
    session: Session,
    now: datetime,
) -> Opened:
    """Link the one place that was proven, or keep what was proven until the user has chosen.

    :param document: keys of the document and of its supply point (None: all places of the payer).
    :param name: the user's own name for a single place; empty: its street.
    :raises NoLongerPayer, AlreadyLinked, TooManyUsers: nothing to link.
    """
    points = _points_left(payer_id, document[1] if document else None, by, now)
    if len(points) == 1:
        links = link_points(points, payer_id=payer_id, proven_by=proven_by, by=by, now=now, name=name)
        return Opened(links=links)
    ProvenPayer.objects.filter(session=session, used_at=None).update(used_at=now)
    ProvenPayer.objects.create(
        user=by,
        session=session,
        payer_id=payer_id,
        document_id=document[0] if document else None,
        proven_by=proven_by,
        proven_at=now,
    )
    return Opened(is_choice=True)


def choice_of(*, user: User, session: Session, now: datetime) -> list[SupplyPoint]:
    """Return the places the user may choose among after a proof in this session; empty: there is no such proof."""
    proven = _proven(user, session, now)
    if proven is None:
        return []
    held = _held(user, proven.payer_id)
    return [point for point in _points_of(proven, now) if point.pk not in held]


@transaction.atomic
def link_chosen(*, points: Collection[str], by: User, session: Session, now: datetime) -> Sequence[Link]:
    """Link the chosen places; the proof is used up then.

    :param points: public ids of places that `choice_of` named; others are not linked.
    :raises ChoiceOver: there is no proof (any more) in this session.
    :raises NothingChosen, TooManyUsers, AlreadyLinked: choose again.
    """
    proven = _proven(by, session, now)
    if proven is None:
        raise ChoiceOver
    chosen = [point for point in choice_of(user=by, session=session, now=now) if point.public_id in points]
    if not chosen:
        raise NothingChosen
    with transaction.atomic():
        if not ProvenPayer.objects.filter(pk=proven.pk, used_at=None).update(used_at=now):
            raise ChoiceOver
        return link_points(
            chosen, payer_id=proven.payer_id, proven_by=Link.Proof(proven.proven_by), by=by, now=now, name=""
        )


def link_points(
    points: Sequence[SupplyPoint], *, payer_id: int, proven_by: Link.Proof, by: User, now: datetime, name: str
) -> list[Link]:
    """Make the links, tell everybody concerned and write it into the user's access log.

    :raises TooManyUsers: five others see one of the places; staff may link all the same.
    :raises AlreadyLinked: the user has linked all of them meanwhile.
    """
    payer = Payer.objects.select_for_update(no_key=True).get(pk=payer_id)  # one at a time: the cap must hold
    held = _held(by, payer_id)
    points = [point for point in points if point.pk not in held]
    if not points:
        raise AlreadyLinked
    if proven_by != Link.Proof.STAFF:
        check_cap(points, payer, by)
    sharing.give_way(user=by, payer_id=payer_id, point_ids=[point.pk for point in points], now=now)
    links = _made(points, payer, proven_by, by, now, name)
    notices.tell_about_new_links(payer=payer, links=links, proven_by=proven_by, by=by, now=now)
    if proven_by != Link.Proof.STAFF:
        for link in links:
            access_log.record(whose=by, what=AccessEvent.What.POINT_LINKED, by=by, about=link.name, now=now)
    return links


def _made(
    points: Sequence[SupplyPoint], payer: Payer, proven_by: Link.Proof, by: User, now: datetime, name: str
) -> list[Link]:
    position = Link.objects.filter(user=by, ended_at=None).count()
    streets = Counter(point.street for point in points)
    return [
        Link.objects.create(
            user=by,
            payer=payer,
            supply_point=point,
            name=name or _name_of(point, is_only_one=streets[point.street] == 1),
            position=position + number,
            created_at=now,
            proven_by=proven_by,
            probation_until=_probation_until(proven_by, now),
        )
        for number, point in enumerate(points)
    ]


def _points_left(payer_id: int, supply_point_id: int | None, by: User, now: datetime) -> list[SupplyPoint]:
    points = points_paid_by(payer_id, supply_point_id, timezone.localdate(now))
    if not points:
        raise NoLongerPayer
    held = _held(by, payer_id)
    left = [point for point in points if point.pk not in held]
    if not left:
        raise AlreadyLinked
    return left


def _held(user: User, payer_id: int) -> set[int]:
    held = Link.objects.filter(user=user, payer_id=payer_id, ended_at=None, role=Role.HOLDER)
    return set(held.values_list("supply_point_id", flat=True))


def _proven(user: User, session: Session, now: datetime) -> ProvenPayer | None:
    proven = ProvenPayer.objects.select_related("document").filter(
        user=user, session=session, used_at=None, proven_at__gt=now - CHOICE_HOLDS
    )
    return proven.order_by("-proven_at", "-pk").first()


def _points_of(proven: ProvenPayer, now: datetime) -> list[SupplyPoint]:
    at = proven.document.supply_point_id if proven.document else None
    return points_paid_by(proven.payer_id, at, timezone.localdate(now))


def check_cap(points: Sequence[SupplyPoint], payer: Payer, by: User) -> None:
    """Refuse a place that as many others hold as may without staff; the payer's row is locked by the caller.

    :raises TooManyUsers: five others hold one of the places.
    """
    holders = Link.objects.filter(payer=payer, supply_point__in=points, ended_at=None, role=Role.HOLDER)
    others = holders.exclude(user=by)
    users = Counter(others.values_list("supply_point_id", flat=True))
    if any(count >= USERS_OF_POINT for count in users.values()):
        raise TooManyUsers


def _name_of(point: SupplyPoint, *, is_only_one: bool) -> str:
    """Return the street; with the number of the place when several have the same."""
    if is_only_one:
        return point.street[:LONGEST_NAME]
    return f"{point.street[: LONGEST_NAME - len(point.number) - 2]}, {point.number}"


def _probation_until(proven_by: Link.Proof, now: datetime) -> datetime | None:
    hours = settings.LINK_PROBATION_HOURS
    return now + timedelta(hours=hours) if hours and proven_by == Link.Proof.NUMBERS else None
