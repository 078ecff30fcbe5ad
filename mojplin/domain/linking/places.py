"""A user's own list of places: what each looks like, their order and groups, removing one and undoing that."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.granting import check_cap
from mojplin.domain.linking.models import Link, PlaceGroup
from mojplin.domain.linking.operations import own_name
from mojplin.domain.linking.sharing import UNDO_REMOVAL, end
from mojplin.domain.supply.models import Payer, PayerPeriod
from mojplin.foundation.errors import Refused

Where = Literal["up", "down", "first", "last"]
MOST_GROUPS = 50


class TooManyGroups(Refused):
    field = "name"
    message = _("You already have fifty groups. Use one of them.")


class UndoIsOver(Refused):
    message = _("It is too late to undo this. Link the supply point again with your latest invoice.")


@transaction.atomic
def change_look(*, link: int, name: str, icon: str, colour: str, by: User) -> None:
    """Give a place of the user another name, picture and colour.

    :param link: key of a link of `by`; anything else changes nothing.
    :raises BadName: see `own_name`.
    """
    look = {"name": own_name(name), "icon": Link.Icon(icon), "colour": Link.Colour(colour)}
    Link.objects.filter(pk=link, user=by, ended_at=None).update(**look)


@transaction.atomic
def move_place(*, link: int, where: Where, by: User) -> None:
    """Move a place one up, one down, to the top or to the bottom of the user's list."""
    keys = _order(by)
    if link not in keys:
        return
    at = keys.index(link)
    _move(keys, at, {"up": at - 1, "down": at + 1, "first": 0, "last": len(keys) - 1}[where], by)


@transaction.atomic
def move_place_next_to(*, link: int, other: int, is_after: bool, by: User) -> None:
    """Move a place to stand right before, or right after, another one of the user's."""
    keys = _order(by)
    if link not in keys or other not in keys or link == other:
        return
    at, to = keys.index(link), keys.index(other)
    _move(keys, at, to + is_after - (at < to), by)


def _order(by: User) -> list[int]:
    """Return the keys of the user's links in order, after numbering them without gaps; one mover at a time."""
    User.objects.select_for_update().get(pk=by.pk)
    rows = list(_mine(by).order_by("position", "pk").values_list("pk", "position"))
    stray = [Link(pk=key, position=number) for number, (key, position) in enumerate(rows) if position != number]
    Link.objects.bulk_update(stray, ["position"], batch_size=200)
    return [key for key, _position in rows]


def _move(keys: list[int], at: int, to: int, by: User) -> None:
    to = max(0, min(to, len(keys) - 1))
    between = Q(position__gte=to, position__lt=at) if to < at else Q(position__gt=at, position__lte=to)
    _mine(by).filter(between).update(position=F("position") + (1 if to < at else -1))
    Link.objects.filter(pk=keys[at]).update(position=to)


def _mine(by: User) -> "QuerySet[Link]":
    return Link.objects.filter(user=by, ended_at=None)


@transaction.atomic
def remove_place(*, link: int, by: User, now: datetime) -> None:
    """Take a place off the user's list, at once; for ten minutes `undo_removal` brings it back with all its shares."""
    found = Link.objects.filter(pk=link, user=by, ended_at=None)
    one = found.select_related("user", "supply_point", "shared_from__user").first()
    if one is None:
        return
    if one.shared_from_id:
        end(one, Link.End.USER, by=by, now=now)
    elif found.update(ended_at=now, ended_because=Link.End.USER):
        access_log.record(whose=by, what=AccessEvent.What.POINT_UNLINKED, by=by, about=one.name, now=now)


def removed_lately(*, by: User, now: datetime) -> list[Link]:
    """Return what the user removed in the last ten minutes, newest first."""
    return list(_undoable(by, now).select_related("supply_point").order_by("-ended_at"))


@transaction.atomic
def undo_removal(*, link: str, by: User, now: datetime) -> Link:
    """Bring a place back that the user removed; nobody else's act is undone.

    :param link: public id of the ended link.
    :raises UndoIsOver: the ten minutes have passed, the payer has changed or the share was ended meanwhile.
    :raises TooManyUsers: others have linked the place meanwhile, as many as may without staff.
    """
    User.objects.select_for_update().get(pk=by.pk)
    found = _undoable(by, now).select_related("supply_point").filter(public_id=link).first()
    if found is None:
        raise UndoIsOver
    payer = Payer.objects.select_for_update(no_key=True).get(pk=found.payer_id)
    if found.proven_by != Link.Proof.STAFF:
        check_cap([found.supply_point], payer, by)
    same = {"user": by, "payer": found.payer_id, "supply_point": found.supply_point_id, "ended_at": None}
    today = timezone.localdate(now)
    pays = PayerPeriod.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), payer=found.payer_id, supply_point=found.supply_point_id
    )
    if Link.objects.filter(**same).exists() or not pays.exists():
        raise UndoIsOver
    if not _undoable(by, now).filter(pk=found.pk).update(ended_at=None, ended_because=""):
        raise UndoIsOver
    if not Link.objects.filter(in_force(today), pk=found.pk).exists():
        raise UndoIsOver
    access_log.record(whose=by, what=AccessEvent.What.POINT_LINKED, by=by, about=found.name, now=now)
    return found


def _undoable(by: User, now: datetime) -> "QuerySet[Link]":
    # A share that was left is over: its holder was told so, and can invite again.
    mine = Link.objects.filter(user=by, shared_from=None, ended_because=Link.End.USER)
    return mine.filter(ended_at__gt=now - UNDO_REMOVAL)


@transaction.atomic
def put_into_group(*, links: Collection[int], name: str, by: User) -> PlaceGroup | None:
    """Put places of the user into their group of that name, made if it is new; an empty name takes them out.

    A group that holds nothing any more is forgotten.

    :raises BadName, TooManyGroups: nothing was changed.
    """
    User.objects.select_for_update().get(pk=by.pk)  # of two new groups at once, one after the other
    group = None
    if name.strip():
        wanted = own_name(name)
        group = PlaceGroup.objects.filter(user=by, name=wanted).first()
        if group is None:
            if PlaceGroup.objects.filter(user=by).count() >= MOST_GROUPS:
                raise TooManyGroups
            group = PlaceGroup.objects.create(user=by, name=wanted)
    Link.objects.filter(pk__in=links, user=by, ended_at=None).update(group=group)
    PlaceGroup.objects.filter(user=by, links=None).delete()
    return group


def groups_of(by: User) -> dict[int, str]:
    """Return the name of the group of each of the user's links that is in one, by the key of the link."""
    return dict(_mine(by).filter(group__isnull=False).values_list("pk", "group__name"))
