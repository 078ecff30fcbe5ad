"""Direct debit: the day on which the supplier collects what is open of a document, and how long that is believed."""

from datetime import date, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, When

from mojplin.domain.billing.models.requests import PayerRequest

SEEN_WITHIN = timedelta(days=5)
"""From the collection to the export that shows the payment; who still owes after that is asked to pay."""


def mandate_is_revoked(of: str = "", *, until: date | None = None) -> Exists:
    """Return whether the mandate was revoked in the portal after the issue of a document: it is not collected.

    :param of: the way to the documents from where the question is asked, as `payer__documents__`.
    :param until: the last day on which a revocation counts; None: all do.
    """
    revoked = PayerRequest.objects.filter(kind=PayerRequest.Kind.NO_DIRECT_DEBIT, ended_at=None)
    if until:
        revoked = revoked.filter(asked_at__date__lte=until)
    return Exists(revoked.filter(payer=OuterRef(f"{of}payer"), asked_at__date__gte=OuterRef(f"{of}issued_on")))


def collecting_on() -> Case:
    """Return the day of collection of a document, as the ERP has it; none once the mandate is revoked."""
    return Case(When(Q(collected_on__isnull=False) & ~mandate_is_revoked(), then=F("collected_on")))


def is_collecting(on: date | None, today: date) -> bool:
    """Return whether nothing need be done because it is collected: from the issue until the payment must have shown."""
    return on is not None and today <= on + SEEN_WITHIN
