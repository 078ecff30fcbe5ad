"""Messages about bills: new, due in three days, overdue, no longer collected. Each once, to whoever may pay."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import CharField, F, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.billing.models import SEEN_WITHIN, Document, is_collecting, mandate_is_revoked
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.notifications.kinds import Found, Kind, Letter, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation import formats

NEW = Topic(code="new_document", label=_("A new invoice or note"), hint=_("As soon as it is in the portal."))
DUE = Topic(code="document_due", label=_("An invoice is due in three days"), hint=_("Only while it is not paid."))
OVERDUE = Topic(
    code="document_overdue",
    label=_("An invoice is overdue"),
    hint=_("Once for each, some days after the due date."),
)
BY_HAND = Topic(
    code="pay_by_hand",
    label=_("An invoice is no longer collected"),
    hint=_("After a direct debit was revoked: what you now pay yourself."),
)
NEW_FOR_DAYS, DUE_WITHIN_DAYS = 14, 3
OVERDUE_AFTER_DAYS, OVERDUE_FOR_DAYS = 4, 30
"""A payment takes up to two working days to be seen; of what has been overdue for long people were told."""
FRESH_FOR = timedelta(hours=60)
"""How old the supplier's data may be for saying that something is not paid."""
LISTED = 10
PAYING_ROLES = roles_that_may(Act.PAY)


def find(topic: Topic, now: datetime) -> list[Found]:
    """Return who is to be told of which document, through a link that shows it."""
    if topic is not NEW and not _is_fresh(now):
        return []
    today = timezone.localdate(now)
    shows = Q(payer__documents__supply_point=F("supply_point")) | Q(
        payer__documents__supply_point=None, role=Role.HOLDER
    )
    links = Link.objects.filter(in_force(today), shows, *_conditions(topic, today), role__in=PAYING_ROLES)
    thing = Cast("payer__documents", CharField())
    told = links.annotate(thing=thing, about=F("payer__documents__number"), place_link=F("pk"))
    return to_tell(told, topic)


def _is_fresh(now: datetime) -> bool:
    return FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN, made_at__gte=now - FRESH_FOR).exists()


def _conditions(topic: Topic, today: date) -> list[Q]:
    """Return which documents a topic is about; what was so before the place was linked is no news."""
    linked_on = F("created_at__date")
    if topic is NEW:
        since = today - timedelta(days=NEW_FOR_DAYS)
        return [Q(payer__documents__issued_on__gt=since, payer__documents__issued_on__gte=linked_on)]
    unpaid = Q(payer__documents__open_eur__gt=0) & ~Q(payer__documents__kind=Document.Kind.CREDIT_NOTE)
    if topic is BY_HAND:
        revoked = Q(mandate_is_revoked(of="payer__documents__"))
        return [unpaid, revoked, Q(payer__documents__collected_on__gte=today - SEEN_WITHIN)]
    # Who was told these days that a mandate was revoked need not hear of the same bill twice.
    before = today - timedelta(days=DUE_WITHIN_DAYS)
    by_hand = (
        Q(payer__documents__collected_on=None)
        | Q(payer__documents__collected_on__lt=today - SEEN_WITHIN)
        | Q(mandate_is_revoked(of="payer__documents__", until=before))
    )
    first, last = (
        (today, today + timedelta(days=DUE_WITHIN_DAYS))
        if topic is DUE
        else (today - timedelta(days=OVERDUE_FOR_DAYS), today - timedelta(days=OVERDUE_AFTER_DAYS))
    )
    return [
        unpaid,
        by_hand,
        Q(payer__documents__due_on__gte=first, payer__documents__due_on__lte=last),
        Q(payer__documents__due_on__gte=linked_on),
    ]


def letter(topic: Topic, user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the mail of the documents; one that was paid meanwhile is neither due nor overdue."""
    documents = Document.objects.filter(pk__in=[int(each.thing) for each in notices]).with_collection()
    told = [each for each in documents.order_by("due_on", "number") if is_still_so(topic, each)]
    if not told:
        return None
    context: dict[str, Any] = {"topic": topic.code, "count": len(told), "more": max(len(told) - LISTED, 0)}
    context["documents"] = list(_lines(user, told[:LISTED], language, timezone.localdate()))
    return Letter("notifications/mail/bills", context)


def is_still_so(topic: Topic, document: Document) -> bool:
    """Return whether a document of `with_collection` is still to be told of; a new mandate has it collected again."""
    return topic is NEW or (document.open_eur > 0 and not (topic is BY_HAND and document.collecting_on))


def _lines(
    user: User, documents: Iterable[Document], language: formats.Language, today: date
) -> Iterable[dict[str, str]]:
    names = dict(Link.objects.filter(user=user, ended_at=None).values_list("supply_point_id", "name"))
    for each in documents:
        is_collected = each.open_eur > 0 and is_collecting(each.collecting_on, today)
        is_credit = each.kind == Document.Kind.CREDIT_NOTE
        yield {
            "kind": each.kind,
            "number": each.number,
            "public_id": each.public_id,
            "place": names.get(each.supply_point_id or 0, ""),
            "amount": formats.euros(-each.amount_eur if is_credit else each.open_eur or each.amount_eur, language),
            "due": formats.day(each.due_on, language) if each.due_on and each.open_eur and not is_credit else "",
            "collected": formats.day(each.collecting_on, language) if is_collected and each.collecting_on else "",
        }


for _topic, _page in (
    (NEW, "web:documents"),
    (DUE, "web:balance"),
    (OVERDUE, "web:balance"),
    (BY_HAND, "web:balance"),
):
    register_kind(
        Kind(
            topic=_topic, find=partial(find, _topic), letter=partial(letter, _topic), page=_page,
            act=Act.PAY, waits_for_week=_topic is NEW,
        )
    )  # fmt: skip
