"""Who of the registered people works for the supplier, and as what."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Session, User
from mojplin.domain.accounts.names import folded_email
from mojplin.foundation.errors import Refused


class NobodyRegistered(Refused):
    message = _("Nobody is registered with the address %(email)s.")


@transaction.atomic
def give_role(*, email: str, role: User.Role, now: datetime) -> User:
    """Give a registered person a role, or make them a customer again; their sessions end, so that it holds at once.

    :raises NobodyRegistered: no active user has that address.
    """
    user = User.objects.filter(email=folded_email(email), is_active=True).first()
    if user is None:
        raise NobodyRegistered(email=email)
    User.objects.filter(pk=user.pk).update(role=role)
    Session.objects.filter(user=user).delete()
    access_log.record(whose=user, what=AccessEvent.What.OFFICE_CHANGED, by=None, about=str(role.value), now=now)
    return user
