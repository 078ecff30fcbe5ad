"""Sharing a place without its numbers: the holder invites by e-mail, the invited accepts, either side ends it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.names import folded_email
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.linking import sharing_mails
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Invitation, Link, Role
from mojplin.domain.linking.operations import LONGEST_NAME, own_name
from mojplin.domain.supply.models import Payer
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.public_ids import new_public_id

DAY = timedelta(days=1)
INVITATION_HOLDS = timedelta(days=14)
INVITATIONS_IN_DAY, TO_ADDRESS_IN_DAY = 10, 3
SHARES_OF_POINT = 10
"""People and open invitations at one place of a payer; those who linked it with numbers have a limit of their own."""
UNDO_REMOVAL = timedelta(minutes=10)
"""How long removing a place can be undone: until then what hangs on it is hidden, not ended."""
KEEP_ANSWERED = timedelta(days=90)
State, What = Invitation.State, AccessEvent.What


class OwnAddress(Refused):
    field = "email"
    message = _("This is your own address. Enter the address of the person you want to invite.")


class AlreadyInvited(Refused):
    field = "email"
    message = _("This person already has the supply point or an invitation to it.")


class LastDayIsPast(Refused):
    field = "last_on"
    message = _("The last day cannot be in the past.")


class TooManyInvitations(Refused):
    message = _("You have sent many invitations today. Send the others tomorrow.")


class TooManyShares(Refused):
    message = _("You already share this supply point with ten people. End one of the shares first.")


class InvitationGone(Refused):
    message = _("This invitation no longer holds. Ask for a new one.")


class AlreadyHeld(Refused):
    message = _("This supply point is already on your list.")


@transaction.atomic
def invite(*, link: int, email: str, role: str, last_on: date | None, by: User, now: datetime) -> Invitation:
    """Invite somebody to a place that `by` holds; the mail goes out, and nothing is shared before they accept.

    Whether the address has an account makes no difference to what happens here.

    :param link: key of the holder's link.
    :param last_on: the last day of the share, in Ljubljana; None: until somebody ends it.
    :raises BadEmail, OwnAddress, AlreadyInvited, LastDayIsPast, TooManyInvitations, TooManyShares: nothing was sent.
    """
    address = folded_email(email)
    held = Link.objects.get(pk=link, user=by, role=Role.HOLDER, ended_at=None)
    Payer.objects.select_for_update(no_key=True).get(pk=held.payer_id)  # one at a time: the cap must hold
    _check(held, address, last_on, by, now)
    if limits.hit(f"invitations {by.pk}", window=DAY, now=now) > INVITATIONS_IN_DAY:
        raise TooManyInvitations
    if limits.hit(f"invitations to {lookup_hash(address)}", window=DAY, now=now) > TO_ADDRESS_IN_DAY:
        raise TooManyInvitations
    public_id = new_public_id()
    invitation = Invitation.objects.create(
        public_id=public_id,
        link=held,
        email=address,
        role=role,
        last_on=last_on,
        token_hash=secret_hash(sharing_mails.invitation_token(public_id)),
        invited_at=now,
        expires_at=now + INVITATION_HOLDS,
    )
    sharing_mails.post_invitation(invitation)
    access_log.record(whose=by, what=What.SHARE_OFFERED, by=by, about=held.name, now=now)
    return invitation


def _check(held: Link, address: str, last_on: date | None, by: User, now: datetime) -> None:
    today = timezone.localdate(now)
    if address == by.email:
        raise OwnAddress
    if last_on is not None and last_on < today:
        raise LastDayIsPast
    Invitation.objects.filter(link=held, expires_at__lte=now, state=State.WAITING).update(
        state=State.WITHDRAWN, answered_at=now
    )
    here = Link.objects.filter(in_force(today), payer=held.payer_id, supply_point=held.supply_point_id)
    waiting = Invitation.objects.filter(
        link__payer=held.payer_id, link__supply_point=held.supply_point_id, state=State.WAITING, expires_at__gt=now
    )
    if here.filter(user__email=address).exists() or waiting.filter(email=address).exists():
        raise AlreadyInvited
    if here.exclude(role=Role.HOLDER).count() + waiting.count() >= SHARES_OF_POINT:
        raise TooManyShares


def invitation_behind(*, token: str, now: datetime) -> Invitation | None:
    """Return the invitation of a mailed link, if it still holds; looking changes nothing."""
    return _open_invitations(now).filter(token_hash=secret_hash(token)).first()


def invitations_for(*, user: User, now: datetime) -> list[Invitation]:
    """Return the open invitations to the user's own e-mail address, which they have confirmed."""
    return list(_open_invitations(now).filter(email=user.email).order_by("pk"))


