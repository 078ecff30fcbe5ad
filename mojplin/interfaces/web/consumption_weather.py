"""Consumption compared fairly: with the year before as if both had been normal ones, and with homes like it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from mojplin.domain.metering.climate import normal_climate
from mojplin.domain.metering.fair_comparison import SAME_BELOW_PERCENT, Days, MonthPair, remembered_comparison
from mojplin.domain.metering.homes_alike import billed_in, homes_like
from mojplin.domain.metering.metered import MeteredMonth
from mojplin.foundation.months import last_day, year_before
from mojplin.interfaces.web.chart_lines import MonthUse
from mojplin.interfaces.web.consumption_page import NAMES, ConsumptionPage


def weather(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return what is left of the difference between two years when the weather is taken out."""
    usage = shown.usage
    if not usage.model.readings:
        return None
    town = usage.climate.town
    pairs = [pair for month in shown.of_year(shown.year) if (pair := _pair(shown, month))]
    found = remembered_comparison(usage.model, usage.climate, normal_climate(town), tuple(pairs))
    if found is None or found.change_percent is None or found.normal_change_percent is None:
        return None
    return {
        "found": found,
        "unit": NAMES[shown.unit if shown.says == "used" else usage.units.base],
        "until": last_day(pairs[-1].now.until),
        "town": town,
        "same_below": SAME_BELOW_PERCENT,
        "portrait": usage.model.portrait(),
        "base_unit": NAMES[usage.units.base],
    }


def _pair(shown: ConsumptionPage, month: MonthUse) -> MonthPair | None:
    """Return a month beside the same month a year before, where all days of both are measured."""
    months = shown.usage.months
    now, before = months.get(month.month), months.get(year_before(month.month))
    if not (now and before and now.is_whole and before.is_whole):
        return None
    used, used_before = _used(shown, now), _used(shown, before)
    return MonthPair(_days(now), used, _days(before), used_before)


def _days(month: MeteredMonth) -> Days:
    return Days(month.month - timedelta(days=1), last_day(month.month))


def _used(shown: ConsumptionPage, month: MeteredMonth) -> Decimal:
    figure = shown.figure(month.month) if shown.says == "used" else None
    return figure.used if figure and figure.used is not None else month.used


def similar(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return the place beside homes like it, where there are at least twenty and its own year was billed."""
    usage = shown.usage
    if shown.is_tank or usage.ends_on or not usage.billed:
        return None
    alike = homes_like(town=usage.climate.town, product=shown.place.product)
    own_m3 = billed_in(usage.billed, alike.year_from, alike.year_to) if alike else None
    if alike is None or own_m3 is None:
        return None
    kwh = usage.units.kwh_per_unit(alike.year_to)
    return {
        "alike": alike,
        "town": usage.climate.town,
        "stands": "less" if own_m3 < alike.lower_m3 else "more" if own_m3 > alike.upper_m3 else "alike",
        "unit": NAMES["kwh" if kwh else "m3"],
        "own": own_m3 * (kwh or 1),
        "lower": alike.lower_m3 * (kwh or 1),
        "middle": alike.middle_m3 * (kwh or 1),
        "upper": alike.upper_m3 * (kwh or 1),
    }
