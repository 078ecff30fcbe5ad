"""An account as the office sees one: what it sees, how it signs in, what it was sent, what it wrote and did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max

from mojplin.domain.accounts.models import AccessEvent, PendingLogin, Session, User
from mojplin.domain.accounts.notices import unwanted
from mojplin.domain.accounts.sessions import live_sessions_of
from mojplin.domain.linking.models import Link
from mojplin.domain.office.asked import Asked, newest_of_account
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.support.models import Enquiry
from mojplin.foundation import mail
from mojplin.foundation.outbox.models import Message

ROWS = 15


@dataclass(frozen=True, kw_only=True)
class MailSent:
    """One mail of the last days, as its reader got it, and what became of it."""

    subject: str
    state: str
    at: datetime
    attempts: int


@dataclass(frozen=True, kw_only=True)
class AccountRecord:
    """The whole of an account, for somebody who has said why."""

    links: list[Link]
    sessions: list[Session]
    sign_ins: list[AccessEvent]
    events: list[AccessEvent]
    mails: list[MailSent]
    unwanted: set[str]
    """Topics of mails the person has switched off."""
    enquiries: list[Enquiry]
    orders: list[GasOrder]
    asked: list[Asked]
    """Cylinders, renewals, and requests about how a payer is billed and pays."""


def links_of(user: User) -> list[Link]:
    """Return what the account sees or has seen, what holds first."""
    links = Link.objects.filter(user=user).select_related("payer", "supply_point", "shared_from__user")
    return list(links.order_by(F("ended_at").desc(nulls_first=True), "position", "pk")[:50])


def account_record(user: User, *, now: datetime) -> AccountRecord:
    """Return the newest of everything, in twelve statements."""
    events = AccessEvent.objects.filter(whose=user).select_related("by").order_by("-at", "-pk")
    signing = [AccessEvent.What.SIGNED_IN, AccessEvent.What.SIGN_IN_DENIED, AccessEvent.What.SIGN_IN_STOPPED]
    orders = GasOrder.objects.filter(ordered_by=user).select_related("supply_point", "payer")
    return AccountRecord(
        links=links_of(user),
        sessions=live_sessions_of(user, now),
        sign_ins=list(events.filter(what__in=signing)[:ROWS]),
        events=list(events[:ROWS]),
        mails=newest_first([*mails_to(user.email), *sign_in_mails_to(user, now)]),
        unwanted=unwanted(user),
        enquiries=list(Enquiry.objects.filter(sent_by=user).with_first_words().order_by("-sent_at")[:ROWS]),
        asked=newest_of_account(user, ROWS),
        orders=list(orders.order_by("-ordered_at")[:ROWS]),
    )


def newest_first(mails: list[MailSent]) -> list[MailSent]:
    return sorted(mails, key=lambda each: each.at, reverse=True)[:ROWS]


def sign_in_mails_to(user: User, now: datetime) -> list[MailSent]:
    """Return the mails of the last day that confirm a sign-in; what they say is made as they leave."""
    asked = PendingLogin.objects.filter(user=user).annotate(
        tries=Count("tokens"), accepted_at=Max("tokens__accepted_at")
    )
    return [
        MailSent(
            subject=_sign_in_subject(each, user), state=_state_of_sign_in(each, now),
            at=each.accepted_at or each.created_at, attempts=each.tries,
        )
        for each in asked.order_by("-created_at")[:ROWS]
    ]  # fmt: skip


def _sign_in_subject(pending: Any, user: User) -> str:
    template, context = "accounts/mail/confirm_sign_in", {"is_step_up": pending.is_step_up}
    return mail.subject_of(template=template, context=context, language=user.language)


def _state_of_sign_in(pending: Any, now: datetime) -> Message.State:
    if pending.accepted_at:
        return Message.State.DELIVERED
    waits = pending.state == PendingLogin.State.WAITING and pending.expires_at > now and not pending.refused_at
    return Message.State.WAITING if waits else Message.State.DEAD


def mails_to(address: str) -> list[MailSent]:
    """Return the mails of the last days to an address; those whose content is a secret are not in the outbox."""
    sent = Message.objects.filter(topic=mail.TOPIC, payload__to=address)
    return [
        MailSent(
            subject=_subject(each.payload), state=each.state, at=each.delivered_at or each.created_at,
            attempts=each.attempts,
        )
        for each in sent.order_by("-created_at")[:ROWS]
    ]  # fmt: skip


def _subject(payload: dict[str, Any]) -> str:
    """Return the subject as its reader got it."""
    told = {name: payload[name] for name in ("template", "context", "language")}
    return mail.subject_of(**told)
