"""The kinds of messages: what each is about, how it finds whom to tell, and the mail that tells it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value

from mojplin.domain.accounts.models import NoticeChoice, User
from mojplin.domain.accounts.notices import Topic, register
from mojplin.domain.linking.access import Place
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.roles import ALLOWED, Act
from mojplin.domain.notifications.models import PlaceChoice, SentNotice
from mojplin.foundation import formats


class Found(NamedTuple):
    """Somebody to tell of a thing (see `SentNotice`)."""

    user_id: int
    thing: str
    about: str
    link_id: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    template: str
    context: dict[str, Any]
    reply_to: str = ""
    """Where an answer to it goes; empty: to the sender of all mails."""


Find = Callable[[datetime], Iterable[Found]]
Write = Callable[[User, Sequence[SentNotice], formats.Language], Letter | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of message. A room below that sends the mail itself, at once, leaves `letter` out."""

    topic: Topic
    find: Find
    """Everything that is to be told at that moment and was not yet; a missed night heals itself."""
    letter: Write | None = None
    """The mail about some things, in the language that is active; None: they are no longer so."""
    page: str = "web:home"
    """Where a mail that gathers several kinds leads for this one."""
    one_by_one: bool = False
    """A mail for each thing, not one for all things of the kind."""
    is_of_a_place: bool = True
    """It is about a place, so that something else can be chosen for single ones."""
    at: Collection[str] = ()
    """The kinds of supply points it can be about; empty: any."""
    act: Act | None = None
    """What one must be allowed to do at a place to be told of it; None: whoever asked for the thing is told."""
    stands_alone: bool = False
    """An answer to what one asked, or what the law wants told: a mail of its own, not gathered, even to who leaves."""
    waits_for_week: bool = False
    """Nothing is missed when it comes in the mail of a week instead of a day."""


NOWHERE = Value(None, output_field=Link._meta.auto_field)
"""The `place_link` of what is about no place."""
_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Take a kind into what the job tells, and its topic into what a person chooses from."""
    _kinds[kind.topic.code] = kind
    if kind.letter:
        register(kind.topic)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(topic: str) -> Kind | None:
    """Return the kind, or None of one that a former version of the portal knew."""
    return _kinds.get(topic)


def kinds_about(place: Place) -> list[Kind]:
    """Return the kinds that can ever come about the place, to the person as who they are there, and can be chosen."""
    return [
        each
        for each in kinds()
        if each.letter
        and each.is_of_a_place
        and not each.topic.is_required
        and (not each.at or place.kind in each.at)
        and (each.act is None or each.act in ALLOWED[place.role])
    ]


def to_tell(rows: "QuerySet[Any, Any]", topic: Topic, *, user: str = "user") -> list[Found]:
    """Return whom to tell, in one statement: who is there, wants it, and was not told yet.

    Whoever has asked to close the account is told only of what stands alone.

    :param rows: annotated with `thing`, `about` and `place_link`.
    :param user: the column of who is told; empty: the rows are people.
    """
    whom, of_whom = user or "pk", f"{user}__" if user else ""
    told = SentNotice.objects.filter(user=OuterRef(whom), topic=topic.code, thing=OuterRef("thing"))
    found = rows.filter(~Exists(told), **{f"{of_whom}is_active": True})
    kind = kind_of(topic.code)
    if kind is None or not kind.stands_alone:
        found = found.filter(**{f"{of_whom}closing_asked_at": None})
    if not topic.is_required:
        unwanted = NoticeChoice.objects.filter(user=OuterRef(whom), topic=topic.code, is_wanted=False)
        here = PlaceChoice.objects.filter(link=OuterRef("place_link"))
        none_here = here.filter(topic__in=(topic.code, ""), is_wanted=False)
        wanted_here = Exists(here.filter(topic=topic.code, is_wanted=True))
        found = found.filter(wanted_here | ~(Exists(unwanted) | Exists(none_here)))
    return [
        Found(*row) for row in found.order_by(whom, "pk", "about").values_list(whom, "thing", "about", "place_link")
    ]


def own_link(*, user: str, of: str = "") -> Subquery:
    """Return the `place_link` of what somebody asked for at a place: their own link there, while they have it.

    :param user: the column of who asked.
    :param of: the way to the payer and the supply point, as `contract__`.
    """
    links = Link.objects.filter(
        user=OuterRef(user), payer=OuterRef(f"{of}payer"), supply_point=OuterRef(f"{of}supply_point"), ended_at=None
    )
    return Subquery(links.values("pk")[:1])
