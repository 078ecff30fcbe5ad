"""What the office answers to renewals where the ERP does not."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.accounts.office_answers import AnsweredMeanwhile, log_answer, reason_for_customer
from mojplin.domain.contracts.models import Renewal, RenewalAnswer
from mojplin.foundation.outbox.models import Message


@transaction.atomic
def accept_renewal(renewal: Renewal, *, by: User, now: datetime, ip: str | None = None) -> None:
    """Accept a renewal; the customer and the ERP are told.

    :raises AnsweredMeanwhile: it is answered already, or the customer has withdrawn from it.
    """
    _answer(renewal, RenewalAnswer.Outcome.ACCEPTED, "", by=by, now=now, ip=ip)


@transaction.atomic
def refuse_renewal(renewal: Renewal, *, reason: str, by: User, now: datetime, ip: str | None = None) -> None:
    """Refuse a renewal; the customer reads the reason, the ERP is told.

    :raises AnswerReasonMissing, AnsweredMeanwhile: nothing is refused.
    """
    _answer(renewal, RenewalAnswer.Outcome.REFUSED, reason_for_customer(reason), by=by, now=now, ip=ip)


def _answer(
    renewal: Renewal, outcome: RenewalAnswer.Outcome, reason: str, *, by: User, now: datetime, ip: str | None
) -> None:
    waiting = Renewal.objects.filter(pk=renewal.pk, state=Renewal.State.SENT)
    if not waiting.update(state=outcome, answered_at=now):
        raise AnsweredMeanwhile
    said = {"outcome": outcome, "answered_on": timezone.localdate(now), "reason": reason, "answered_by": by}
    RenewalAnswer.objects.update_or_create(renewal_number=renewal.number, defaults=said)
    Message.post(
        "erp.renewal.answered",
        wakes_worker=False,
        id=renewal.public_id,
        number=renewal.number,
        contract=renewal.contract.number,
        answer=outcome.value,
        reason=reason,
        answered_by=by.username,
        answered_at=now.isoformat(),
    )
    log_answer(
        whose=renewal.agreed_by, about=renewal.number, reason=reason, payer_number=renewal.contract.payer.number,
        by=by, now=now, ip=ip,
    )  # fmt: skip
    there_may_be_news()
