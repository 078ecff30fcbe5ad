"""Consumption of a place: a list of sections, each of which says one thing and has a template of its own.

To add one: a function from `ConsumptionPage` to what its template needs (None: it has nothing to say here), its name in
`SECTIONS`, the template `web/consumption/_<name>.html`, and its line in `web/consumption/consumption.html`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mojplin.domain.linking.access import Place
from mojplin.interfaces.web.consumption_answer import answer, tiles
from mojplin.interfaces.web.consumption_bills import billed, deliveries
from mojplin.interfaces.web.consumption_files import files
from mojplin.interfaces.web.consumption_outlook import refill, season, unusual
from mojplin.interfaces.web.consumption_page import ConsumptionPage, consumption_page
from mojplin.interfaces.web.consumption_weather import similar, weather
from mojplin.interfaces.web.doors import own_place, page, today

Section = Callable[[ConsumptionPage], dict[str, Any] | None]
SECTIONS: dict[str, Section] = {
    "answer": answer,
    "tiles": tiles,
    "unusual": unusual,
    "refill": refill,
    "weather": weather,
    "season": season,
    "similar": similar,
    "billed": billed,
    "deliveries": deliveries,
    "files": files,
}


@require_safe
@own_place
def consumption(request: HttpRequest, place: Place) -> HttpResponse:
    shown = consumption_page(place, today(), year=request.GET.get("year", ""), unit=request.GET.get("unit", ""))
    context = {"shown": shown} | {name: section(shown) for name, section in SECTIONS.items()}
    return page(request, "web/consumption/consumption.html", context, active="consumption")