def invitation_for(*, user: User, public_id: str, now: datetime) -> Invitation | None:
    return _open_invitations(now).filter(email=user.email, public_id=public_id).first()


def _open_invitations(now: datetime) -> "QuerySet[Invitation]":
    holding = {"link__ended_at": None, "link__user__is_active": True, "link__user__closing_asked_at": None}
    last_on = Q(last_on=None) | Q(last_on__gte=timezone.localdate(now))
    waiting = Invitation.objects.filter(last_on, state=State.WAITING, expires_at__gt=now, **holding)
    return waiting.select_related("link__user", "link__supply_point")


@transaction.atomic
def accept(*, invitation: str, name: str, by: User, now: datetime) -> Link:
    """Take an invitation: the place appears on the list of `by`, and the holder is told.

    An earlier share of the same place gives way to it.

    :param invitation: public id of one to the e-mail address of `by`.
    :param name: the user's own name for the place; empty: its street.
    :raises InvitationGone: there is no such invitation (any more).
    :raises AlreadyHeld: `by` has the place by right of its numbers.
    :raises BadName: see `own_name`.
    """
    User.objects.select_for_update().get(pk=by.pk)  # of two invitations to one place, one after the other
    found = invitation_for(user=by, public_id=invitation, now=now)
    if found is None or not _answer(found, State.ACCEPTED, now):
        raise InvitationGone
    own = own_name(name) if name.strip() else found.link.supply_point.street[:LONGEST_NAME]
    place = {"user": by, "payer_id": found.link.payer_id, "supply_point_id": found.link.supply_point_id}
    if Link.objects.filter(**place, ended_at=None, role=Role.HOLDER).exists():
        raise AlreadyHeld
    Link.objects.filter(**place, ended_at=None).update(ended_at=now, ended_because=Link.End.REPLACED)
    link = Link.objects.create(
        **place,
        role=found.role,
        shared_from=found.link,
        last_on=found.last_on,
        name=own,
        position=Link.objects.filter(user=by, ended_at=None).count(),
        created_at=now,
        proven_by=found.link.proven_by,
    )
    sharing_mails.tell_accepted(link)
    _record(link, What.SHARE_ACCEPTED, by, now)
    return link


@transaction.atomic
def decline(*, invitation: str, by: User, now: datetime) -> None:
    """Refuse an invitation to the e-mail address of `by`; one that is over stays so."""
    found = invitation_for(user=by, public_id=invitation, now=now)
    if found:
        _answer(found, State.DECLINED, now)


@transaction.atomic
def withdraw(*, invitation: str, link: int, by: User, now: datetime) -> bool:
    """Take back an invitation that was not answered yet; return whether there was such a one of `by`."""
    found = Invitation.objects.filter(public_id=invitation, link=link, link__user=by).first()
    return found is not None and _answer(found, State.WITHDRAWN, now)


def _answer(invitation: Invitation, state: Invitation.State, now: datetime) -> bool:
    """Settle an invitation by a conditional UPDATE: of several answers at once one counts."""
    waiting = Invitation.objects.filter(pk=invitation.pk, state=State.WAITING)
    return bool(waiting.update(state=state, answered_at=now))


@transaction.atomic
def change_share(*, share: str, link: int, role: str, last_on: date | None, by: User, now: datetime) -> bool:
    """Give a share of the holder's link another role and last day; return whether there is such a share.

    :raises LastDayIsPast: end the share instead.
    """
    if last_on is not None and last_on < timezone.localdate(now):
        raise LastDayIsPast
    found = Link.objects.filter(public_id=share, shared_from=link, shared_from__user=by, ended_at=None)
    one = found.select_related("user", "shared_from__user").first()
    if one is None:
        return False
    found.filter(pk=one.pk).update(role=role, last_on=last_on, proven_again_at=now, proof_asked_at=None)
    _record(one, What.SHARE_CHANGED, by, now)
    return True


