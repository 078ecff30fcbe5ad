"""Tells staff, once an hour, that far too many tries to link fail: somebody is guessing."""

from datetime import datetime

import structlog
from django.conf import settings

from mojplin.domain.linking import limits
from mojplin.foundation import mail
from mojplin.foundation.housekeeping import watch
from mojplin.foundation.limits import hit

log = structlog.get_logger(__name__)


@watch
def alarm_at_attack(now: datetime) -> None:
    """Log an alarm and mail the supplier while the hour's failures are used up."""
    if not limits.is_under_attack(now) or hit("link:alarm", window=limits.HOUR, now=now) > 1:
        return
    failures = limits.failures_of_portal(now)
    log.error("linking_under_attack", failures=failures)
    mail.post(
        to=settings.SUPPLIER["email"],
        template="linking/mail/attack",
        context={"failures": failures},
        language=settings.LANGUAGE_CODE,
    )
