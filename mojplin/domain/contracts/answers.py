"""What the supplier answers to renewals: the feed brings it, here it moves them."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from mojplin.domain.contracts.models import Renewal, RenewalAnswer


@transaction.atomic
def take_answers(*, now: datetime) -> int:
    """Move every renewal that holds to what its answer says; return how many moved.

    One that was withdrawn stays so, whatever the answer: the ERP was told.
    """
    outcome = RenewalAnswer.objects.filter(renewal_number=OuterRef("number")).values("outcome")
    answered = Renewal.objects.holding().annotate(outcome=Subquery(outcome)).exclude(outcome=None)
    moved = 0
    changed = answered.exclude(outcome=F("state")).order_by("pk").values_list("pk", "state", "outcome")
    for renewal, state, said in changed:
        moved += Renewal.objects.filter(pk=renewal, state=state).update(state=said, answered_at=now)
    return moved
