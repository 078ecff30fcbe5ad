"""What is done with a payer's data stands in the access log of everybody who sees that payer's things."""

from datetime import datetime

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User


def record_for_payer(
    *,
    number: str,
    what: AccessEvent.What,
    by: User | None,
    now: datetime,
    about: str = "",
    reason: str = "",
    ip: str | None = None,
) -> None:
    """Record an act for each account linked to the payer today; once for nobody's when there is none.

    :param by: None: somebody without an account, or the portal itself.
    :param number: the payer's; it stands in every event, so that "who looked at this payer" has an answer.
    """
    people = User.objects.filter(links__payer__number=number, links__ended_at=None, erased_at=None).distinct()
    concerned: list[User | None] = [*people.order_by("pk")]
    for each in concerned or [None]:
        access_log.record(whose=each, what=what, by=by, about=about, reason=reason, payer_number=number, ip=ip, now=now)
