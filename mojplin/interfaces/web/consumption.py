"""Consumption: two years side by side, the billed readings behind them, and all of it as a file."""

import csv
import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.ending import kwh_per_unit
from mojplin.domain.linking.access import Place
from mojplin.domain.metering import consumption as gas
from mojplin.domain.metering.consumption import BilledPeriod, MonthOfGas
from mojplin.domain.supply.models import SupplyPoint
from mojplin.interfaces.web.charts import Chart, MonthUse, two_year_chart
from mojplin.interfaces.web.doors import own_place, page, today

YEARS_BACK = 6
READINGS_SHOWN = 12
KWH = "kwh"


@require_safe
@own_place
def consumption(request: HttpRequest, place: Place) -> HttpResponse:
    on = today()
    is_bulk = place.kind == SupplyPoint.Kind.BULK
    since = date(on.year - YEARS_BACK, 1, 1)
    at = {"supply_point_id": place.supply_point_id, "payer_id": place.payer_id, "since": since}
    periods = [] if is_bulk else gas.billed_periods(**at)
    used = gas.delivered_by_month(**at, today=on) if is_bulk else gas.by_month(periods)
    if request.GET.get("file") == "csv":
        return csv_file(place, used, periods)
    year = chosen_year(request, used, on)
    factor = kwh_per_unit(product=place.product, unit="l" if is_bulk else "m3", today=on)
    in_kwh = request.GET.get("unit") == KWH and factor is not None
    unit = "kWh" if in_kwh else "l" if is_bulk else "m³"
    chart = chart_of(used, year, unit, factor if in_kwh and factor else Decimal(1))
    context = {
        "chart": chart,
        "year": year,
        "years": [each for each in range(on.year, on.year - YEARS_BACK, -1) if any(m.year == each for m in used)],
        "unit": KWH if in_kwh else "",
        "volume_unit": "l" if is_bulk else "m³",
        "has_kwh": factor is not None,
        "sums": sums_of(used, factor, on),
        "periods": list(reversed(periods))[:READINGS_SHOWN],
        "query": {"place": place.public_id},
    }
    return page(request, "web/consumption/consumption.html", context, active="consumption")


def chosen_year(request: HttpRequest, used: dict[date, MonthOfGas], on: date) -> int:
    """Return the year of the address when there is something in it, else the last year with gas."""
    known = {str(month.year): month.year for month in used}
    return known.get(request.GET.get("year", ""), max(known.values(), default=on.year))


def chart_of(used: dict[date, MonthOfGas], year: int, unit: str, factor: Decimal) -> Chart | None:
    """Return the chart of that year and the one before, in the unit that `factor` leads to; None without any gas."""
    if not used:
        return None
    months = gas.months(date(year, 1, 1), date(year, 12, 1))
    return two_year_chart([month_use(used, month, factor) for month in months], unit)


def month_use(used: dict[date, MonthOfGas], month: date, factor: Decimal = Decimal(1)) -> MonthUse:
    """Return a month beside the same month a year before, in the unit that `factor` leads to."""
    now, before = used.get(month), used.get(gas.year_before(month))
    return MonthUse(
        month,
        now.used * factor if now else None,
        before.used * factor if before else None,
        bool(now and now.is_flat_rate),
        bool(before and before.is_flat_rate),
    )


def sums_of(used: dict[date, MonthOfGas], factor: Decimal | None, on: date) -> dict[str, Any] | None:
    """Return the gas of the last twelve known months, and of a day of this year: as volume, and in kWh if known."""
    if not used:
        return None
    last = max(used)
    year = sum((used[month].used for month in used if month > gas.year_before(last)), Decimal(0))
    this_year = {month: used[month] for month in used if month.year == last.year}
    days = (gas.next_month(last) - max(min(this_year), date(last.year, 1, 1))).days
    a_day = sum((each.used for each in this_year.values()), Decimal(0)) / days
    return {
        "year": year,
        "year_kwh": year * factor if factor else None,
        "a_day": a_day,
        "a_day_kwh": a_day * factor if factor else None,
        "since": min(this_year),
        "until": last,
    }


def csv_file(place: Place, used: dict[date, MonthOfGas], periods: list[BilledPeriod]) -> HttpResponse:
    """Return months and billed readings as a file for a spreadsheet: `;` between cells, UTF-8 with its mark."""
    unit = "l" if place.kind == SupplyPoint.Kind.BULK else "m3"
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(["supply_point", "name", "month", f"used_{unit}", "flat_rate"])
    for month, each in used.items():
        rows.writerow(
            [cell(place.number), cell(place.name), f"{month:%Y-%m}", number(each.used), int(each.is_flat_rate)]
        )
    if periods:
        rows.writerow([])
        rows.writerow(["period_from", "period_to", "value_from_m3", "value_to_m3", "consumption_m3", "basis"])
        rows.writerows(
            [each.period_from, each.period_to, number(each.value_from_m3), number(each.value_to_m3),
             number(each.consumption_m3), each.basis]
            for each in periods
        )  # fmt: skip
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.public_id[:8]}-poraba.csv"'
    return response


def cell(text: str) -> str:
    """Return a text no spreadsheet takes for a formula."""
    return (
        f"'{text}"
        if text.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
        else text
    )


def number(value: Decimal) -> str:
    """Return a number as Slovene spreadsheets read it: decimal comma, no grouping."""
    return f"{value.quantize(gas.SMALLEST_M3, ROUND_HALF_UP):f}".replace(".", ",")
