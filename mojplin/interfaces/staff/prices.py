"""The price lists in the office, as the export brought them: what holds today, held before, and will hold."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.contracts.models import Price
from mojplin.domain.orders.models import Article
from mojplin.interfaces.staff.doors import Role, page, staff_only

SHOWN = 500


@staff_only(Role.READER)
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    gas = Price.objects.order_by("product", "unit", "-valid_from")[:SHOWN]
    articles = Article.objects.order_by("name", "number", "-valid_from")[:SHOWN]
    context = {
        "gas": with_states(gas, ("product", "unit"), on),
        "articles": with_states(articles, ("number",), on),
        "today": on,
    }
    return page(request, "staff/publishing/prices.html", context, active="publishing")


def with_states(lines: Iterable[Any], key: tuple[str, ...], on: date) -> list[tuple[Any, str]]:
    """Return each line with "coming", "current" or "former"; those of one key stand together, the newest first."""
    found, current_of = [], None
    for line in lines:
        which = tuple(getattr(line, name) for name in key)
        if line.valid_from > on:
            state = "coming"
        else:
            state, current_of = ("former" if which == current_of else "current"), which
        found.append((line, state))
    return found
