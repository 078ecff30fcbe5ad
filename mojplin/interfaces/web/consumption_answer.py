"""Consumption, the answer: this year against last as a sentence, a chart and a table; and three figures of the year."""

from datetime import date
from decimal import Decimal
from typing import Any

from mojplin.foundation.months import year_before
from mojplin.interfaces.web.charts import two_year_chart
from mojplin.interfaces.web.consumption_page import NAMES, ConsumptionPage


def answer(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return the chart of the chosen year and the one before, and the factor by which its unit was reached."""
    if not shown.known:
        return None
    until = date(shown.year, 12, 31)
    factor = shown.factor(until) if shown.unit != shown.usage.units.base else None
    return {
        "chart": two_year_chart(shown.of_year(shown.year), NAMES[shown.unit]),
        "says": shown.says,
        "factor": factor,
        "base": NAMES[shown.usage.units.base],
        "falls": shown.usage.chain.falls,
    }


def tiles(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return the last twelve known months, a day of the newest year, and what its bills came to."""
    months = [each for each in shown.usage.months.values() if each.days]
    if not months:
        return None
    last = months[-1].month
    year = [each for each in months if each.month > year_before(last)]
    this_year = [each for each in months if each.month.year == last.year]
    days = sum(each.days for each in this_year)
    a_day = sum((each.used for each in this_year), Decimal(0)) / days
    costs = [eur for month, eur in shown.costs.items() if month.year == last.year]
    kwh = shown.usage.units.kwh_per_unit(last)
    used = sum((each.used for each in year), Decimal(0))
    return {
        "months": len(year),
        "used": used,
        "kwh": used * kwh if kwh else None,
        "a_day": a_day,
        "a_day_kwh": a_day * kwh if kwh else None,
        "year": last.year,
        "until": shown.usage.intervals[-1].until,
        "cost_eur": sum(costs, Decimal(0)) if costs else None,
        "unit": NAMES[shown.usage.units.base],
    }
