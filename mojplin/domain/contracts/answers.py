"""What the supplier answers to renewals: the feed brings it, here it moves them and whoever agreed is told."""

from typing import cast

from django.db import transaction
from django.db.models import OuterRef, Subquery

from mojplin.domain.accounts.sites import address_in
from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.foundation import formats, mail
from mojplin.foundation.formats import Language


@transaction.atomic
def take_answers() -> int:
    """Move every renewal that holds to what its answer says, and tell who agreed; return how many moved.

    One that was withdrawn stays so, whatever the answer: the ERP was told.
    """
    outcome = RenewalAnswer.objects.filter(renewal_number=OuterRef("number")).values("outcome")
    answered = Renewal.objects.holding().annotate(outcome=Subquery(outcome)).exclude(outcome=None)
    moved = 0
    for renewal in answered.select_related("contract", "agreed_by").order_by("pk"):
        if renewal.outcome != renewal.state and _moves(renewal, renewal.outcome):
            moved += 1
            if renewal.agreed_by.is_active:
                _tell(renewal, renewal.outcome)
    return moved


def _moves(renewal: Renewal, outcome: str) -> bool:
    held = Renewal.objects.filter(pk=renewal.pk, state=renewal.state)
    return bool(held.update(state=outcome))


def _tell(renewal: Renewal, outcome: str) -> None:
    language = cast(Language, renewal.agreed_by.language)
    answer = RenewalAnswer.objects.get(renewal_number=renewal.number)
    context = {
        "number": renewal.number,
        "contract": renewal.contract.number,
        "is_accepted": outcome == Renewal.State.ACCEPTED,
        "reason": answer.reason,
        "ends_on": formats.day_in_sentence(renewal.ends_on, language, year=True),
        "action_url": address_in(language, "web:renewed", renewal.public_id),
    }
    mail.post(
        to=renewal.agreed_by.email, template="contracts/mail/renewal_answered", context=context, language=language
    )
