"""Where a notice leaves the room: `hand_over` is the one place, whatever carries it to the person."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone, translation

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.notifications.daytime import is_daytime, next_morning
from mojplin.domain.notifications.kinds import Kind, Letter, kind_of
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.pushing import post_pushes
from mojplin.foundation import formats, mail
from mojplin.foundation.outbox.delivery import NotBefore, deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.unsubscribing import Stop

MAIL = "notice_mail"
LISTED = 10


def hand_over(notices: Sequence[SentNotice], *, gathered: Collection[int]) -> None:
    """Let every notice leave, in the caller's transaction and a fixed number of statements.

    Mail leaves here as one message of the outbox for each mail: a person's notices of a kind, each of them alone where
    its kind says so, or all together. What is told together is also one notification on each device that shows them.

    :param notices: just written, of any number of people.
    :param gathered: the keys of users who get one mail of everything.
    """
    mails: dict[tuple[Any, ...], list[int]] = {}
    shown: dict[tuple[Any, ...], list[int]] = {}
    for each in notices:
        kind = kind_of(each.topic)
        if kind:
            alone = kind.one_by_one or kind.stands_alone
            is_gathered = each.user_id in gathered and not kind.stands_alone
            together = () if is_gathered else (each.topic, each.pk if alone else 0)
            shown.setdefault((each.user_id, *together), []).append(each.pk)
            if kind.letter:
                mails.setdefault((each.user_id, *together), []).append(each.pk)
    Message.post_all(MAIL, [{"user": user, "notices": pks} for (user, *_rest), pks in mails.items()])
    post_pushes([(user, pks) for (user, *_rest), pks in shown.items()])


@deliverer(MAIL)
def deliver_mail(message: Message) -> None:
    """Send the mail about what is still so when it is sent; within the quiet hours it waits for the morning."""
    now = timezone.now()
    if not is_daytime(now):
        raise NotBefore(next_morning(now))
    user = User.objects.filter(pk=message.payload["user"], is_active=True).first()
    noted = SentNotice.objects.filter(pk__in=message.payload["notices"]).select_related("link").order_by("pk")
    notices = [each for each in noted if user and may_reach(kind_of(each.topic), user)]
    if user is None or not notices:
        return
    with translation.override(user.language):
        letter = _letter(user, notices)
    if letter:
        mail.send_now(
            to=user.email, template=letter.template, context=letter.context, language=user.language,
            message_id=message.public_id, reply_to=letter.reply_to, stop=_stop(user, notices),
        )  # fmt: skip


def may_reach(kind: Kind | None, user: User) -> bool:
    """Return whether a message of the kind still goes to the person, who may be leaving."""
    return kind is not None and (kind.stands_alone or user.closing_asked_at is None)


def _stop(user: User, notices: Sequence[SentNotice]) -> Stop | None:
    """Return what the reader may stop with one click: all kinds of the mail but those that the law requires."""
    kinds = {each.topic: kind_of(each.topic) for each in notices}
    topics = [topic for topic, kind in sorted(kinds.items()) if kind and not kind.topic.is_required]
    return Stop(user.pk, topics) if topics else None


def _letter(user: User, notices: Sequence[SentNotice]) -> Letter | None:
    topics = {each.topic for each in notices}
    if len(topics) > 1:
        return gathered_letter(user, notices)
    kind = kind_of(topics.pop())
    if kind and kind.one_by_one and len(notices) > 1:
        return gathered_letter(user, notices)
    return kind.letter(user, notices, formats.language_of(user.language)) if kind and kind.letter else None


def gathered_letter(user: User, notices: Sequence[SentNotice]) -> Letter:
    """Return the one mail that tells of several kinds: what each thing is called, and where it is."""
    sections: dict[str, list[SentNotice]] = {}
    for each in notices:
        sections.setdefault(each.topic, []).append(each)
    told = []
    for topic, things in sections.items():
        kind = kind_of(topic)
        if kind:
            names = [", ".join(filter(None, (each.about, each.link.name if each.link else ""))) for each in things]
            told.append(
                {
                    "title": str(kind.topic.label),
                    "things": names[:LISTED],
                    "more": max(len(names) - LISTED, 0),
                    "url": address_in(user.language, kind.page),
                }
            )
    return Letter("notifications/mail/gathered", {"count": len(notices), "sections": told})
