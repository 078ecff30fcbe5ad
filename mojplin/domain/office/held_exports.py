"""An export of the ERP that was held: administrators are told, and one accepts or rejects it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused

State, What = FeedRun.State, AccessEvent.What


class AlreadyDecided(Refused):
    message = _("This export no longer waits for a decision.")


class Overtaken(Refused):
    message = _("A later export has been taken in since; this one would bring back what was before.")


def tell_of_held(run: FeedRun) -> None:
    """Post a mail to each administrator: what is different, and where it is decided. Call where it is held.

    An export that waits already, held once more because the ERP sent it again, is told of once.
    """
    waiting = FeedRun.objects.filter(state=State.HELD, manifest_sha256=run.manifest_sha256).exclude(pk=run.pk)
    if waiting.exists():
        return
    for admin in User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk"):
        mail.post(
            to=admin.email,
            template="office/mail/export_held",
            context=_told(run, admin),
            language=admin.language,
        )


def _told(run: FeedRun, admin: User) -> dict[str, Any]:
    """Return what the mail says; `files` and `payers` alone that made it be held."""
    made_at = timezone.localtime(run.made_at or run.started_at)
    language = formats.language_of(admin.language)
    files, payers = run.difference.get("files", {}), run.difference.get("payers", {})
    return {
        "username": admin.username,
        "day": formats.day(made_at, language),
        "time": formats.clock(made_at, language),
        "files": [
            {"name": name, "before": each["before"], "now": each["now"]}
            for name, each in sorted(files.items())
            if each["is_too_few"]
        ],
        "payers": {each: payers[each] for each in ("ended", "paying")} if payers.get("is_too_many") else None,
        "action_url": address_in(admin.language, "staff:export", str(run.pk), site=settings.OFFICE_URL),
    }


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
