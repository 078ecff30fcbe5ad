"""Many places at a glance: until when the contract of each lasts and what is unpaid, in one statement for all."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum

from mojplin.domain.billing.models import Document
from mojplin.domain.contracts.models import Contract, Renewal
from mojplin.domain.linking.access import Place
from mojplin.domain.linking.models import Link


class Glance(NamedTuple):
    """What stands beside a place in a table of many."""

    ends_on: date | None
    """The last day of the contract in force; None: it has no end, or there is none."""
    is_ending: bool
    """It ends soon, and nobody has renewed it."""
    unpaid_eur: Decimal


def glances_at(places: Iterable[Place], today: date) -> dict[int, Glance]:
    """Return what is to be said of the places, by the key of their link: all of it is what each link shows anyway."""
    here = {"supply_point": OuterRef("supply_point"), "payer": OuterRef("payer")}
    lasting = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    renewed = Exists(Renewal.objects.holding().filter(contract=OuterRef("pk")))
    contracts = Contract.objects.filter(lasting, **here).annotate(is_renewed=renewed)
    contracts = contracts.order_by(F("ends_on").asc(nulls_last=True))
    unpaid = Document.objects.filter(**here).standing("unpaid", today).order_by().values("payer")
    found = Link.objects.filter(pk__in=[each.link_id for each in places]).values_list(
        "pk",
        Subquery(contracts.values("ends_on")[:1]),
        Subquery(contracts.values("is_renewed")[:1]),
        Subquery(unpaid.annotate(total=Sum("open_eur")).values("total")),
    )
    soon = today + timedelta(days=settings.OFFER_DAYS_BEFORE)
    return {
        link_id: Glance(ends_on, bool(ends_on and ends_on <= soon and not is_renewed), unpaid_eur or Decimal(0))
        for link_id, ends_on, is_renewed, unpaid_eur in found
    }
