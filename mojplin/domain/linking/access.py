"""What a user may see. Every customer page begins with one of these questions; nothing else grants access."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.contracts.price_list import energy_on
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.linking.roles import ALLOWED, ON_PROBATION, Act, is_proof_due
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.towns import weather_town
from mojplin.domain.metering.window import WindowDays, window_days
from mojplin.domain.supply.models import FeedRun
from mojplin.domain.supply.municipalities import municipality_at
from mojplin.foundation.prepared import rows


@dataclass(frozen=True, slots=True)
class Place:
    """A supply point as its user knows it: the user's own name for it, and whose payer's things are shown there."""

    link_id: int
    name: str
    payer_id: int
    payer_number: str
    supply_point_id: int
    public_id: str
    number: str
    kind: str
    product: str
    street: str
    post_code: str
    town: str
    municipality: str
    climate_town: str
    reading_first_day: int | None
    reading_last_day: int | None
    icon: str
    colour: str
    role: str
    shared_by: str | None
    """What the holder who shares it is called; None when the place is the user's own."""
    last_on: date | None
    probation_until: datetime | None
    proven_at: datetime
    prove_again_since: datetime | None
    data_as_of: datetime | None
    """When the supplier made the export last taken in: the same for every place, here to save a statement."""

    @property
    def address(self) -> str:
        return f"{self.street}, {self.post_code} {self.town}"

    @property
    def has_meter(self) -> bool:
        return self.kind in ("metered", "network")

    @property
    def window_days(self) -> WindowDays:
        """Between which days of the month a reading may be sent."""
        return window_days(self.kind, self.reading_first_day, self.reading_last_day)

    @property
    def to_read(self) -> PointToRead:
        """What the room of readings must know of the place."""
        return PointToRead(
            supply_point_id=self.supply_point_id,
            number=self.number,
            payer_id=self.payer_id,
            name=self.name,
            window_days=self.window_days,
            weather_town=weather_town(self.climate_town, self.post_code),
            product=self.product,
            energy_on=energy_on,
        )

    @property
    def is_shared(self) -> bool:
        return self.role != Role.HOLDER

    @property
    def may_submit_readings(self) -> bool:
        return self.may(Act.SUBMIT_READINGS)

    @property
    def may_pay(self) -> bool:
        return self.may(Act.PAY)

    @property
    def may_order(self) -> bool:
        return self.may(Act.ORDER)

    @property
    def may_renew(self) -> bool:
        return self.may(Act.RENEW)

    @property
    def may_write(self) -> bool:
        return self.may(Act.WRITE)

    @property
    def may_share(self) -> bool:
        return self.may(Act.SHARE)

    @property
    def may_arrange(self) -> bool:
        return self.may(Act.ARRANGE)

    @property
    def may_move_out(self) -> bool:
        return self.may(Act.MOVE_OUT)

    @property
    def is_proof_due(self) -> bool:
        """Whether the user must prove once more that they belong here (see `recheck`) before they may do all."""
        since, now = self.prove_again_since, timezone.now()
        return is_proof_due(role=self.role, proven_at=self.proven_at, prove_again_since=since, now=now)

    @property
    def is_in_doubt(self) -> bool:
        """Whether a proof is due because somebody else may have come into the account."""
        return self.prove_again_since is not None and self.prove_again_since >= self.proven_at

    def may(self, act: Act) -> bool:
        """Return whether the user may do this here: by the role, and while probation lasts or a proof is due."""
        if act not in ALLOWED[self.role]:
            return False
        return act in ON_PROBATION or not (self._is_on_probation or self.is_proof_due)

    @property
    def _is_on_probation(self) -> bool:
        return self.probation_until is not None and self.probation_until > timezone.now()


_COLUMNS = (
    "id", "name", "payer_id", "payer__number", "supply_point_id", "supply_point__public_id", "supply_point__number",
    "supply_point__kind", "supply_point__product", "supply_point__street", "supply_point__post_code",
    "supply_point__town", "municipality", "supply_point__climate_town", "supply_point__reading_first_day",
    "supply_point__reading_last_day", "icon", "colour", "role", "shared_by", "last_on", "probation_until",
    "proven_at", "user__prove_again_since", "data_as_of",
)  # fmt: skip
NO_POINT = 0
"""No supply point has this key."""
_SHARED_BY = Coalesce(NullIf("shared_from__user__name", Value("")), F("shared_from__user__username"))
_PROVEN_AT = Coalesce(F("proven_again_at"), F("created_at"))
_LAST_FEED = FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN).order_by("-started_at").values("made_at")[:1]


def places_of(user_id: int, *, limit: int | None = None) -> list[Place]:
    """Return the user's places in the user's own order, in one statement."""
    return [Place(*row) for row in rows(_places, (user_id, timezone.localdate()), limit)]


def place_of(user_id: int, public_id: str) -> Place | None:
    """Return the user's place with that public id, or None when it is not theirs or does not exist."""
    row = (
        _current_links(user_id, timezone.localdate())
        .filter(supply_point__public_id=public_id)
        .values_list(*_COLUMNS)
        .first()
    )
    return Place(*row) if row else None


def documents_at(places: Iterable[Place]) -> DocumentQuerySet:
    """Return the documents that these places show: for a page that already has all places of its user."""
    return _documents(_shown_by(places))


