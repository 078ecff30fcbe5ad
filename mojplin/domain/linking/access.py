"""What a user may see. Every customer page begins with one of these questions; nothing else grants access."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.linking.models import Link
from mojplin.domain.supply.models import FeedRun
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
    data_as_of: datetime | None
    """When the supplier made the export last taken in: the same for every place, here to save a statement."""

    @property
    def address(self) -> str:
        return f"{self.street}, {self.post_code} {self.town}"

    @property
    def has_meter(self) -> bool:
        return self.kind in ("metered", "network")


_COLUMNS = (
    "id", "name", "payer_id", "payer__number", "supply_point_id", "supply_point__public_id", "supply_point__number",
    "supply_point__kind", "supply_point__product", "supply_point__street", "supply_point__post_code",
    "supply_point__town", "data_as_of",
)  # fmt: skip
_LAST_FEED = FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN).order_by("-started_at").values("made_at")[:1]


def places_of(user_id: int, *, limit: int | None = None) -> list[Place]:
    """Return the user's places in the user's own order, in one statement."""
    return [Place(*row) for row in rows(_places, (user_id,), limit)]


def place_of(user_id: int, public_id: str) -> Place | None:
    """Return the user's place with that public id, or None when it is not theirs or does not exist."""
    row = _current_links(user_id).filter(supply_point__public_id=public_id).values_list(*_COLUMNS).first()
    return Place(*row) if row else None


def documents_at(places: Iterable[Place]) -> DocumentQuerySet:
    """Return the documents that these places show: for a page that already has all places of its user."""
    return _documents(points_of_payers(places).items())


def rows_of_documents_at(
    places: Iterable[Place], question: Callable[[DocumentQuerySet, list[int]], QuerySet[Document, Any]]
) -> list[Sequence[Any]]:
    """Return the rows of a question about the documents that these places show, without building it anew every time.

    :param question: a module-level function from the documents and the keys of their payers to a `values_list`.
    """
    points = points_of_payers(places)
    numbers = [number for payer_id, point_ids in points.items() for number in (payer_id, *point_ids)]
    if not numbers:
        return []
    return rows(_asked, numbers, tuple(len(point_ids) for point_ids in points.values()), question)


def _asked(numbers: Sequence[int], counts: tuple[int, ...], question: Any) -> QuerySet[Document, Any]:
    points, start = [], 0
    for count in counts:
        points.append((numbers[start], list(numbers[start + 1 : start + 1 + count])))
        start += 1 + count
    result: QuerySet[Document, Any] = question(_documents(points), [payer_id for payer_id, _points in points])
    return result


def _documents(points_of_payers: Iterable[tuple[int, list[int]]]) -> DocumentQuerySet:
    shown = Q(pk__in=())
    for payer_id, point_ids in points_of_payers:
        shown |= Q(payer_id=payer_id) & (Q(supply_point_id__in=point_ids) | Q(supply_point=None))
    return Document.objects.filter(shown)


def _places(arguments: Sequence[int], limit: int | None) -> QuerySet[Link, Any]:
    return _current_links(arguments[0]).values_list(*_COLUMNS)[:limit]


def points_of_payers(places: Iterable[Place]) -> dict[int, list[int]]:
    """Return the keys of the places' supply points by the key of their payer."""
    points: dict[int, list[int]] = {}
    for place in places:
        points.setdefault(place.payer_id, []).append(place.supply_point_id)
    return points


def _current_links(user_id: int) -> QuerySet[Link]:
    links = Link.objects.filter(user_id=user_id, ended_at=None).annotate(data_as_of=Subquery(_LAST_FEED))
    return links.order_by("position", "id")


def documents_of(user_id: int) -> DocumentQuerySet:
    """Return the documents the user's links show: of that payer, for that supply point or for none in particular."""
    links = Link.objects.filter(user_id=user_id, ended_at=None, payer=OuterRef("payer"))
    same_point = Exists(links.filter(supply_point=OuterRef("supply_point")))
    return Document.objects.filter(same_point | Q(Exists(links), supply_point=None))


def payer_numbers_of(user_id: int) -> list[str]:
    """Return the numbers of the payers whose places the user sees: what proves, beside the mailbox, that it is them."""
    links = Link.objects.filter(user_id=user_id, ended_at=None)
    return sorted(set(links.values_list("payer__number", flat=True)))