@transaction.atomic
def end_access(*, other: str, link: int, by: User, now: datetime) -> bool:
    """End what another one has at the place of the holder `by`, at once; they are told. Return whether it was there.

    A holder ends the shares that hang on their own link; the keeper ends any other link to the place too.

    :param other: public id of the link to end.
    """
    held = Link.objects.get(pk=link, user=by, role=Role.HOLDER, ended_at=None)
    here = Link.objects.filter(payer=held.payer_id, supply_point=held.supply_point_id, ended_at=None)
    found = here.select_related("user", "supply_point", "shared_from__user").filter(public_id=other).exclude(user=by)
    if not is_keeper(held):
        found = found.filter(shared_from=held)
    one = found.first()
    return one is not None and end(one, Link.End.SHARE_ENDED, by=by, now=now)


@transaction.atomic
def end(link: Link, because: Link.End, *, by: User | None, now: datetime) -> bool:
    """End one link, tell the other side and write it into both access logs; return False when it had ended."""
    if not Link.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now, ended_because=because):
        return False
    sharing_mails.tell_ended(link, because)
    _record(link, What.SHARE_ENDED if link.shared_from_id else What.POINT_UNLINKED, by, now)
    return True


def _record(share: Link, what: AccessEvent.What, by: User | None, now: datetime) -> None:
    access_log.record(whose=share.user, what=what, by=by, about=share.name, now=now)
    if share.shared_from:
        access_log.record(whose=share.shared_from.user, what=what, by=by, about=share.shared_from.name, now=now)


def is_keeper(held: Link) -> bool:
    """Return whether this holder may end the links of all others at the place.

    The keepers are the holders whom the payer's contact, a code or staff confirmed; without any, the first holder:
    so whoever linked first with a found invoice loses it to the payer.
    """
    holders = Link.objects.filter(
        payer=held.payer_id, supply_point=held.supply_point_id, role=Role.HOLDER, ended_at=None
    ).order_by("created_at", "pk")
    found = list(holders.values_list("pk", "proven_by"))
    confirmed = [pk for pk, proven_by in found if proven_by != Link.Proof.NUMBERS]
    return held.pk in (confirmed or [pk for pk, _proof in found][:1])


def people_at(held: Link, today: date) -> list[Link]:
    """Return the links of the others at the place of a holder: all to the keeper, else those that hang on theirs."""
    here = Link.objects.filter(in_force(today), payer=held.payer_id, supply_point=held.supply_point_id)
    shown = here.exclude(user=held.user_id) if is_keeper(held) else here.filter(shared_from=held)
    return list(shown.select_related("user", "shared_from__user").order_by("created_at", "pk"))


def invitations_of(held: Link, now: datetime) -> list[Invitation]:
    """Return the holder's invitations that wait, or whose mail could not be delivered lately."""
    waiting = Q(state=State.WAITING, expires_at__gt=now)
    failed = Q(state=State.UNDELIVERABLE, invited_at__gt=now - INVITATION_HOLDS)
    return list(Invitation.objects.filter(waiting | failed, link=held).order_by("pk"))


def give_way(*, user: User, payer_id: int, point_ids: list[int], now: datetime) -> None:
    """End the user's shares of places for which they have just proven a right of their own."""
    shares = Link.objects.filter(user=user, payer=payer_id, supply_point__in=point_ids, ended_at=None)
    shares.exclude(role=Role.HOLDER).update(ended_at=now, ended_because=Link.End.REPLACED)


@hourly
def end_what_is_over(now: datetime) -> None:
    """End shares whose day has passed or whose holder is gone (they show nothing already), and tell their users.

    Whoever was erased holds nothing any more: their own links end too, and nobody is left to be told.
    """
    erased = Link.objects.filter(user__erased_at__isnull=False, ended_at=None)
    erased.update(ended_at=now - UNDO_REMOVAL, ended_because=Link.End.USER)
    open_shares = Link.objects.filter(ended_at=None, shared_from__isnull=False).order_by("pk")
    shares = open_shares.select_related("user", "supply_point", "shared_from__user")
    for share in shares.filter(last_on__lt=timezone.localdate(now), shared_from__ended_at=None):
        end(share, Link.End.EXPIRED, by=None, now=now)
    for share in shares.filter(shared_from__ended_at__lte=now - UNDO_REMOVAL):
        end(share, Link.End.HOLDER_LEFT, by=None, now=now)
    Invitation.objects.filter(invited_at__lt=now - KEEP_ANSWERED).delete()
