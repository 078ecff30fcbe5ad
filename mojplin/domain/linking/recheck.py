"""Proving once more that a place is still its user's, with the newest document or a code.

Asked for when the e-mail address has changed or a forgotten password was replaced (somebody else may hold the account
now), and after so many months; until then the link does what a link on probation does. `roles.is_proof_due` decides.

While it is asked for, the portal keeps the payer's external document numbers and files to itself: whoever has come
into the account could otherwise read the answer there. For the same reason a code goes by post, not to a mailbox,
when somebody else may hold the account.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking import closing, codes, limits
from mojplin.domain.linking.models import ClosedPayer, Link, LinkAttempt, LinkCode, Role
from mojplin.domain.linking.proof import newest_numbers
from mojplin.domain.supply.models import Payer
from mojplin.foundation.errors import Refused
from mojplin.foundation.prepared import insert
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slovenia import folded
from mojplin.foundation.typed_codes import as_typed

Outcome, Way = LinkAttempt.Outcome, LinkCode.Way


class NotTheNewest(Refused):
    message = _(
        "The number does not match, or there were too many attempts. Check that you copied the external document "
        "number from the newest invoice for this supply point."
    )


class WrongCode(Refused):
    message = _("The code does not match, or there were too many attempts. A code is good for 30 days and once.")


def prove_with_document(*, link: int, document_number: str, by: User, ip: str | None, now: datetime) -> None:
    """Prove all the user's links to the payer again with the external number of the newest document at a place.

    Attempts and their counters are written also when it is refused: the caller must let them be committed. A wrong
    number is a near miss: after five of them only a code proves anything for this payer.

    :param link: key of a holder's link of `by`.
    :raises NotTheNewest: the one answer for every other number, a closed payer and a used-up limit.
    """
    held = _held(link, by)
    newest = newest_numbers(held.payer_id, held.supply_point_id, timezone.localdate(now))
    number = folded(document_number)
    with transaction.atomic():
        is_judged = limits.reserve(by, ip, now)
        is_closed = closing.is_closed(held.payer_id, now)  # also when nothing is judged: every failure costs the same
        is_judged = is_judged and not is_closed
        outcome = (Outcome.PROVEN if number in newest else Outcome.NEAR_MISS) if is_judged else Outcome.PAUSED
        near = {held.payer_id} if outcome == Outcome.NEAR_MISS else set()
        limits.count_matches(near, near, now)
        _settle(held, outcome, lookup_hash(number), by=by, ip=ip, now=now)
    if outcome != Outcome.PROVEN:
        raise NotTheNewest


def way_of_code(*, link: int, by: User) -> LinkCode.Way:
    """Return how a code for proving this link again reaches the payer."""
    held = _held(link, by)
    return Way.LETTER if held.is_in_doubt or not held.payer.email else Way.MAIL


@transaction.atomic
def ask_for_code(*, link: int, by: User, now: datetime) -> None:
    """Have a code sent to the payer for proving this link again; once a day at most."""
    codes.ask_for_code(payer_id=_held(link, by).payer_id, way=way_of_code(link=link, by=by), now=now)


def prove_with_code(*, link: int, code: str, by: User, ip: str | None, now: datetime) -> None:
    """Prove all the user's links to the payer again with a code that was sent to the payer.

    Tries are written also when they are refused: the caller must let them be committed.

    :raises WrongCode: the one answer for everything that proves nothing.
    """
    held = _held(link, by)
    ways = {Way.LETTER} if held.is_in_doubt else set(Way)
    found = codes.matching({"payer": held.payer_id, "way__in": ways}, as_typed(code), now)  # slow: holds no row yet
    with transaction.atomic():
        is_right = limits.reserve(by, ip, now) and found is not None and codes.use_up(found, by=by, now=now)
        if is_right:
            closing.clear(held.payer_id, ClosedPayer.Reopening.CODE, by=by, now=now)
        _settle(held, Outcome.PROVEN if is_right else Outcome.WRONG_CODE, "", by=by, ip=ip, now=now)
    if not is_right:
        raise WrongCode


@transaction.atomic
def confirm_share(*, share: str, link: int, by: User, now: datetime) -> bool:
    """Let a share of the holder's link stand after its user's account has changed; return whether there is such one."""
    found = Link.objects.filter(public_id=share, shared_from=link, shared_from__user=by, ended_at=None)
    one = found.select_related("user").first()
    if one is None:
        return False
    renew(found, now=now)
    access_log.record(whose=one.user, what=AccessEvent.What.POINT_PROVEN_AGAIN, by=by, about=one.name, now=now)
    return True


def renew(links: "QuerySet[Link]", *, now: datetime) -> None:
    """Note that these links are proven as of now."""
    links.update(proven_again_at=now, proof_asked_at=None)


def _held(link: int, by: User) -> Link:
    return Link.objects.select_related("payer", "user").get(pk=link, user=by, role=Role.HOLDER, ended_at=None)


def _settle(
    held: Link, outcome: LinkAttempt.Outcome, document_hash: str, *, by: User, ip: str | None, now: datetime
) -> None:
    """Keep the try; when it proves, give it back to the counters and renew the links."""
    payer: Payer = held.payer
    attempt = LinkAttempt(
        user=by, tried_at=now, ip=ip, tax_number_hash=payer.tax_number_hash,
        payer_number_hash=lookup_hash(payer.number), document_number_hash=document_hash, outcome=outcome,
    )  # fmt: skip
    insert([attempt])
    if outcome != Outcome.PROVEN:
        return
    limits.give_back(by, ip, now)
    links = Link.objects.filter(user=by, payer=payer, role=Role.HOLDER, ended_at=None)
    for name in links.values_list("name", flat=True).order_by("position"):
        access_log.record(whose=by, what=AccessEvent.What.POINT_PROVEN_AGAIN, by=by, about=name, now=now, ip=ip)
    renew(links, now=now)
