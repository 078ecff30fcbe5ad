"""What the office does about messages that were not delivered; each act stands in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox import undelivered
from mojplin.foundation.outbox.models import Message

What = AccessEvent.What


class NotGivenUp(Refused):
    message = _("This message is no longer among those that were given up.")


@transaction.atomic
def send_again(*, topic: str, by: User, now: datetime, ip: str | None, public_id: str = "") -> int:
    """Let a message, or all of the topic, be tried now; return how many."""
    count = undelivered.send_again(topic=topic, now=now, public_id=public_id)
    if count:
        about = f"{topic}: {public_id or count}"
        access_log.record(whose=None, what=What.MESSAGES_RETRIED, by=by, about=about, ip=ip, now=now)
    return count


@transaction.atomic
def drop_message(*, message: Message, reason: str, by: User, now: datetime, ip: str | None) -> None:
    """Give a message up for good: nobody will deliver it any more.

    :raises NotGivenUp: it waits again, was dropped before, or arrived.
    """
    if not undelivered.drop(public_id=message.public_id):
        raise NotGivenUp
    about = f"{message.topic}: {message.public_id}"
    access_log.record(whose=None, what=What.MESSAGES_DROPPED, by=by, about=about, reason=reason, ip=ip, now=now)
