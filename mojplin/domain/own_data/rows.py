"""Rows of the copy: plain values, by what they are called in it."""

from typing import Any

from django.db.models import Q, QuerySet

from mojplin.domain.linking.access import Place

Row = dict[str, Any]


def at_places(rows: "QuerySet[Any]", places: list[Place], *, own: Q | None = None) -> "QuerySet[Any]":
    """Return the rows of the payer at the place, for every place; and those that are the person's own besides."""
    shown = own if own is not None else Q(pk__in=())
    for place in places:
        shown |= Q(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    return rows.filter(shown)


def rows_of(found: "QuerySet[Any]", **columns: str) -> list[Row]:
    """Return the columns of what was found: what each is called in the copy, and where it stands."""
    return [dict(zip(columns, values, strict=True)) for values in found.values_list(*columns.values())]
