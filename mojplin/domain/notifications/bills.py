"""Mails about bills: a new document, one due in three days, one that is overdue. Each once, to whoever may pay it.

Nobody calls this room: every hour it asks what is due and not yet sent. Several documents of a person go in one mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import NoticeChoice, User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.billing.models import SEEN_WITHIN, Document, is_collecting, mandate_is_revoked
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.notifications.daytime import is_daytime
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation import formats, mail
from mojplin.foundation.housekeeping import hourly

NEW, DUE, OVERDUE = "new_document", "document_due", "document_overdue"
TOPICS = (
    Topic(code=NEW, label=_("A new invoice or note"), hint=_("As soon as it is in the portal.")),
    Topic(code=DUE, label=_("An invoice is due in three days"), hint=_("Only while it is not paid.")),
    Topic(code=OVERDUE, label=_("An invoice is overdue"), hint=_("Once for each, some days after the due date.")),
)
NEW_FOR_DAYS, DUE_WITHIN_DAYS = 14, 3
OVERDUE_AFTER_DAYS, OVERDUE_FOR_DAYS = 4, 30
"""A payment takes up to two working days to be seen; of what has been overdue for long people were told."""
FRESH_FOR = timedelta(hours=60)
"""How old the supplier's data may be for saying that something is not paid."""
LISTED = 10
PAYING_ROLES = roles_that_may(Act.PAY)


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to tell, and of which documents."""

    user_id: int
    topic: str
    document_ids: list[int]


@hourly
def tell_of_bills(now: datetime) -> None:
    """Post the mails that are due; never at night."""
    if not is_daytime(now):
        return
    for due in due_and_not_sent(now=now):
        tell(due, now=now)


def due_and_not_sent(*, now: datetime) -> list[Due]:
    """Return everything that is due and not yet sent, of all topics."""
    found: dict[tuple[str, int], list[int]] = {}
    for topic in (NEW, DUE, OVERDUE):
        if topic == NEW or _is_fresh(now):
            for user_id, document_id in _pairs(topic, timezone.localdate(now)):
                found.setdefault((topic, user_id), []).append(document_id)
    return [Due(user_id, topic, sorted(set(documents))) for (topic, user_id), documents in found.items()]


def _is_fresh(now: datetime) -> bool:
    return FeedRun.objects.filter(state=FeedRun.State.TAKEN_IN, made_at__gte=now - FRESH_FOR).exists()


def _pairs(topic: str, today: date) -> "QuerySet[Link, Any]":
    """Return who is to be told of which document, through each link that shows it."""
    sent = SentNotice.objects.filter(user=OuterRef("user"), document=OuterRef("payer__documents"), topic=topic)
    unwanted = NoticeChoice.objects.filter(user=OuterRef("user"), topic=topic, is_wanted=False)
    shows = Q(payer__documents__supply_point=F("supply_point")) | Q(
        payer__documents__supply_point=None, role=Role.HOLDER
    )
    return (
        Link.objects.filter(in_force(today), shows, ~Exists(sent), *_conditions(topic, today))
        .filter(~Exists(unwanted), role__in=PAYING_ROLES, user__is_active=True, user__closing_asked_at=None)
        .order_by("user_id")
        .values_list("user_id", "payer__documents")
    )


def _conditions(topic: str, today: date) -> list[Q]:
    """Return which documents a topic is about; what was so before the place was linked is no news."""
    linked_on = F("created_at__date")
    if topic == NEW:
        since = today - timedelta(days=NEW_FOR_DAYS)
        return [Q(payer__documents__issued_on__gt=since, payer__documents__issued_on__gte=linked_on)]
    unpaid = Q(payer__documents__open_eur__gt=0) & ~Q(payer__documents__kind=Document.Kind.CREDIT_NOTE)
    by_hand = (
        Q(payer__documents__collected_on=None)
        | Q(payer__documents__collected_on__lt=today - SEEN_WITHIN)
        | Q(mandate_is_revoked(of="payer__documents__"))
    )
    first, last = (
        (today, today + timedelta(days=DUE_WITHIN_DAYS))
        if topic == DUE
        else (today - timedelta(days=OVERDUE_FOR_DAYS), today - timedelta(days=OVERDUE_AFTER_DAYS))
    )
    return [
        unpaid,
        by_hand,
        Q(payer__documents__due_on__gte=first, payer__documents__due_on__lte=last),
        Q(payer__documents__due_on__gte=linked_on),
    ]


@transaction.atomic
def tell(due: Due, *, now: datetime) -> None:
    """Post one mail of the documents that the person has not been told of yet, and note that they were told."""
    user = User.objects.select_for_update(no_key=True).get(pk=due.user_id)  # of two jobs at once, one after the other
    told = SentNotice.objects.filter(user=user, topic=due.topic, document__in=due.document_ids)
    left = set(due.document_ids) - set(told.values_list("document_id", flat=True))
    documents = list(Document.objects.filter(pk__in=left).with_collection().order_by("due_on", "number"))
    if not documents:
        return
    SentNotice.objects.bulk_create(
        SentNotice(user=user, document=each, topic=due.topic, sent_at=now) for each in documents
    )
    context = {"topic": due.topic, "count": len(documents), "more": max(len(documents) - LISTED, 0)}
    context["documents"] = list(_told(user, documents[:LISTED], timezone.localdate(now)))
    mail.post(to=user.email, template="notifications/mail/bills", context=context, language=user.language)


def _told(user: User, documents: Iterable[Document], today: date) -> Iterable[dict[str, str]]:
    language: formats.Language = "en" if user.language == "en" else "sl"
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
