"""Consumption as files: readings, months, billed rows and deliveries, as CSV, one Excel workbook, or JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mojplin.domain.linking.access import Place
from mojplin.domain.metering.billed import billed_by_month
from mojplin.domain.metering.metered import Basis
from mojplin.domain.metering.models import BilledReading
from mojplin.foundation.months import months_between
from mojplin.foundation.spreadsheets import XLSX_TYPE, Cell, Column, Sheet, csv_of, workbook_of
from mojplin.interfaces.web.consumption_page import NAMES, ConsumptionPage, consumption_page
from mojplin.interfaces.web.doors import own_place, today


@dataclass(frozen=True)
class Table:
    """A table of the files: `keys` name its columns in JSON, `columns` in the reader's language."""

    name: str
    title: str
    keys: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def files(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return which tables there are to take along: those of `tables_of`, without filling them."""
    usage = shown.usage
    filled = {
        "readings": usage.readings,
        "months": usage.months or usage.billed or shown.costs,
        "billed": usage.billed,
        "deliveries": usage.deliveries,
    }
    return {"tables": [name for name, rows in filled.items() if rows] or ["months"]}


@require_safe
@own_place
def data(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with `?file=`, which is `<table>.csv`, `all.json` or `all.xlsx`: everything, whatever the page shows."""
    file = request.GET.get("file", "all.xlsx")
    tables = {each.name: each for each in tables_of(consumption_page(place, today()))}
    name, _dot, form = file.partition(".")
    if form == "csv" and name in tables:
        table = tables[name]
        decimal_comma = get_language() != "en"
        text = "".join(csv_of(table.columns, table.rows, decimal_comma=decimal_comma))
        return download(place, text, "text/csv; charset=utf-8", file)
    if file == "all.xlsx":
        book = workbook_of(Sheet(each.title, each.columns, each.rows) for each in tables.values())
        return download(place, book, XLSX_TYPE, file)
    if file == "all.json":
        return download(place, json_of(place, tables), "application/json", file)
    raise Http404


def download(place: Place, content: str | bytes, content_type: str, file: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{place.public_id[:8]}-{file}"'
    return response


def tables_of(shown: ConsumptionPage) -> list[Table]:
    """Return the tables that have something in them, or one of months without rows."""
    tables = [readings_table(shown), months_table(shown), billed_table(shown), deliveries_table(shown)]
    return [each for each in tables if each.rows] or [months_table(shown)]


def readings_table(shown: ConsumptionPage) -> Table:
    numbers = {each.meter_id: each.number for each in shown.usage.meters}
    return Table(
        "readings",
        _("Meter readings"),
        ("on", "meter", "value_m3"),
        (Column(_("Day")), Column(_("Meter")), Column(_("Counter (m³)"), places=3)),
        [(each.on, numbers.get(each.meter_id, ""), each.value_m3) for each in shown.usage.readings],
    )


def months_table(shown: ConsumptionPage) -> Table:
    """Both ledgers side by side, from the first month of either to the last."""
    base = shown.usage.units.base
    unit, billed = NAMES[base], billed_by_month(shown.usage.billed)
    known = [*shown.usage.months, *billed, *shown.costs]
    months = months_between(min(known), max(known)) if known else []
    return Table(
        "months",
        _("Months"),
        ("month", f"used_{base}", "basis", f"from_{base}", f"to_{base}", "used_kwh", f"billed_{base}", "cost_eur"),
        (
            Column(_("Month")),
            Column(_("Used (%(unit)s)") % {"unit": unit}, places=3),
            Column(_("How we know"), width=28),
            Column(_("Estimate from (%(unit)s)") % {"unit": unit}, places=3),
            Column(_("Estimate to (%(unit)s)") % {"unit": unit}, places=3),
            Column(_("Used (kWh)"), places=1),
            Column(_("Billed (%(unit)s)") % {"unit": unit}, places=3),
            Column(_("Bills with VAT (€)"), places=2),
        ),
        [month_row(shown, month, billed[month].used if month in billed else None) for month in months],
    )


def month_row(shown: ConsumptionPage, month: date, billed: Decimal | None) -> Sequence[Cell]:
    known = shown.usage.months.get(month)
    cost = shown.costs.get(month)
    if known is None:
        return (f"{month:%Y-%m}", None, None, None, None, None, billed, cost)
    low, high = (known.used + known.low, known.used + known.high) if known.high else (None, None)
    kwh = None if known.kwh is None else known.kwh.quantize(Decimal("0.1"))
    return (f"{month:%Y-%m}", known.total, words_of_basis()[known.basis], low, high, kwh, billed, cost)


def billed_table(shown: ConsumptionPage) -> Table:
    numbers = {each.meter_id: each.number for each in shown.usage.meters}
    rows = [
        (each.period_from, each.period_to, numbers.get(each.meter_id, ""), each.value_from_m3, each.value_to_m3,
         each.consumption_m3, str(BilledReading.Basis(each.basis).label), each.document_number)
        for each in shown.usage.billed
    ]  # fmt: skip
    return Table(
        "billed",
        _("Billed"),
        ("period_from", "period_to", "meter", "value_from_m3", "value_to_m3", "billed_m3", "basis", "document"),
        (
            Column(_("From")),
            Column(_("Until")),
            Column(_("Meter")),
            Column(_("Counter from (m³)"), places=3),
            Column(_("Counter to (m³)"), places=3),
            Column(_("Billed (%(unit)s)") % {"unit": "m³"}, places=3),
            Column(_("Billing basis"), width=28),
            Column(_("Document"), width=20),
        ),
        rows,
    )


def deliveries_table(shown: ConsumptionPage) -> Table:
    return Table(
        "deliveries",
        _("Deliveries"),
        ("on", "filled_l", "gauge_before_percent", "gauge_after_percent", "document"),
        (
            Column(_("Day")),
            Column(_("Filled (l)"), places=3),
            Column(_("Gauge before (%)"), places=2),
            Column(_("Gauge after (%)"), places=2),
            Column(_("Document"), width=20),
        ),
        [tuple(each) for each in shown.usage.deliveries],
    )


def words_of_basis() -> Mapping[Basis, str]:
    """Return the words of the page's chart for each basis."""
    return {
        Basis.MEASURED: _("measured"),
        Basis.SPLIT: _("split by the weather"),
        Basis.SPLIT_LONG: _("split from a long time"),
        Basis.ESTIMATED: _("estimate"),
        Basis.PARTIAL: _("part of the month"),
    }


def json_of(place: Place, tables: Mapping[str, Table]) -> str:
    """Return all tables as JSON: numbers as text, so that they stay exact; units stand in the names."""
    named = {
        name: [{key: _plain(cell) for key, cell in zip(each.keys, row, strict=True)} for row in each.rows]
        for name, each in tables.items()
    }
    return json.dumps({"supply_point": place.number, "name": place.name} | named, ensure_ascii=False, indent=2)


def _plain(cell: Cell) -> str | None:
    if cell is None:
        return None
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
