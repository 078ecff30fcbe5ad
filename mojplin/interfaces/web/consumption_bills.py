"""Consumption, what it comes from: billed readings with their basis and document, deliveries with their gauges."""

from typing import Any

from mojplin.domain.metering.usage import unsettled
from mojplin.interfaces.web.consumption_page import ConsumptionPage


def billed(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return the billed readings of the chosen year, the newest first, each with the document it stands on."""
    rows = [each for each in reversed(shown.usage.billed) if each.period_to.year == shown.year]
    if not rows:
        return None
    return {"rows": rows, "documents": addresses(shown), "unsettled": unsettled(shown.usage)}


def deliveries(shown: ConsumptionPage) -> dict[str, Any] | None:
    """Return the deliveries of the chosen year, the newest first."""
    rows = [each for each in reversed(shown.usage.deliveries) if each.on.year == shown.year]
    return {"rows": rows, "documents": addresses(shown)} if rows else None


def addresses(shown: ConsumptionPage) -> dict[str, str]:
    """Return the public ids of the documents this user may see, by their numbers."""
    return {each.number: each.public_id for each in shown.documents}
