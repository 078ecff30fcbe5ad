"""An export of the ERP that was held: a person looks at the difference, then accepts or rejects it, once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation.errors import Refused

State, What = FeedRun.State, AccessEvent.What


class AlreadyDecided(Refused):
    message = _("This export no longer waits for a decision.")


class Overtaken(Refused):
    message = _("A later export has been taken in since; this one would bring back what was before.")


def is_overtaken(run: FeedRun) -> bool:
    """Return whether a later export has been taken in, so that this one can only be rejected."""
    return FeedRun.objects.filter(state=State.TAKEN_IN, sequence__gt=run.sequence or 0).exists()


@transaction.atomic
def accept_export(*, run: FeedRun, reason: str, by: User, now: datetime, ip: str | None) -> None:
    """Let a held export be taken in as it is; the worker begins within seconds.

    :raises Overtaken: it would be refused as the older one.
    :raises AlreadyDecided: somebody else was quicker.
    """
    if is_overtaken(run):
        raise Overtaken
    _decide(run, State.ACCEPTED, What.EXPORT_ACCEPTED, reason, by, now, ip)


@transaction.atomic
def reject_export(*, run: FeedRun, reason: str, by: User, now: datetime, ip: str | None) -> None:
    """Let a held export never be taken in; what customers see stays as it is until the next one.

    :raises AlreadyDecided: somebody else was quicker.
    """
    _decide(run, State.REJECTED, What.EXPORT_REJECTED, reason, by, now, ip)


def _decide(
    run: FeedRun, state: FeedRun.State, what: AccessEvent.What, reason: str, by: User, now: datetime, ip: str | None
) -> None:
    held = FeedRun.objects.filter(pk=run.pk, state=State.HELD)
    if not held.update(state=state, decided_by=by, decided_at=now, decision_reason=reason):
        raise AlreadyDecided
    about = f"{run.sequence or run.pk}"
    access_log.record(whose=None, what=what, by=by, about=about, reason=reason, ip=ip, now=now)
