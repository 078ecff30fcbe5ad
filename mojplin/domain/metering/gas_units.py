"""From cubic metres of vapour or litres of liquid to energy, kilograms and one another. Always "about".

Energy comes from the supplier's price list, dated; the rest is physics of the product, as suppliers bill with it.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

Base = Literal["m3", "l"]
Unit = Literal["m3", "l", "kg", "kwh"]


class OneCubicMetre(NamedTuple):
    """What one cubic metre of vapour at the meter was before: so heavy, and so much liquid."""

    kg: Decimal
    litres: Decimal


PRODUCTS = {
    "propane": OneCubicMetre(kg=Decimal("2.019"), litres=Decimal("3.73")),
    "mixture": OneCubicMetre(kg=Decimal("2.445"), litres=Decimal("4.24")),
}
"""Slovenian price lists: "1 m3 = 3,73 l = 2,019 kg" for propane; of the mixture the levies on m3, l and kg say it."""


class DatedEnergy(NamedTuple):
    """The energy of one unit from a day on, lower heat value."""

    valid_from: date
    kwh_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class GasUnits:
    """The units of a place: what its meter counts or its deliveries come in, and the way from there."""

    base: Base
    product: str
    energy: tuple[DatedEnergy, ...] = ()
    """Oldest first; before the first that one holds."""

    def kwh_per_unit(self, on: date) -> Decimal | None:
        """Return the energy of one base unit on a day, or None where the price list says nothing."""
        if not self.energy:
            return None
        index = bisect_right(self.energy, on, key=lambda each: each.valid_from)
        return self.energy[max(0, index - 1)].kwh_per_unit

    @property
    def changes(self) -> tuple[date, ...]:
        """Return the last days before another energy holds."""
        return tuple(
            after.valid_from - timedelta(days=1)
            for before, after in pairwise(self.energy)
            if before.kwh_per_unit != after.kwh_per_unit
        )

    def per_unit(self, unit: Unit) -> Decimal | None:
        """Return how many m3, l or kg one base unit is; None for energy, which is dated, and for an unknown product."""
        if unit == self.base:
            return Decimal(1)
        gas = PRODUCTS.get(self.product)
        if gas is None or unit == "kwh":
            return None
        in_one_m3 = {"m3": Decimal(1), "l": gas.litres, "kg": gas.kg}
        return in_one_m3[unit] / in_one_m3[self.base]


def gas_units(base: Base, product: str, energy: Iterable[tuple[date, Decimal]]) -> GasUnits:
    """Return the units of a place; `energy` are days and the kWh of one base unit from then on, in any order."""
    return GasUnits(base, product, tuple(sorted(DatedEnergy(*each) for each in energy)))
