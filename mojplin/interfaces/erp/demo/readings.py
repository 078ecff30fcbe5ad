"""What the meters of a place showed, and how each month was billed: read, sent, or estimated and settled later."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from mojplin.interfaces.erp.demo.homes import daily_litres
from mojplin.interfaces.erp.demo.months import Month, months_between
from mojplin.interfaces.erp.demo.records import BilledReading, Meter
from mojplin.interfaces.erp.demo.sites import Case, Site, Stay, tenancy_on
from mojplin.interfaces.erp.demo.weather import Weather, normal_day_c

MOST_FLAT_MONTHS = 5
"""After so many estimated months somebody goes and reads the meter."""
TECHNICIAN_SHARE = 0.05


@dataclass(frozen=True)
class Use:
    """The gas a place burned: litres of vapour of each day from `first` on."""

    first: date
    litres: list[int]

    def until(self, day: date, since: date) -> int:
        """Return the litres burned from `since` to `day`, both included."""
        return sum(self.litres[max(0, (since - self.first).days) : (day - self.first).days + 1])


def play(site: Site, weather: Weather) -> Use:
    """Return what the place burned from its first day to the weather's last (to its closing, if it was closed)."""
    offset = (site.since - weather.first).days
    end = (site.point.closed_on or weather.last) - weather.first
    temperatures = weather.of(site.point.climate_town)[offset : end.days + 1]
    random = Random(f"{site.key} use")
    somebody_in = _presence(site, len(temperatures), Random(f"{site.key} stays"))
    return Use(site.since, daily_litres(site.home, temperatures, random, somebody_in=somebody_in))


def _presence(site: Site, days: int, random: Random) -> list[bool] | None:
    if site.stay is Stay.ALWAYS:
        return None
    presence: list[bool] = []
    for offset in range(days):
        day = site.since + timedelta(days=offset)
        if site.stay is Stay.WEEKENDS:
            is_arrival, length, chance = (day.weekday() == 4, 3, 0.7 if day.month in (1, 2, 7, 8, 12) else 0.45)
        else:
            is_arrival, length, chance = (day.toordinal() % 4 == 0, 4, 0.8 if day.month in (1, 2, 7, 8) else 0.35)
        if is_arrival and random.random() < chance:
            presence += [True] * length
        if len(presence) <= offset:
            presence.append(False)
    return presence[:days]


def meters_of(site: Site, use: Use) -> list[Meter]:
    """Return the meter of the place, or two when it was exchanged; counters in whole cubic metres."""
    was_there = site.counter_start_m3 > 0 and site.cast is None
    serial = site.point.supply_point_number.replace("-", "")
    meter = Meter(
        meter_number=f"G4-{serial}",
        supply_point_number=site.point.supply_point_number,
        digits=5,
        decimals=0,
        installed_on=site.since.replace(year=site.since.year - 4) if was_there else site.since,
        initial_value_m3=Decimal(0 if was_there else site.counter_start_m3),
    )
    exchanged_on = _exchanged_on(site, use)
    final = site.counter_start_m3 + use.until(exchanged_on, site.since) // 1000 if exchanged_on else 0
    if exchanged_on:
        meter = replace(meter, removed_on=exchanged_on, final_value_m3=Decimal(final))
        new = replace(meter, meter_number=f"G4-9{serial}", installed_on=exchanged_on, initial_value_m3=Decimal(1))
        return [meter, replace(new, removed_on=None, final_value_m3=None)]
    if site.point.closed_on:
        last = site.point.closed_on - timedelta(days=1)
        value = site.counter_start_m3 + use.until(last, site.since) // 1000
        return [replace(meter, removed_on=last, final_value_m3=Decimal(value))]
    return [meter]


def _exchanged_on(site: Site, use: Use) -> date | None:
    if Case.EXCHANGE not in site.cases:
        return None
    random = Random(f"{site.key} exchange")
    last = use.first + timedelta(days=len(use.litres) - 1)
    day = date(last.year - 1, random.randint(3, 6), random.randint(10, 20))
    return day if day > site.since + timedelta(days=120) else None


def billed_readings(site: Site, use: Use, meters: list[Meter], *, until: date) -> list[BilledReading]:
    """Return the billed months of a metered place in order, not yet numbered."""
    return _Reader(site, use, meters).read(until)


def sent_reading_id(meter_number: str, month: Month) -> str:
    """Return the id under which the cast sent the reading of a month."""
    return f"{meter_number}-{month.year}{month.number:02d}".ljust(22, "x")[-22:]


