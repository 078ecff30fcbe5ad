"""Links made by staff: one proposes with a reason, another one makes the link or refuses it within two weeks.

The customer reads each step in the access log, and gets a mail about a link that was made.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log, four_eyes
from mojplin.domain.accounts.four_eyes import AlreadyDecided, NoSuchUser
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking import notices, recheck, recheck_mails
from mojplin.domain.linking.granting import AlreadyLinked, link_points
from mojplin.domain.linking.models import Link, LinkProposal, Role
from mojplin.domain.linking.proof import points_paid_by
from mojplin.domain.supply.models import Payer
from mojplin.foundation.errors import Refused


class NoSuchPoint(Refused):
    field = "supply_point"
    message = _("This payer does not pay for a supply point with this number today.")


class AlreadyProposed(Refused):
    message = _("This link was already proposed, or it exists.")


@transaction.atomic
def propose_link(
    *, payer_id: int, supply_point: str, user: str, reason: str, by: User, now: datetime, ip: str | None = None
) -> LinkProposal:
    """Propose that a user sees what the payer has at a supply point, or sees it fully again; nothing is done yet.

    :param supply_point: its number; `user`: username or e-mail address.
    :raises NoSuchUser, NoSuchPoint, ReasonMissing, AlreadyProposed, NewInOffice: nothing was proposed.
    """
    four_eyes.check_settled(by, now)
    person = User.objects.by_username_or_email(user)
    if person is None:
        raise NoSuchUser
    points = points_paid_by(payer_id, None, timezone.localdate(now))
    point = next((each for each in points if each.number == supply_point.strip()), None)
    if point is None:
        raise NoSuchPoint
    explanation = four_eyes.reason_of(reason)
    Payer.objects.select_for_update(no_key=True).get(pk=payer_id)  # two who propose the same at once
    four_eyes.let_lapse(LinkProposal, now)
    place = {"user": person, "payer_id": payer_id, "supply_point": point}
    linked = Link.objects.select_related("user").filter(**place, ended_at=None, role=Role.HOLDER).first()
    is_good = linked is not None and not recheck_mails.proof_is_due(linked, now)
    if is_good or LinkProposal.objects.filter(**place, decision="").exists():
        raise AlreadyProposed
    proposal = LinkProposal.objects.create(**place, reason=explanation, proposed_by=by, proposed_at=now)
    _record(proposal, AccessEvent.What.LINK_PROPOSED, by, now, ip)
    return proposal


@transaction.atomic
def decide(*, proposal: str, makes_link: bool, by: User, now: datetime, ip: str | None = None) -> LinkProposal:
    """Make the proposed link or refuse it; the customer is told and reads of both members of staff in their log.

    :param proposal: its public id.
    :raises SecondPersonNeeded: `by` proposed it.
    :raises AlreadyDecided, Lapsed, NoSuchPoint: there is nothing to decide, or the payer has changed meanwhile.
    :raises NoSuchUser, AlreadyProposed: the user has left meanwhile, or has linked it; the proposal can be refused.
    """
    whole = LinkProposal.objects.select_related("user", "payer", "supply_point", "proposed_by")
    found = whole.filter(public_id=proposal).first()
    if found is None:
        raise AlreadyDecided
    four_eyes.decide(found, is_accepted=makes_link, by=by, now=now)
    if makes_link:
        _make(found, by, now, ip)
    else:
        _record(found, AccessEvent.What.LINK_REFUSED, by, now, ip)
    return found


def _record(proposal: LinkProposal, what: AccessEvent.What, by: User, now: datetime, ip: str | None) -> None:
    access_log.record(
        whose=proposal.user, what=what, by=by, about=f"{proposal.concerns}: {proposal.reason}",
        payer_number=proposal.payer.number, ip=ip, now=now,
    )  # fmt: skip


def _make(proposal: LinkProposal, by: User, now: datetime, ip: str | None) -> None:
    if not User.objects.filter(pk=proposal.user_id, is_active=True, closing_asked_at=None).exists():
        raise NoSuchUser
    points = points_paid_by(proposal.payer_id, proposal.supply_point_id, timezone.localdate(now))
    if not points:
        raise NoSuchPoint
    if not _prove_again(proposal, now):
        try:
            link_points(
                points, payer_id=proposal.payer_id, proven_by=Link.Proof.STAFF, by=proposal.user, now=now, name=""
            )
        except AlreadyLinked:
            raise AlreadyProposed from None
    for member in (proposal.proposed_by, by):
        _record(proposal, AccessEvent.What.POINT_LINKED_BY_OFFICE, member, now, ip)
    notices.tell_linked_by_office(user=proposal.user, point=points[0])


def _prove_again(proposal: LinkProposal, now: datetime) -> bool:
    """Let the user's link stand that had to be proven again; return whether there was such a one."""
    place = {"user": proposal.user, "payer": proposal.payer_id, "supply_point": proposal.supply_point}
    links = Link.objects.filter(**place, ended_at=None, role=Role.HOLDER)
    held = links.select_related("user").first()
    if held is None or not recheck_mails.proof_is_due(held, now):
        return False
    recheck.renew(links, now=now)
    return True
