"""Municipalities of supply points: what the supplier names, else the one called like the town."""

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Coalesce, NullIf

from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation.folding import folded_words


def municipality_at(point: str = "") -> Coalesce:
    """Return the municipality of a supply point as an expression; `point`: the way to it from the model asked."""
    way = f"{point}__" if point else ""
    return Coalesce(NullIf(f"{way}municipality", Value("")), F(f"{way}town"), output_field=CharField())


def municipalities() -> dict[str, int]:
    """Return the municipalities where the supplier has open supply points, by name, with how many of them."""
    open_points = SupplyPoint.objects.filter(closed_on=None).annotate(where=municipality_at())
    found = open_points.values_list("where").annotate(Count("pk"))
    return dict(sorted(found, key=lambda each: folded_words(each[0])))