class _Reader:
    """Reads one place month by month, remembering what was last billed and how often it was estimated."""

    def __init__(self, site: Site, use: Use, meters: list[Meter]) -> None:
        self.site = site
        self.use = use
        self.meters = meters
        self.random = Random(f"{site.key} readings")
        self.meter = meters[0]
        self.meter_since, self.meter_start_m3 = (site.since, Decimal(site.counter_start_m3))
        self.billed_m3 = self.meter_start_m3
        self.flat_months = 0
        self.rows: list[BilledReading] = []

    def read(self, until: date) -> list[BilledReading]:
        for month in months_between(self.site.since, until):
            if self.site.point.closed_on and month.first >= self.site.point.closed_on:
                break
            starts_on = month.first
            if self.meter.removed_on and Month.of(self.meter.removed_on) == month and len(self.meters) > 1:
                self._exchange(month)
                starts_on = self.meter.installed_on + timedelta(days=1)
            basis = self._basis(month)
            if basis == "flat_rate":
                self._bill(starts_on, month.last, self.billed_m3 + self._estimate_m3(month), basis)
            else:
                self._bill(starts_on, month.last, self._counter_m3(month.last, exact=basis == "remote"), basis)
        return self.rows

    def _exchange(self, month: Month) -> None:
        old, new = self.meters
        assert old.removed_on and old.final_value_m3 is not None
        self._bill(month.first, old.removed_on, old.final_value_m3, "exchange")
        self.meter = new
        self.meter_since = old.removed_on + timedelta(days=1)
        self.meter_start_m3 = self.billed_m3 = new.initial_value_m3

    def _bill(self, first: date, last: date, value_m3: Decimal, basis: str) -> None:
        is_settled = basis != "flat_rate" and self.flat_months > 0
        self.flat_months = self.flat_months + 1 if basis == "flat_rate" else 0
        tenancy = tenancy_on(self.site, last)
        self.rows.append(
            BilledReading(
                supply_point_number=self.site.point.supply_point_number,
                payer_number=tenancy.payer.payer_number,
                meter_number=self.meter.meter_number,
                period_from=first,
                period_to=last,
                value_from_m3=self.billed_m3,
                value_to_m3=value_m3,
                basis="settlement" if is_settled else basis,
                **self._answers(last, basis),
            )
        )
        self.billed_m3 = value_m3

    def _answers(self, last: date, basis: str) -> dict[str, str]:
        """Return the customer's reading that the row uses or replaces: the cast sends one every month."""
        if not self.site.cast or basis not in ("customer_reported", "flat_rate"):
            return {}
        sent = sent_reading_id(self.meter.meter_number, Month.of(last))
        return {"customer_reading": sent, "not_used_because": "late" if basis == "flat_rate" else ""}

    def _basis(self, month: Month) -> str:
        chance = self.random.random()
        if Case.REMOTE in self.site.cases:
            return "remote"
        if self._must_be_read(month):
            return "technician"
        if self._is_flat(month) or (self.site.cast is None and chance > self.site.reports):
            return "flat_rate" if self.flat_months < MOST_FLAT_MONTHS else "technician"
        return "technician" if chance < TECHNICIAN_SHARE else "customer_reported"

    def _must_be_read(self, month: Month) -> bool:
        """Tell whether a payer, a meter or the place ends with this month or the next: then nothing is estimated."""
        ends = [meter.removed_on for meter in self.meters] + [tenancy.ends_on for tenancy in self.site.tenancies]
        return any(day and month <= Month.of(day) <= month.after() for day in ends)

    def _is_flat(self, month: Month) -> bool:
        year = self.use.first.year + 5
        if self.site.cast and self.site.cast.name == "Dom":
            return (month.year, month.number) in {(year, 2), (year - 1, 7), (year - 1, 8)}
        return Case.FLAT_RATE in self.site.cases and (month.year, month.number) in {(year - 1, 11), (year - 1, 12)}

    def _counter_m3(self, day: date, *, exact: bool) -> Decimal:
        litres = int(self.meter_start_m3 * 1000) + self.use.until(day, self.meter_since)
        return Decimal(litres if exact else litres // 1000 * 1000) / 1000

    def _estimate_m3(self, month: Month) -> int:
        """Return the supplier's estimate: the same month a year before, else that of a normal year."""
        before = Month(month.year - 1, month.number)
        if before.first >= self.site.since:
            return round(self.use.until(before.last, before.first) / 1000)
        home, town = self.site.home, self.site.point.climate_town
        normal = normal_day_c(town, month.first.replace(day=15))
        return round(home.slope_m3 * (home.base_degrees + max(0.0, home.balance_c - normal)) * 30)
