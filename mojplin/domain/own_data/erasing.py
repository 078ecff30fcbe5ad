"""Erasing a person in every room, and once more after an older backup was restored.

Stays with the supplier, without the person: readings, orders and renewals sent to the ERP, what was linked when,
evidence of consent. They point at the account's row, which is an anonymous stub from then on. Invoices belong to the
payer, not to the account; the law on taxes keeps them.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from mojplin.domain.accounts.closing import account_hash, due_for_erasing, erase_account
from mojplin.domain.accounts.models import EmailProposal, ErasureRecord, User
from mojplin.domain.billing.models import PayerRequest
from mojplin.domain.linking.models import Invitation, Link, LinkAttempt, LinkNotice, LinkProposal
from mojplin.domain.metering.models import ReadingPhoto
from mojplin.domain.metering.photos import forget
from mojplin.domain.moving.ending import forget_person
from mojplin.domain.orders.models import CylinderOrder, GasOrder, HandOver
from mojplin.domain.support.conversation import forget_conversations
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message

TOPIC = "account_erased"
log = structlog.get_logger(__name__)


@transaction.atomic
def erase(user: User, *, now: datetime) -> bool:
    """Erase the person in every room; return whether there was anything left to erase."""
    email = user.email
    if not erase_account(user, now=now):
        return False
    links = Link.objects.filter(user=user)
    links.filter(ended_at=None).update(ended_at=now, ended_because=Link.End.USER)
    links.update(name="")
    LinkAttempt.objects.filter(user=user).update(ip=None)
    LinkProposal.objects.filter(user=user).update(reason="")
    EmailProposal.objects.filter(user=user).update(reason="", old_email="", new_email="")
    invitations = Invitation.objects.filter(Q(link__user=user) | Q(email=email))
    invitations.filter(state=Invitation.State.WAITING).update(state=Invitation.State.WITHDRAWN, answered_at=now)
    invitations.update(email="")
    LinkNotice.objects.filter(to=email).update(to="", token_hash="")
    forget_conversations(user)
    forget(ReadingPhoto.objects.filter(added_by=user))
    PayerRequest.objects.filter(asked_by=user).update(email="", holder="", iban_encrypted="", iban_last4="", bic="")
    GasOrder.objects.filter(ordered_by=user).update(phone="", note="")
    CylinderOrder.objects.filter(ordered_by=user).update(name="", address="", phone="", note="")
    HandOver.objects.filter(user=user).update(data_encrypted="")
    forget_person(user, email, now=now)
    _forget_sent(email)
    Message.post(TOPIC, account_hash=account_hash(user.public_id), erased_at=now.isoformat())
    return True


def _forget_sent(email: str) -> None:
    """Delete what was sent to others and names the address, as a message to the office does; what waits still goes."""
    sent = Message.objects.exclude(state=Message.State.WAITING)
    sent.alias(told=Cast("payload", TextField())).filter(told__icontains=email).delete()
    DemoMail.objects.filter(text__icontains=email).delete()


def erase_due(now: datetime) -> None:
    """Erase every closed account whose time is over; one that fails waits for the next hour and stops no other."""
    for user in due_for_erasing(now):
        try:
            with transaction.atomic():
                # The row is held: pressing "Keep my account" comes before or after, not in between.
                held = due_for_erasing(now).select_for_update().filter(pk=user.pk).first()
                if held:
                    erase(held, now=now)
        except Exception:
            log.exception("erasing_failed", user=user.pk)


@deliverer(TOPIC)
def write_down(message: Message) -> None:
    """Add the erasure to the file that is kept apart from the database, for the day a backup is restored."""
    path: Path = settings.ERASURE_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(message.payload) + "\n")
        file.flush()
        os.fsync(file.fileno())


def replay(lines: Iterable[str], *, now: datetime) -> int:
    """Erase again the accounts whose erasures are written down; return how many were there again.

    :raises json.JSONDecodeError, KeyError: a line that is no erasure; nothing was erased.
    """
    written = {entry["account_hash"]: datetime.fromisoformat(entry["erased_at"]) for entry in map(json.loads, lines)}
    for hashed, erased_at in written.items():
        ErasureRecord.objects.get_or_create(account_hash=hashed, defaults={"erased_at": erased_at})
    known = set(ErasureRecord.objects.values_list("account_hash", flat=True))
    back = [user for user in User.objects.filter(erased_at=None) if account_hash(user.public_id) in known]
    return sum(erase(user, now=now) for user in back)
