"""Linking by the three numbers of an invoice: one answer for everything that does not open, whatever the reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.linking import closing, limits
from mojplin.domain.linking.granting import Opened, open_places
from mojplin.domain.linking.models import ClosedPayer, Link, LinkAttempt
from mojplin.domain.linking.operations import own_name
from mojplin.domain.linking.proof import Finding, Numbers, examine
from mojplin.foundation.errors import Refused
from mojplin.foundation.prepared import insert, rows
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slovenia import tax_number as read_tax_number

Outcome = LinkAttempt.Outcome


class NotATaxNumber(Refused):
    field = "tax_number"
    message = _("This tax number cannot be right. It has 8 digits: compare them with the invoice.")


class NoMatch(Refused):
    message = _(
        "The numbers do not match, or there were too many attempts. Check that you entered the payer number "
        "(not the recipient number) from an invoice issued since June 2023."
    )


class CodeSent(Refused):
    message = _("We need one more proof. We have sent a code to the payer's contact; enter it here.")


def link_supply_point(
    *,
    tax_number: str,
    payer_number: str,
    document_number: str,
    name: str,
    by: User,
    session: Session,
    ip: str | None,
    now: datetime,
) -> Opened:
    """Link `by` to what the document proves and tell those concerned; of several places they choose afterwards.

    Attempts and their counters are written also when the link is refused: the caller must let them be committed.

    :param name: the user's own name for the place; empty: its street.
    :raises NotATaxNumber, BadName: wrong in form; nothing was looked up or counted.
    :raises NoMatch: the one answer for every mismatch, cancelled document, closed payer and used-up limit.
    :raises CodeSent, NoLongerPayer, AlreadyLinked, TooManyUsers: only when all three are right.
    """
    tax = read_tax_number(tax_number)
    if tax is None:
        raise NotATaxNumber
    place_name = own_name(name) if name.strip() else ""
    numbers = Numbers.typed(tax=tax, payer=payer_number, document=document_number)
    finding, outcome, proven_by = _tried(numbers, by, ip, now)
    if outcome == Outcome.CODE_WANTED and proven_by is not None:
        raise CodeSent
    if outcome != Outcome.LINKED or proven_by is None or finding.payer_id is None or finding.document is None:
        raise NoMatch
    return open_places(
        payer_id=finding.payer_id,
        document=(finding.document.id, finding.document.supply_point_id),
        proven_by=proven_by,
        name=place_name,
        by=by,
        session=session,
        now=now,
    )


@transaction.atomic
def _tried(
    numbers: Numbers, by: User, ip: str | None, now: datetime
) -> tuple[Finding, LinkAttempt.Outcome, Link.Proof | None]:
    """Reserve a try, judge the numbers, count and keep it: every failure costs the same statements, whatever it is."""
    is_judged = limits.reserve(by, ip, now)
    # Also when nothing is judged, and whatever is found.
    finding = examine(numbers)
    held = limits.held_against(finding.concerned_ids, now)
    stopped = closing.closed_among(finding.concerned_ids) | held.came_near | held.guessed_at
    shared = _shared_with(by, finding)
    outcome, proven_by = _judged(finding, stopped, shared, by, now) if is_judged else (Outcome.PAUSED, None)
    _count(finding if outcome in (Outcome.NEAR_MISS, Outcome.REFUSED) else Finding(), held, now)
    if outcome == Outcome.LINKED or (outcome == Outcome.CODE_WANTED and proven_by is not None):
        limits.give_back(by, ip, now)
    _keep(numbers, by, ip, now, outcome)
    return finding, outcome, proven_by


def _judged(
    finding: Finding, stopped: frozenset[int], shared: frozenset[int], by: User, now: datetime
) -> tuple[LinkAttempt.Outcome, Link.Proof | None]:
    """Return what the numbers are worth; with a proof the person may know of it.

    A code that is wanted is sent by the worker, who finds the try by its outcome (see `codes`).
    """
    if finding.payer_id is None or finding.document is None:
        return (Outcome.NEAR_MISS if finding.near_payer_ids else Outcome.REFUSED), None
    is_stopped = finding.payer_id in stopped
    if finding.contact and finding.contact.casefold() == by.email.casefold():
        # Whoever signs in with that address could read a code sent to it: it proves as much.
        if is_stopped:
            closing.clear(finding.payer_id, ClosedPayer.Reopening.CONTACT, by=by, now=now)
        return Outcome.LINKED, Link.Proof.CONTACT
    if is_stopped:
        return Outcome.CODE_WANTED, None
    if finding.payer_id in shared or _policy_wants_code(finding, now):
        return Outcome.CODE_WANTED, Link.Proof.NUMBERS
    return Outcome.LINKED, Link.Proof.NUMBERS


def _shared_with(by: User, finding: Finding) -> frozenset[int]:
    """Return the payers of whom a place is or was shared with the user: there the numbers prove nothing, for the user
    has read two of them in the portal. One question, also about nobody."""
    payer_ids = tuple(finding.concerned_ids) or (closing.NOBODY,)
    return frozenset(payer_id for (payer_id,) in rows(_shares, (by.pk, *payer_ids)))


def _shares(asked: Sequence[Any]) -> QuerySet[Any]:
    user_id, *payer_ids = asked
    shares = Link.objects.filter(user_id=user_id, payer_id__in=payer_ids, shared_from__isnull=False)
    return shares.values_list("payer_id")


def _count(finding: Finding, held: limits.Held, now: datetime) -> None:
    """Count what came near. Who is guessed at is guarded already: guessing on must not close them by chance."""
    near = finding.near_payer_ids - held.guessed_at
    limits.count_matches(near, finding.near_payer_ids | finding.single_payer_ids, now)


def _policy_wants_code(finding: Finding, now: datetime) -> bool:
    if settings.LINK_POLICY == "three_plus_code":
        return True
    is_fresh = finding.document is not None and finding.document.is_fresh(timezone.localdate(now))
    return settings.LINK_POLICY == "three_fresh" and not is_fresh


def _keep(numbers: Numbers, by: User, ip: str | None, now: datetime, outcome: str) -> None:
    attempt = LinkAttempt(
        user=by,
        tried_at=now,
        ip=ip,
        tax_number_hash=numbers.tax_hash,
        payer_number_hash=lookup_hash(numbers.payer),
        document_number_hash=lookup_hash(numbers.document),
        outcome=outcome,
    )
    insert([attempt])
