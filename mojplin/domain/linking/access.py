"""What a user may see. Every customer page begins with one of these questions; nothing else grants access."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from mojplin.domain.billing.models import Document, DocumentQuerySet
from mojplin.domain.linking.models import Link


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

    @property
    def address(self) -> str:
        return f"{self.street}, {self.post_code} {self.town}"

    @property
    def has_meter(self) -> bool:
        return self.kind in ("metered", "network")


_COLUMNS = (
    "id", "name", "payer_id", "payer__number", "supply_point_id", "supply_point__public_id", "supply_point__number",
    "supply_point__kind", "supply_point__product", "supply_point__street", "supply_point__post_code",
    "supply_point__town",
)  # fmt: skip


def places_of(user_id: int, *, limit: int | None = None) -> list[Place]:
    """Return the user's places in the user's own order, in one statement."""
    links = Link.objects.filter(user_id=user_id, ended_at=None).order_by("position", "id")
    return [Place(*row) for row in links.values_list(*_COLUMNS)[:limit]]


def place_of(user_id: int, public_id: str) -> Place | None:
    """Return the user's place with that public id, or None when it is not theirs or does not exist."""
    links = Link.objects.filter(user_id=user_id, ended_at=None, supply_point__public_id=public_id)
    row = links.order_by("position", "id").values_list(*_COLUMNS).first()
    return Place(*row) if row else None


def documents_of(user_id: int) -> DocumentQuerySet:
    """Return the documents the user's links show: of that payer, for that supply point or for none in particular."""
    links = Link.objects.filter(user_id=user_id, ended_at=None, payer=OuterRef("payer"))
    same_point = Exists(links.filter(supply_point=OuterRef("supply_point")))
    return Document.objects.filter(same_point | Q(Exists(links), supply_point=None))
