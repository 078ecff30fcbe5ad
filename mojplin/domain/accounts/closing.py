"""Closing an account: 30 days in which its owner may change their mind, then it is erased.

What belongs to the account alone (its rows hang on the user with CASCADE) goes. What the supplier must keep (readings,
orders, evidence of consent: PROTECT) goes on pointing at the user's row, which stays as an anonymous stub.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, ErasureRecord, Registration, TermsAcceptance, User
from mojplin.domain.accounts.revocation import end_ways_in
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash

GRACE = timedelta(days=30)
REMIND_BEFORE = timedelta(days=3)
What = AccessEvent.What


class StaffStays(Refused):
    message = _("An account of the supplier's staff is closed by an administrator.")


class NotAgreed(Refused):
    field = "is_sure"
    message = _("Tick the box if you are sure.")


def erased_from(user: User) -> datetime | None:
    """Return when a closed account is erased; None for one that is not closed."""
    return user.closing_asked_at + GRACE if user.closing_asked_at else None


@transaction.atomic
def close_account(*, by: User, is_sure: bool, now: datetime, ip: str | None) -> None:
    """Close the person's own account, sign every device out, and tell them until when they may keep it.

    :raises NotAgreed: the box was not ticked.
    :raises StaffStays: somebody of the office.
    """
    if not is_sure:
        raise NotAgreed
    if by.is_staff:
        raise StaffStays
    if not User.objects.filter(pk=by.pk, closing_asked_at=None, erased_at=None).update(closing_asked_at=now):
        return
    end_ways_in(by)
    access_log.record(whose=by, what=What.CLOSING_ASKED, by=by, now=now, ip=ip)
    _tell(by, "accounts/mail/account_closed", now + GRACE)


@transaction.atomic
def keep_account(*, by: User, now: datetime, ip: str | None) -> None:
    """Open a closed account again as it was; nothing of it had gone."""
    closed = User.objects.filter(pk=by.pk, closing_asked_at__isnull=False, erased_at=None)
    if closed.update(closing_asked_at=None, erasure_announced_at=None):
        access_log.record(whose=by, what=What.CLOSING_CANCELLED, by=by, now=now, ip=ip)


def remind_of_erasing(now: datetime) -> None:
    """Tell those whose account is erased in three days, once."""
    closed = User.objects.filter(erased_at=None, closing_asked_at__lte=now - GRACE + REMIND_BEFORE)
    for user in closed.filter(erasure_announced_at=None):
        with transaction.atomic():
            unannounced = User.objects.filter(pk=user.pk, erasure_announced_at=None, closing_asked_at__isnull=False)
            if unannounced.update(erasure_announced_at=now):
                # A worker that stood still for days makes the promise of three days late, never void.
                due = erased_from(user) or now
                _tell(user, "accounts/mail/erasure_soon", max(due, now + REMIND_BEFORE))


def due_for_erasing(now: datetime) -> "QuerySet[User]":
    """Return the accounts whose 30 days are over and whose owners were reminded three days ago or earlier."""
    return User.objects.filter(
        erased_at=None, closing_asked_at__lte=now - GRACE, erasure_announced_at__lte=now - REMIND_BEFORE
    )


def account_hash(public_id: str) -> str:
    """Return the keyed hash by which an erased account is known again in a restored backup."""
    return lookup_hash(f"account {public_id}")


def erase_account(user: User, *, now: datetime) -> bool:
    """Make the user's row an anonymous stub and delete what hangs on it; return whether it was there to erase.

    Runs in the caller's transaction, after the upper rooms have let go of theirs. Username and address are free again.
    """
    nobody = f"#{user.pk}"  # no username and no address can look like this
    was_there = User.objects.filter(pk=user.pk, erased_at=None).update(
        username=nobody, username_key=nobody, email=nobody, name="", contact_phone="", password=make_password(None),
        is_active=False, role=User.Role.CUSTOMER, theme=User.Theme.AUTO, erased_at=now,
    )  # fmt: skip
    if not was_there:
        return False
    for relation in relations_to(User):
        if relation.on_delete is models.CASCADE:
            relation.related_model._default_manager.filter(**{relation.field.name: user.pk}).delete()
    Registration.objects.filter(email=user.email).delete()
    TermsAcceptance.objects.filter(user=user).update(ip=None)
    Message.objects.filter(topic=mail.TOPIC, payload__to=user.email).delete()
    DemoMail.objects.filter(to=user.email).delete()
    access_log.forget_names(user)
    access_log.record(whose=user, what=What.ACCOUNT_ERASED, by=None, now=now)
    ErasureRecord.objects.get_or_create(account_hash=account_hash(user.public_id), defaults={"erased_at": now})
    return True


def relations_to(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    """Return every column of other tables that points at the model's rows, also those that are named nowhere."""
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, models.ForeignObjectRel) and not field.many_to_many]


def _tell(user: User, template: str, erased_at: datetime) -> None:
    language = formats.language_of(user.language)
    day = formats.day_in_sentence(timezone.localtime(erased_at), language)
    context = {"name": user.addressed_as, "day": day}
    mail.post(to=user.email, template=template, context=context, language=language)
