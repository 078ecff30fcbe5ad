"""How links end: another payer, a button in the notice, or staff; whoever had the link is told, and reads why.

What ended is kept as long as the access log, and forgotten then.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from mojplin.domain.accounts import access_log, four_eyes
from mojplin.domain.accounts.access_log import months_before
from mojplin.domain.accounts.four_eyes import reason_of
from mojplin.domain.accounts.models import AccessEvent, EmailProposal, User
from mojplin.domain.accounts.models.own_data import KEEP_EVENTS_MONTHS
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.linking import closing, notices
from mojplin.domain.linking.models import (
    ClosedPayer,
    Link,
    LinkAttempt,
    LinkCode,
    LinkNotice,
    LinkProposal,
    ProvenPayer,
)
from mojplin.domain.linking.sharing import UNDO_REMOVAL
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation.housekeeping import hourly

NOTICE_HOLDS = timedelta(days=90)
KEEP_ATTEMPTS = timedelta(days=90)
KEEP_CHOICES = timedelta(days=1)


@transaction.atomic
def end_links_of_former_payers(*, now: datetime) -> int:
    """End the links whose payer no longer pays at their supply point, and tell their users; return how many."""
    today = timezone.localdate(now)
    paying = PayerPeriod.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), payer=OuterRef("payer"), supply_point=OuterRef("supply_point")
    )
    former = Link.objects.filter(~Exists(paying), ended_at=None).select_related("user", "supply_point")
    return len(_end(former.order_by("pk"), Link.End.PAYER_CHANGED, by=None, now=now))


def links_of_notice(*, token: str, now: datetime) -> list[Link]:
    """Return the links that the holder of a notice can still end; empty when there are none (any more).

    Whoever was told and has lost their own link since, or is no longer the payer's contact, ends nothing.
    """
    notice = _notice_of(token, now)
    if notice is None:
        return []
    # One that its user has just removed could still be brought back.
    undoable = Q(ended_because=Link.End.USER, ended_at__gt=now - UNDO_REMOVAL)
    found = notice.links.filter(Q(ended_at=None) | undoable)
    links = list(found.select_related("user", "supply_point", "payer").order_by("pk"))
    return links if links and notices.is_concerned(notice, links[0].payer) else []


@transaction.atomic
def end_by_notice(*, token: str, now: datetime) -> None:
    """End the links of a notice; their payer is then linked with a code only, so that nobody comes straight back.

    Pressed twice it ends nothing more.
    """
    links = links_of_notice(token=token, now=now)
    removed = Link.objects.filter(pk__in=[link.pk for link in links], ended_because=Link.End.USER)
    removed.update(ended_because=Link.End.NOTICE)
    _end(links, Link.End.NOTICE, by=None, now=now)
    for payer_id in {link.payer_id for link in links}:
        closing.close(payer_id, ClosedPayer.Reason.NOTICE, now)


@transaction.atomic
def end_by_staff(*, link: str, reason: str, by: User, now: datetime, ip: str | None = None) -> Link | None:
    """End a link; return it, or None when there is no such link that has not ended.

    :param link: its public id.
    :raises ReasonMissing: nobody could tell later why.
    """
    explanation = reason_of(reason)
    found = Link.objects.filter(public_id=link, ended_at=None).select_related("user", "supply_point", "payer")
    ended = _end(found, Link.End.STAFF, by=by, now=now, ip=ip, explanation=explanation)
    return ended[0] if ended else None


def _end(
    links: Iterable[Link],
    because: Link.End,
    *,
    by: User | None,
    now: datetime,
    ip: str | None = None,
    explanation: str = "",
) -> list[Link]:
    """End those that have not ended yet: of several at once one ends each link, and tells its user."""
    ended = []
    for link in links:
        if Link.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now, ended_because=because):
            link.ended_at, link.ended_because = now, because
            notices.tell_about_ended_link(link)
            about = ": ".join(filter(None, (link.name, explanation)))
            what = AccessEvent.What.POINT_UNLINKED
            number = link.payer.number if by else ""  # the office's acts can be found by the payer
            access_log.record(whose=link.user, what=what, by=by, about=about, payer_number=number, now=now, ip=ip)
            ended.append(link)
    return ended


def _notice_of(token: str, now: datetime) -> LinkNotice | None:
    found = LinkNotice.objects.filter(token_hash=secret_hash(token), may_end=True, made_at__gt=now - NOTICE_HOLDS)
    return found.first()


@hourly
def end_and_forget(now: datetime) -> None:
    """End links on the day their payer changes, without waiting for an export; forget old tries and choices."""
    end_links_of_former_payers(now=now)
    LinkAttempt.objects.filter(tried_at__lt=now - KEEP_ATTEMPTS).delete()
    ProvenPayer.objects.filter(proven_at__lt=now - KEEP_CHOICES).delete()
    LinkNotice.objects.filter(made_at__lt=now - NOTICE_HOLDS).delete()
    for kind in (LinkProposal, EmailProposal):
        four_eyes.let_lapse(kind, now)
    forget_what_is_long_over(now)


def forget_what_is_long_over(now: datetime) -> None:
    """Delete ended links, used codes, closings and decided proposals once the access log forgets them too."""
    over = months_before(now, KEEP_EVENTS_MONTHS)
    ended = Link.objects.filter(ended_at__lt=over)
    ended.exclude(shared_from=None).delete()  # before the links they hang on
    ended.filter(shares=None, invitations=None).delete()
    LinkCode.objects.filter(Q(used_at__lt=over) | Q(used_at=None, expires_at__lt=over)).delete()
    ClosedPayer.objects.filter(reopened_at__lt=over).delete()
    for proposals in (LinkProposal, EmailProposal):
        proposals.objects.filter(decided_at__lt=over).delete()
