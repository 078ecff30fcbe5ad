"""Linking a supply point by three numbers, the user's own names, and the end of links."""

import unicodedata
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.linking import limits, notices
from mojplin.domain.linking.models import Link, LinkAttempt
from mojplin.domain.linking.proof import Finding, Numbers, examine, points_paid_by
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.foundation.errors import Refused
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slovenia import folded
from mojplin.foundation.slovenia import tax_number as read_tax_number

LONGEST_NAME = 60
DIRECTIONS = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
Outcome = LinkAttempt.Outcome


class NotATaxNumber(Refused):
    field = "tax_number"
    message = _("A tax number has 8 digits. Check that it is copied correctly.")


class NoMatch(Refused):
    message = _(
        "The numbers do not match, or there were too many attempts. Check that you entered the payer number "
        "(not the recipient number) from an invoice issued since June 2023."
    )


class RecipientNumberTyped(Refused):
    field = "payer_number"
    message = _("%(number)s is the recipient number. The payer number is one line higher on the invoice.")


class DocumentWithoutPayerNumber(Refused):
    field = "document_number"
    message = _("Invoices issued before June 2023 do not show the payer number. Use a newer invoice.")


class DocumentTooOld(Refused):
    field = "document_number"
    message = _("This invoice is too old for linking. Use your latest invoice.")


class NoLongerPayer(Refused):
    message = _("This payer no longer pays for the supply point on the invoice. Use your latest invoice.")


class AlreadyLinked(Refused):
    message = _("This supply point is already on your list.")


class BadName(Refused):
    field = "name"
    message = _("The name must have 1 to 60 characters.")


def link_supply_point(
    *, tax_number: str, payer_number: str, document_number: str, name: str, by: User, ip: str | None, now: datetime
) -> list[Link]:
    """Link `by` to what the document proves and tell those concerned; return the new links.

    Attempts and their counters are written also when the link is refused: the caller must let them be committed.

    :param name: the user's own name for the place; empty: its street.
    :raises NotATaxNumber, BadName: wrong in form; nothing was looked up or counted.
    :raises NoMatch: the one answer for every mismatch, closed target and used-up limit.
    :raises RecipientNumberTyped, DocumentWithoutPayerNumber: only when the other two numbers are right.
    :raises DocumentTooOld, NoLongerPayer, AlreadyLinked: only when all three are right.
    """
    tax = read_tax_number(tax_number)
    if tax is None:
        raise NotATaxNumber
    own_name = _own_name(name) if name.strip() else ""
    numbers = Numbers(tax=tax, payer=folded(payer_number), document=folded(document_number))
    with transaction.atomic():
        # One try of a user at a time: limits hold for parallel tries too.
        User.objects.select_for_update().get(pk=by.pk)
        if limits.is_paused(by, ip, now):
            _keep(numbers, by, ip, now, Outcome.PAUSED)
            refusal: Refused | None = NoMatch()
        else:
            refusal, finding = _judge(numbers, by, ip, now)
    if refusal is not None:
        raise refusal
    return _link(finding, own_name, by, now)


def _judge(numbers: Numbers, by: User, ip: str | None, now: datetime) -> tuple[Refused | None, Finding]:
    """Examine the numbers, keep the attempt, count a failure; return why it is refused, or None."""
    finding = examine(numbers)
    hashes = (lookup_hash(numbers.tax), lookup_hash(numbers.payer))
    if finding.payer is not None:
        Payer.objects.select_for_update().get(pk=finding.payer.pk)
        if not limits.is_closed(finding.payer.pk, hashes, now):
            _keep(numbers, by, ip, now, Outcome.LINKED)
            return None, finding
    _keep(numbers, by, ip, now, Outcome.NEAR_MISS if finding.near_payer_ids else Outcome.REFUSED)
    limits.count_failure(by, ip, now)
    limits.count_near_misses(finding.near_payer_ids, now)
    limits.count_single_matches(finding.single, now)
    if finding.is_recipient_number:
        return RecipientNumberTyped(number=numbers.payer), finding
    return (DocumentWithoutPayerNumber() if finding.is_old_document else NoMatch()), finding


@transaction.atomic
def _link(finding: Finding, own_name: str, by: User, now: datetime) -> list[Link]:
    payer, document = finding.payer, finding.document
    assert payer is not None and document is not None
    today = timezone.localdate(now)
    oldest = settings.LINK_DOCUMENT_MAX_AGE_DAYS
    if oldest and (today - document.issued_on).days > oldest:
        raise DocumentTooOld
    points = points_paid_by(payer, document, today)
    if not points:
        raise NoLongerPayer
    held = set(Link.objects.filter(user=by, payer=payer, ended_at=None).values_list("supply_point_id", flat=True))
    fresh = [point for point in points if point.pk not in held]
    if not fresh:
        raise AlreadyLinked
    links = [_new_link(point, payer, by, own_name if len(fresh) == 1 else "", now) for point in fresh]
    notices.tell_about_new_links(payer=payer, links=links, by=by)
    return links


def _new_link(point: SupplyPoint, payer: Payer, by: User, own_name: str, now: datetime) -> Link:
    hours = settings.LINK_PROBATION_HOURS
    return Link.objects.create(
        user=by,
        payer=payer,
        supply_point=point,
        name=own_name or point.street[:LONGEST_NAME],
        position=Link.objects.filter(user=by, ended_at=None).count(),
        created_at=now,
        probation_until=now + timedelta(hours=hours) if hours else None,
    )


@transaction.atomic
def rename_place(*, link: int, name: str, by: User) -> None:
    """Give a place of the user another name.

    :param link: primary key of a link of `by`; anything else changes nothing.
    :raises BadName: empty, longer than 60 characters, or with signs that turn the direction of writing.
    """
    Link.objects.filter(pk=link, user=by, ended_at=None).update(name=_own_name(name))


@transaction.atomic
def end_links_of_former_payers(*, now: datetime) -> int:
    """End the links whose payer no longer pays at their supply point, and tell their users; return how many."""
    today: date = timezone.localdate(now)
    paying = PayerPeriod.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today),
        payer=OuterRef("payer"),
        supply_point=OuterRef("supply_point"),
    )
    former = Link.objects.filter(~Exists(paying), ended_at=None).select_related("user", "supply_point")
    ended = 0
    for link in former.order_by("pk"):
        if Link.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
            notices.tell_about_ended_link(link)
            ended += 1
    return ended


def _own_name(typed: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= LONGEST_NAME or any(
        sign in DIRECTIONS or unicodedata.category(sign) in ("Cc", "Cs") for sign in name
    ):
        raise BadName
    return name


def _keep(numbers: Numbers, by: User, ip: str | None, now: datetime, outcome: str) -> None:
    LinkAttempt.objects.create(
        user=by,
        tried_at=now,
        ip=ip,
        tax_number_hash=lookup_hash(numbers.tax),
        payer_number_hash=lookup_hash(numbers.payer),
        document_number_hash=lookup_hash(numbers.document),
        outcome=outcome,
    )