def rows_of_documents_at(
    places: Iterable[Place], question: Callable[[DocumentQuerySet, list[int]], QuerySet[Document, Any]]
) -> list[Sequence[Any]]:
    """Return the rows of a question about the documents that these places show, without building it anew every time.

    :param question: a module-level function from the documents, and the keys of the payers whose every place one may
        know of, to a `values_list`.
    """
    shown = _shown_by(places)
    numbers = [number for payer_id, _is_holder, point_ids in shown for number in (payer_id, *point_ids)]
    if not numbers:
        return []
    return rows(_asked, numbers, tuple((is_holder, len(points)) for _payer, is_holder, points in shown), question)


def _asked(numbers: Sequence[int], shape: tuple[tuple[bool, int], ...], question: Any) -> QuerySet[Document, Any]:
    shown, start = [], 0
    for is_holder, count in shape:
        shown.append((numbers[start], is_holder, list(numbers[start + 1 : start + 1 + count])))
        start += 1 + count
    held = [payer_id for payer_id, is_holder, _points in shown if is_holder]
    result: QuerySet[Document, Any] = question(_documents(shown), held)
    return result


def _shown_by(places: Iterable[Place]) -> list[tuple[int, bool, list[int]]]:
    """Return the keys of payers, whether the user holds a link of theirs, and the keys of the supply points."""
    places = list(places)
    holders = {place.payer_id for place in places if not place.is_shared}
    return [(payer_id, payer_id in holders, points) for payer_id, points in points_of_payers(places).items()]


def _documents(shown_by: Iterable[tuple[int, bool, list[int]]]) -> DocumentQuerySet:
    shown = Q(pk__in=())
    for payer_id, is_holder, point_ids in shown_by:
        # A document for no point in particular tells of the payer's other places: only a holder sees it. Asked in this
        # form PostgreSQL reads the payer's newest documents in their order; asked for "or none", all of the payer's.
        here = Q(point_or_none__in=[NO_POINT, *point_ids]) if is_holder else Q(supply_point_id__in=point_ids)
        shown |= Q(payer_id=payer_id) & here
    return Document.objects.alias(point_or_none=Coalesce("supply_point_id", Value(NO_POINT))).filter(shown)


def _places(arguments: Sequence[Any], limit: int | None) -> QuerySet[Link, Any]:
    return _current_links(*arguments).values_list(*_COLUMNS)[:limit]


def payers_kept_back(places: Iterable[Place]) -> frozenset[int]:
    """Return the payers whose documents keep back their files and external numbers: with them one proves again.

    Shown here they would prove nothing, for whoever has come into the account reads them too.
    """
    return frozenset(place.payer_id for place in places if place.is_proof_due and not place.is_shared)


def points_of_payers(places: Iterable[Place]) -> dict[int, list[int]]:
    """Return the keys of the places' supply points by the key of their payer."""
    points: dict[int, list[int]] = {}
    for place in places:
        points.setdefault(place.payer_id, []).append(place.supply_point_id)
    return points


def _current_links(user_id: int, today: date) -> QuerySet[Link]:
    links = Link.objects.filter(in_force(today), user_id=user_id).annotate(
        shared_by=_SHARED_BY,
        proven_at=_PROVEN_AT,
        data_as_of=Subquery(_LAST_FEED),
        municipality=municipality_at("supply_point"),
    )
    return links.order_by("position", "id")


def in_force(today: date) -> Q:
    """Return the condition under which a link shows anything: whoever forgets to end a share, it ends by itself.

    A share needs the link it hangs on, and that one's user, who is not leaving, besides its own last day. The day is
    asked of the clock here and nowhere else in the room: access must not depend on what a page says the day is.
    """
    holder = Q(shared_from=None) | Q(
        shared_from__ended_at=None, shared_from__user__is_active=True, shared_from__user__closing_asked_at=None
    )
    return Q(ended_at=None) & holder & (Q(last_on=None) | Q(last_on__gte=today))


def documents_of(user_id: int) -> DocumentQuerySet:
    """Return the documents the user's links show: of that payer, for that supply point or, to a holder, for none."""
    return _documents_of(user_id, timezone.localdate())


def rows_of_documents_of(
    user_id: int, question: Callable[[DocumentQuerySet, str], QuerySet[Document, Any]], public_id: str
) -> list[Sequence[Any]]:
    """Return the rows of a question about the user's documents and one id, without building it anew every time.

    :param question: a module-level function to a `values_list`.
    """
    return rows(_asked_of, (user_id, timezone.localdate(), public_id), question)


def _asked_of(arguments: Sequence[Any], question: Any) -> QuerySet[Document, Any]:
    user_id, today, public_id = arguments
    result: QuerySet[Document, Any] = question(_documents_of(user_id, today), public_id)
    return result


def _documents_of(user_id: int, today: date) -> DocumentQuerySet:
    links = Link.objects.filter(in_force(today), user_id=user_id, payer=OuterRef("payer"))
    same_point = Exists(links.filter(supply_point=OuterRef("supply_point")))
    return Document.objects.filter(same_point | Q(Exists(links.filter(role=Role.HOLDER)), supply_point=None))


def payer_numbers_of(user_id: int) -> list[str]:
    """Return the numbers of the payers whose links the user holds: what proves, beside the mailbox, that it is them."""
    links = Link.objects.filter(user_id=user_id, ended_at=None, role=Role.HOLDER)
    return sorted(set(links.values_list("payer__number", flat=True)))
