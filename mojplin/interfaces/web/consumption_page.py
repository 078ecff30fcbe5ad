"""What every section of the consumption page may look at: the place, both ledgers, its bills, the year and unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from mojplin.domain.billing.costs import IssuedDocument, cost_by_month, issued_since
from mojplin.domain.contracts.price_list import dated_energy
from mojplin.domain.linking.access import Place, rows_of_documents_at
from mojplin.domain.metering.gas_units import Base, Unit, gas_units
from mojplin.domain.metering.metered import MeteredMonth
from mojplin.domain.metering.tank import delivered_by_month
from mojplin.domain.metering.usage import PlaceUsage, usage_at
from mojplin.domain.supply.models import SupplyPoint
from mojplin.foundation.months import months_between, year_before
from mojplin.interfaces.web.charts import MonthUse

ShownUnit = Unit | Literal["eur"]
FIRST_YEAR = 1900
NAMES: dict[str, str] = {"m3": "m³", "l": "l", "kg": "kg", "kwh": "kWh", "eur": "€"}
ORDER: dict[Base, tuple[ShownUnit, ...]] = {"m3": ("m3", "kwh", "l", "kg", "eur"), "l": ("l", "kwh", "kg", "eur")}


@dataclass(frozen=True)
class ConsumptionPage:
    """The page as it was asked for; `usage` holds both ledgers and the model of the home."""

    place: Place
    today: date
    usage: PlaceUsage
    documents: Sequence[IssuedDocument]
    """Of this place alone, oldest first: those since the year before the chosen one, in euros all."""
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
            return bool(self.documents)
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

    def cost_of_year(self, year: int) -> Decimal | None:
        """Return what the bills of a year came to, in euros with VAT; None where nothing was billed."""
        touching = [each for each in self.documents if each.first_on.year <= year <= each.last_on.year]
        costs = [eur for month, eur in cost_by_month(touching).items() if month.year == year]
        return sum(costs, Decimal(0)) if costs else None

    @cached_property
    def known(self) -> Mapping[date, MeteredMonth | Decimal]:
        """Return what is known of each month: its use, the euros or the litres delivered."""
        if self.says == "used":
            return self.usage.months
        return self.costs if self.says == "cost" else delivered_by_month(self.usage.deliveries, self.today)

    @cached_property
    def figures(self) -> Mapping[date, MonthUse]:
        """Return the months of the chosen year and the one before in the chosen unit, as far as they are known."""
        months = months_between(date(self.year - 1, 1, 1), date(self.year, 12, 1))
        return {month: self._figure(month, self.known[month]) for month in months if month in self.known}

    def _figure(self, month: date, known: MeteredMonth | Decimal) -> MonthUse:
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
        return [beside(self.figures, date(year, number, 1)) for number in range(1, 13)]

    def query(self, **other: object) -> dict[str, object]:
        """Return the query of the same page with something changed."""
        return {"place": self.place.public_id, "year": self.year, "unit": self.unit} | other


def beside(figures: Mapping[date, MonthUse], month: date) -> MonthUse:
    """Return a month beside the same month a year before, as far as they are known."""
    now, before = figures.get(month), figures.get(year_before(month))
    return MonthUse(
        month,
        now.used if now else None,
        before.used if before else None,
        now.basis if now else "measured",
        before.basis if before else "measured",
        now.range if now else None,
    )


def consumption_page(place: Place, today: date, *, year: str = "", unit: str = "") -> ConsumptionPage:
    """Gather what the page of a year shows of a place; of the documents only what that needs."""
    usage = usage_of(place, today)
    since = date(_year_to_look_at(usage, year, today) - 1, 1, 1)
    return ConsumptionPage(
        place, today, usage, documents_of_place(place, date.min if unit == "eur" else since), year, unit
    )


def whole_consumption(place: Place, today: date) -> ConsumptionPage:
    """Gather all there is of a place, with every document."""
    return ConsumptionPage(place, today, usage_of(place, today), documents_of_place(place, date.min), "", "")


def usage_of(place: Place, today: date) -> PlaceUsage:
    base: Base = "l" if place.kind == SupplyPoint.Kind.BULK else "m3"
    return usage_at(
        supply_point_id=place.supply_point_id,
        payer_id=place.payer_id,
        units=gas_units(base, place.product, dated_energy(place.product, base)),
        post_code=place.post_code,
        has_meter=place.has_meter,
        today=today,
    )


def documents_of_place(place: Place, since: date) -> list[IssuedDocument]:
    """Return the documents of the place alone that the user may see, issued on that day or later, oldest first."""
    documents = [IssuedDocument(*row) for row in rows_of_documents_at([place], issued_since, since)]
    return [each for each in documents if each.supply_point_id == place.supply_point_id]


def _year_to_look_at(usage: PlaceUsage, asked: str, today: date) -> int:
    """Return the year asked for, else the newest of which something is known."""
    newest = max([each.period_to.year for each in usage.billed[-1:]] + [each.on.year for each in usage.deliveries[-1:]],
                 default=today.year)  # fmt: skip
    return int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked[:5]) <= newest else newest
