"""Who of the registered people works for the supplier, and as what; and who is invited to. There is no other way in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Registration, Session, User
from mojplin.domain.accounts.names import folded_email
from mojplin.domain.accounts.registration import registration_token
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sites import address_in
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id

INVITATION_VALID = timedelta(hours=72)
What = AccessEvent.What


class NobodyRegistered(Refused):
    field = "email"
    message = _("Nobody is registered with the address %(email)s.")


class OwnRole(Refused):
    message = _("Another administrator changes your role.")


class NoRoleOfOffice(Refused):
    field = "role"
    message = _("Choose what the person does in the office.")


@transaction.atomic
def give_role(*, email: str, role: User.Role, now: datetime, by: User | None = None, ip: str | None = None) -> User:
    """Give a registered person a role, or make them a customer again; their sessions end, so that it holds at once.

    Whoever is of the office from now on is told by mail where it is.

    :param by: the administrator; None for whoever runs the portal.
    :raises NobodyRegistered: no active user has that address.
    :raises OwnRole: so that there is always an administrator.
    """
    user = User.objects.filter(email=folded_email(email), is_active=True).first()
    if user is None:
        raise NobodyRegistered(email=email)
    if by and by.pk == user.pk:
        raise OwnRole
    User.objects.filter(pk=user.pk).update(role=role)
    Session.objects.filter(user=user).delete()
    access_log.record(whose=user, what=What.ROLE_CHANGED, by=by, about=str(role.value), ip=ip, now=now)
    if role != User.Role.CUSTOMER:
        context = {
            "username": user.username,
            "role": str(role.value),
            "action_url": address_in(user.language, "office_sign_in", site=settings.OFFICE_URL),
        }
        mail.post(to=user.email, template="accounts/mail/office_role", context=context, language=user.language)
    return user


@transaction.atomic
def add_to_office(
    *, email: str, role: str, language: str, now: datetime, by: User | None = None, ip: str | None = None
) -> User | None:
    """Make somebody one of the office: who is registered has the role at once, anybody else is invited by mail.

    :returns: the user who has the role now; None for somebody who was invited.
    :raises BadEmail: it is not an address.
    :raises NoRoleOfOffice: not a role of the office.
    :raises OwnRole: it is the administrator's own address.
    """
    if role not in User.Role.values or role == User.Role.CUSTOMER:
        raise NoRoleOfOffice
    address = folded_email(email)
    if User.objects.filter(email=address, is_active=True).exists():
        return give_role(email=address, role=User.Role(role), now=now, by=by, ip=ip)
    invitations_waiting(now).filter(email=address).update(expires_at=now)
    public_id = new_public_id()
    Registration.objects.create(
        public_id=public_id,
        email=address,
        language=language,
        token_hash=secret_hash(registration_token(public_id)),
        role=role,
        invited_by=by,
        asked_at=now,
        expires_at=now + INVITATION_VALID,
    )
    Message.post("office_invitation", expires_at=now + INVITATION_VALID, registration=public_id)
    access_log.record(whose=None, what=What.STAFF_INVITED, by=by, about=f"{address}: {role}", ip=ip, now=now)
    return None


@transaction.atomic
def withdraw_invitation(*, public_id: str, by: User, now: datetime, ip: str | None) -> bool:
    """End an invitation before it is used; return whether it still waited."""
    waiting = invitations_waiting(now).filter(public_id=public_id)
    address = waiting.values_list("email", flat=True).first()
    if address is None or not waiting.update(expires_at=now):
        return False
    access_log.record(whose=None, what=What.INVITATION_WITHDRAWN, by=by, about=address, ip=ip, now=now)
    return True


def invitations_waiting(now: datetime) -> "QuerySet[Registration]":
    invited = Registration.objects.exclude(role=User.Role.CUSTOMER)
    return invited.filter(used_at=None, expires_at__gt=now).order_by("asked_at")
