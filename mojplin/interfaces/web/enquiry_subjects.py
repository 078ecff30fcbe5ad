"""What a customer may write about: the places where they may write, with the newest documents, readings and orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mojplin.domain.billing.models import Document
from mojplin.domain.linking.access import Place, documents_at
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.operations import Subject
from mojplin.foundation import formats

About = Enquiry.About
NEWEST_OFFERED = 8
"""Of each kind, over all places; an older one is chosen by the link on its own page."""
PAGES = {About.DOCUMENT: "web:document", About.READING: "web:reading_sent", About.ORDER: "web:order_sent"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Something of the customer's to write about; `value` is that of the form."""

    kind: Enquiry.About
    public_id: str
    name: str
    label: str
    supply_point_id: int | None
    payer_id: int

    @property
    def value(self) -> str:
        return f"{self.kind.value}:{self.public_id}"


def things_at(places: Sequence[Place], asked: str) -> list[Thing]:
    """Return what can be written about at these places, newest first of each kind, in at most four statements.

    :param asked: value of a thing a link led here with; it is among them if it is the customer's own.
    """
    if not places:
        return []
    found = [thing for kind in About for thing in _things(kind, _own(kind, places)[:NEWEST_OFFERED], places)]
    kind, _mark, public_id = asked.partition(":")
    if kind in About.values and all(thing.value != asked for thing in found):
        found += _things(About(kind), _own(About(kind), places).filter(public_id=public_id), places)
    return found


def _own(kind: Enquiry.About, places: Sequence[Place]) -> "QuerySet[Any]":
    if kind == About.DOCUMENT:
        return documents_at(places).newest_first()
    shown = Q(pk__in=())
    for place in places:
        if kind == About.READING or place.may_order:
            shown |= Q(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    if kind == About.READING:
        return SubmittedReading.objects.filter(shown).order_by("-submitted_at", "-pk")
    return GasOrder.objects.filter(shown).order_by("-ordered_at", "-pk")


def _things(kind: Enquiry.About, rows: Iterable[Any], places: Sequence[Place]) -> list[Thing]:
    language = formats.active_language()
    # Of several places the reading of each looks alike: it says where.
    names = {each.supply_point_id: f", {each.name}" for each in places} if len(places) > 1 else {}
    return [
        Thing(
            kind=kind, public_id=row.public_id, name=_name(row, "sl"),
            label=_label(row, language) + names.get(row.supply_point_id, ""),
            supply_point_id=row.supply_point_id, payer_id=row.payer_id,
        )
        for row in rows
    ]  # fmt: skip


def _name(row: Any, language: formats.Language) -> str:
    """Return what both sides call it; a reading has no number, so it is its counter and day."""
    if isinstance(row, SubmittedReading):
        return f"{formats.cubic_metres(row.value_m3, language)}, {formats.day(row.read_on, language)}"
    return str(row.number)


def _label(row: Any, language: formats.Language) -> str:
    if isinstance(row, Document):
        return f"{row.get_kind_display()} {row.number}, {formats.day(row.issued_on, language)}"
    return _name(row, language) if isinstance(row, SubmittedReading) else f"{_('Order')} {row.number}"


def grouped(things: Iterable[Thing]) -> list[Any]:
    """Return them as the choices of a select, those of a kind together."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for thing in things:
        groups.setdefault(str(thing.kind.label), []).append((thing.value, thing.label))
    return [("", _("Nothing in particular")), *groups.items()]


def subject_of(place: Place | None, thing: Thing | None, places: Iterable[Place]) -> Subject:
    """Return what the enquiry is about; a thing knows its place better than the field beside it."""
    if thing:
        of_thing = (thing.supply_point_id, thing.payer_id)
        place = next((each for each in places if (each.supply_point_id, each.payer_id) == of_thing), None)
    about: dict[str, Any] = {"payer_id": thing.payer_id} if thing else {}
    if place:
        about |= {
            "supply_point_id": place.supply_point_id,
            "supply_point_number": place.number,
            "payer_id": place.payer_id,
            "place_name": place.name,
        }
    if thing:
        about |= {"about_kind": thing.kind.value, "about_id": thing.public_id, "about_name": thing.name}
    return Subject(**about)


def page_of_subject(enquiry: Enquiry) -> str:
    """Return the address of the thing's own page, which decides by itself whether it still opens; or ""."""
    return reverse(PAGES[About(enquiry.about_kind)], args=[enquiry.about_id]) if enquiry.about_kind else ""
