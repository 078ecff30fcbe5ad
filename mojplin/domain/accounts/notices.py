"""Which mails a person wants: a topic for each kind, chosen on the profile; some the law or safety requires.

A room registers its topics in its `AppConfig.ready`, and asks `is_wanted` before it posts a mail of a topic that can
be switched off::

    register(Topic(code="reading_received", label=_("Confirmation of a meter reading"), hint=_("...")))
    if is_wanted("reading_received", by=user):
        mail.post(...)
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, NoticeChoice, User
from mojplin.foundation.outbox.models import Message

NEWS = "notices_news"


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A kind of mail, in the words of the profile; `is_required`: it always comes, and `hint` says why."""

    code: str
    label: str | Promise
    hint: str | Promise
    is_required: bool = False


_topics: dict[str, Topic] = {}


def register(topic: Topic) -> None:
    _topics[topic.code] = topic


def topics() -> list[Topic]:
    """Return all topics: first those that can be chosen."""
    return sorted(_topics.values(), key=lambda topic: topic.is_required)


def topic_named(code: str) -> Topic | None:
    """Return the topic, or None of one that a former version of the portal knew."""
    return _topics.get(code)


def there_may_be_news() -> None:
    """Have the job of messages look at once what is to be told, when the caller's transaction has committed."""
    Message.post(NEWS)


def is_wanted(code: str, *, by: User) -> bool:
    """Return whether the person wants mails of the topic; without a choice they do."""
    return not NoticeChoice.objects.filter(user=by, topic=code, is_wanted=False).exists()


def unwanted(by: User) -> set[str]:
    return set(NoticeChoice.objects.filter(user=by, is_wanted=False).values_list("topic", flat=True))


@transaction.atomic
def choose_notices(*, wanted: Collection[str], by: User, now: datetime, ip: str | None) -> None:
    """Keep the person's choice: topics that can be chosen and are not in `wanted` no longer come by mail."""
    before = unwanted(by)
    for topic in topics():
        if not topic.is_required:
            chosen = {"is_wanted": topic.code in wanted}
            NoticeChoice.objects.update_or_create(user=by, topic=topic.code, defaults=chosen)
    if unwanted(by) != before:
        access_log.record(whose=by, what=AccessEvent.What.NOTICES_CHANGED, by=by, now=now, ip=ip)


@transaction.atomic
def stop_topics(codes: Collection[str], *, of: User, now: datetime, ip: str | None) -> list[Topic]:
    """Turn off kinds of messages by the link of a mail, and return those that are off now; no required one ever is."""
    stopped = [each for each in topics() if each.code in codes and not each.is_required]
    before = unwanted(of)
    for each in stopped:
        NoticeChoice.objects.update_or_create(user=of, topic=each.code, defaults={"is_wanted": False})
    if unwanted(of) != before:
        access_log.record(whose=of, what=AccessEvent.What.NOTICES_CHANGED, by=None, now=now, ip=ip)
    return stopped


register(
    Topic(
        code="security",
        label=_("Signing in and safety"),
        hint=_("Sign-ins, password, e-mail address, links of supply points: so that nobody acts in your name."),
        is_required=True,
    )
)
register(
    Topic(
        code="terms",
        label=_("General terms"),
        hint=_("Your copy of what you agreed to: the law asks for it."),
        is_required=True,
    )
)
