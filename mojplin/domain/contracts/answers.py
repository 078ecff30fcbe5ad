"""What the supplier answers to renewals: the feed brings it, here it moves them and whoever agreed is told."""

from typing import cast

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

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
    changed = answered.exclude(outcome=F("state")).select_related("contract", "agreed_by").order_by("pk")
    answers = RenewalAnswer.objects.in_bulk(changed.values_list("number", flat=True), field_name="renewal_number")
    moved = 0
    for renewal in changed:
        answer = answers[renewal.number]
        if Renewal.objects.filter(pk=renewal.pk, state=renewal.state).update(state=answer.outcome):
            moved += 1
            if renewal.agreed_by.is_active:
                tell(renewal, answer)
    return moved


def tell(renewal: Renewal, answer: RenewalAnswer) -> None:
    """Post the mail with the answer to who agreed, in the transaction that moved the renewal."""
    language = cast(Language, renewal.agreed_by.language)
    context = {
        "number": renewal.number,
        "contract": renewal.contract.number,
        "is_accepted": answer.outcome == RenewalAnswer.Outcome.ACCEPTED,
        "reason": answer.reason,
        "ends_on": formats.day_in_sentence(renewal.ends_on, language, year=True),
        "action_url": address_in(language, "web:renewed", renewal.public_id),
    }
    mail.post(
        to=renewal.agreed_by.email, template="contracts/mail/renewal_answered", context=context, language=language
    )
