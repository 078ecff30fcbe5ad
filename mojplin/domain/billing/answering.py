"""What the office answers to requests (how invoices come, direct debit, instalments) where the ERP does not."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.accounts.office_answers import AnsweredMeanwhile, log_answer, reason_for_customer
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.foundation.outbox.models import Message


@transaction.atomic
def accept_request(request: PayerRequest, *, by: User, now: datetime, ip: str | None = None) -> None:
    """Accept a request: from now on it is in force; the ERP is told.

    :raises AnsweredMeanwhile: it is answered already, withdrawn, or replaced by a newer one.
    """
    _answer(request, RequestAnswer.State.ACCEPTED, "", by=by, now=now, ip=ip)


@transaction.atomic
def refuse_request(request: PayerRequest, *, reason: str, by: User, now: datetime, ip: str | None = None) -> None:
    """Refuse a request; the customer reads the reason, the ERP is told.

    :raises AnswerReasonMissing, AnsweredMeanwhile: nothing is refused.
    """
    _answer(request, RequestAnswer.State.REFUSED, reason_for_customer(reason), by=by, now=now, ip=ip)


def _answer(
    request: PayerRequest, state: RequestAnswer.State, reason: str, *, by: User, now: datetime, ip: str | None
) -> None:
    # The row is held until the commit: whoever withdraws or replaces it comes before or after, never in between.
    if PayerRequest.objects.select_for_update().filter(pk=request.pk, ended_at=None).first() is None:
        raise AnsweredMeanwhile
    said = {"state": state, "answered_on": timezone.localdate(now), "note": reason, "answered_by": by}
    _kept, is_first = RequestAnswer.objects.get_or_create(number=request.number, defaults=said)
    if not is_first:
        raise AnsweredMeanwhile
    Message.post(
        "erp.request.answered",
        wakes_worker=False,
        id=request.public_id,
        number=request.number,
        kind=request.kind,
        payer=request.payer.number,
        answer=state.value,
        reason=reason,
        answered_by=by.username,
        answered_at=now.isoformat(),
    )
    log_answer(
        whose=request.asked_by, about=request.number, reason=reason, payer_number=request.payer.number,
        by=by, now=now, ip=ip,
    )  # fmt: skip
    there_may_be_news()
