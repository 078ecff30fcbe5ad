"""What the rooms have in common when the office answers what a customer sent: the reason, the log, being too late."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.foundation.errors import Refused

LONGEST_REASON = 200


class AnswerReasonMissing(Refused):
    field = "reason"
    message = _("Write the reason: the customer reads it.")


class AnsweredMeanwhile(Refused):
    message = _("Nothing was done: this was answered, changed or taken back meanwhile. Look at its state.")


def reason_for_customer(typed: str) -> str:
    """Return a reason as it is kept, in one line.

    :raises AnswerReasonMissing: the customer would not learn why.
    """
    reason = " ".join(typed.split())
    if not reason:
        raise AnswerReasonMissing
    return reason[:LONGEST_REASON]


def log_answer(
    *, whose: User, about: str, reason: str, payer_number: str, by: User, now: datetime, ip: str | None
) -> None:
    """Write the answer into the log of who asked, in the transaction of the answer."""
    access_log.record(
        whose=whose, what=AccessEvent.What.OFFICE_ANSWERED, by=by, about=about, reason=reason,
        payer_number=payer_number, now=now, ip=ip,
    )  # fmt: skip
