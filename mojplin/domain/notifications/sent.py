"""What was sent to a person: reminders and news by the job, and what a room above sends itself."""

from datetime import datetime

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic, topic_named
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import SentNotice
from mojplin.foundation.outbox.models import Message

SHOWN = 100


def newest_sent(user: User) -> list[tuple[SentNotice, Topic]]:
    """Return what was sent last, newest first, with its place and what kind it is, in one statement."""
    sent = SentNotice.objects.filter(user=user).select_related("link").order_by("-sent_at", "-pk")
    return [(each, topic) for each in sent[:SHOWN] if (topic := topic_named(each.topic))]


def note_mail(
    message: Message, *, to: User, topic: Topic, about: str, payer_id: int, supply_point_id: int, now: datetime
) -> None:
    """Note a mail that another room sends, in its transaction; a mail that is tried again is noted once.

    :param message: of the outbox, which carries the mail.
    :param about: what the person calls it, as the number of a thing.
    """
    own = Link.objects.filter(user=to, payer=payer_id, supply_point=supply_point_id, ended_at=None).first()
    noted = SentNotice(user=to, topic=topic.code, thing=message.public_id, about=about, link=own, sent_at=now)
    SentNotice.objects.bulk_create([noted], ignore_conflicts=True)
