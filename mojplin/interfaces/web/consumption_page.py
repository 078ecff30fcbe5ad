"""What every section of the consumption page may look at: the place, both ledgers, its bills, the year and unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from mojplin.domain.billing.costs import IssuedDocument, all_issued, cost_by_month
from mojplin.domain.contracts.price_list import dated_energy
from mojplin.domain.linking.access import Place, rows_of_documents_at
from mojplin.domain.metering.gas_units import Base, Unit, gas_units
from mojplin.domain.metering.metered import MeteredMonth
from mojplin.domain.metering.tank import delivered_by_month
from mojplin.domain.metering.usage import PlaceUsage, usage_at
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation.months import year_before
from mojplin.interfaces.web.chart_lines import MonthUse

ShownUnit = Unit | Literal["eur"]
NAMES: dict[str, str] = {"m3": "m³", "l": "l", "kg": "kg", "kwh": "kWh", "eur": "€"}
ORDER: dict[Base, tuple[ShownUnit, ...]] = {"m3": ("m3", "kwh", "l", "kg", "eur"), "l": ("l", "kwh", "kg", "eur")}


@dataclass(frozen=True)
class ConsumptionPage:
    """The page as it was asked for; `usage` holds both ledgers and the model of the home."""

    place: Place
    today: date
    usage: PlaceUsage
    documents: tuple[IssuedDocument, ...]
    """Of this place alone, oldest first."""
    asked_year: str
    asked_unit: str

    @property
    def is_tank(self) -> bool:
        return self.place.kind == SupplyPoint.Kind.BULK

    @cached_property
    def units(self) -> Sequence[ShownUnit]:
        """Return the units the place can be shown in, its own first."""
        known = self.usage.units
        return [each for each in ORDER[known.base] if self._is_known(each)]

    def _is_known(self, unit: ShownUnit) -> bool:
        if unit == "eur":
            return bool(self.costs)
        return bool(self.usage.units.energy) if unit == "kwh" else self.usage.units.per_unit(unit) is not None

    @cached_property
    def unit(self) -> ShownUnit:
        return next((each for each in self.units if each == self.asked_unit), self.usage.units.base)

    @staticmethod
    def name_of(unit: ShownUnit) -> str:
        return NAMES[unit]

    @cached_property
    def costs(self) -> Mapping[date, Decimal]:
        """Return what the bills of the place came to by month, in euros with VAT."""
        return cost_by_month(self.documents)

    @property
    def says(self) -> Literal["used", "delivered", "cost"]:
        """Return what the figures of the chart are."""
        if self.unit == "eur":
            return "cost"
        return "delivered" if self.is_tank and not self.usage.months else "used"

    @cached_property
    def known(self) -> Mapping[date, MeteredMonth | Decimal]:
        """Return every month with a figure of what the chart says, not yet in the chosen unit."""
        if self.says == "used":
            return self.usage.months
        return self.costs if self.says == "cost" else delivered_by_month(self.usage.deliveries, self.today)

    def figure(self, month: date) -> MonthUse | None:
        """Return a known month in the chosen unit, alone."""
        known = self.known.get(month)
        if known is None:
            return None
        if isinstance(known, MeteredMonth):
            return self._used(known)
        return MonthUse(month, known if self.says == "cost" else self._converted(known, month), None)

    def _used(self, month: MeteredMonth) -> MonthUse:
        total = month.kwh if self.unit == "kwh" else self._converted(month.total, month.month)
        if total is None:
            return MonthUse(month.month, None, None)
        scale = total / month.total if month.total else Decimal(1)
        range_ = ((month.used + month.low) * scale, (month.used + month.high) * scale) if month.high else None
        return MonthUse(month.month, total, None, month.basis.value, range=range_)

    def _converted(self, value: Decimal, month: date) -> Decimal | None:
        factor = self.factor(month)
        return None if factor is None else value * factor

    def factor(self, on: date) -> Decimal | None:
        """Return how much of the chosen unit one m3 of the meter, or one litre of the tank, is on a day."""
        if self.unit == "kwh":
            return self.usage.units.kwh_per_unit(on)
        return None if self.unit == "eur" else self.usage.units.per_unit(self.unit)

    @cached_property
    def years(self) -> Sequence[int]:
        """Return the years of which anything is known, the newest first."""
        known = {month.year for month in self.known}
        known |= {each.period_to.year for each in self.usage.billed} | {each.on.year for each in self.usage.deliveries}
        return sorted(known, reverse=True)

    @cached_property
    def year(self) -> int:
        """Return the year asked for when there is something in it, else the newest with figures."""
        known = {str(each): each for each in self.years}
        return known.get(self.asked_year, self.years[0] if self.years else self.today.year)

    def of_year(self, year: int) -> Sequence[MonthUse]:
        """Return the twelve months of a year, those without figures too."""
        return [self._beside(date(year, number, 1)) for number in range(1, 13)]

    def _beside(self, month: date) -> MonthUse:
        """Return a month beside the same month a year before, as far as they are known."""
        now, before = self.figure(month), self.figure(year_before(month))
        return MonthUse(
            month,
            now.used if now else None,
            before.used if before else None,
            now.basis if now else "measured",
            before.basis if before else "measured",
            now.range if now else None,
        )

    def query(self, **other: object) -> dict[str, object]:
        """Return the query of the same page with something changed."""
        return {"place": self.place.public_id, "year": self.year, "unit": self.unit} | other


def consumption_page(place: Place, today: date, *, year: str = "", unit: str = "") -> ConsumptionPage:
    """Gather all that the page, its files and its sections show of a place, in seven statements."""
    base: Base = "l" if place.kind == SupplyPoint.Kind.BULK else "m3"
    usage = usage_at(
        supply_point_id=place.supply_point_id,
        payer_id=place.payer_id,
        units=gas_units(base, place.product, dated_energy(place.product, base)),
        post_code=place.post_code,
        has_meter=place.has_meter,
        today=today,
    )
    documents = [IssuedDocument(*row) for row in rows_of_documents_at([place], all_issued)]
    here = tuple(each for each in documents if each.supply_point_id == place.supply_point_id)
    return ConsumptionPage(place, today, usage, here, year, unit)
