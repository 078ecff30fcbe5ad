"""Codes for payers whom numbers alone do not link: mailed to the contact the supplier knows, or printed as a letter.

Ten letters and digits, 50 random bits, good for 30 days and once; kept as a password hash. The two halves of a letter's
code are printed by two members of staff, each on a sheet of its own. Whoever tries the numbers
of a closed payer must not see by the time it takes that they were right: the worker asks for the code afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import four_eyes
from mojplin.domain.accounts.models import AccessEvent, Session, User
from mojplin.domain.linking import closing, limits
from mojplin.domain.linking.granting import Opened, open_places
from mojplin.domain.linking.models import ClosedPayer, Link, LinkAttempt, LinkCode
from mojplin.domain.linking.payer_log import record_for_payer
from mojplin.domain.supply.models import Payer
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.housekeeping import watch
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.slovenia import folded
from mojplin.foundation.slovenia import tax_number as read_tax_number
from mojplin.foundation.typed_codes import as_typed, new_code

HALF = 5
"""Letters and digits in each half of a code."""
GOOD_FOR = timedelta(days=30)
ASKED_AGAIN_AFTER = timedelta(days=1)
AT_ONCE = 100
"""Tries the worker sees to in one go."""
MAIL_TOPIC = "link_code_mail"
Way = LinkCode.Way


class WrongCode(Refused):
    message = _(
        "The numbers and the code do not match, or there were too many attempts. A code is good for 30 days and once."
    )


@watch
def ask_for_wanted_codes(now: datetime) -> None:
    """Have codes sent for the tries whose three numbers were right but not enough."""
    wanted = LinkAttempt.objects.filter(outcome=LinkAttempt.Outcome.CODE_WANTED).order_by("tried_at", "pk")
    for attempt in wanted[:AT_ONCE]:
        with transaction.atomic():
            mine = LinkAttempt.objects.filter(pk=attempt.pk, outcome=LinkAttempt.Outcome.CODE_WANTED)
            if mine.update(outcome=LinkAttempt.Outcome.CODE_ASKED):
                for payer_id in _payers_of(attempt):
                    ask_for_code(payer_id=payer_id, now=now)


def _payers_of(attempt: LinkAttempt) -> list[int]:
    """Return whose numbers were typed; only their hashes are kept."""
    of_tax = Payer.objects.filter(tax_number_hash=attempt.tax_number_hash).values_list("id", "number")
    return [payer_id for payer_id, number in of_tax if lookup_hash(number) == attempt.payer_number_hash]


def ask_for_code(*, payer_id: int, now: datetime, way: LinkCode.Way | None = None) -> None:
    """Have a code sent to the payer's contact, or printed by staff when none is known; once a day at most.

    :param way: the only one by which it may go; None: by mail to a known contact, else by post.
    """
    if way is None:
        contact = Payer.objects.values_list("email", flat=True).get(pk=payer_id)
        way = Way.MAIL if contact else Way.LETTER
    waiting = LinkCode.objects.filter(payer_id=payer_id, way=way, used_at=None)
    if waiting.filter(asked_at__gt=now - ASKED_AGAIN_AFTER).exists():
        return
    # A letter takes days: asking once more must not void the one on its way. Staff print another when it is lost.
    if way == Way.LETTER and waiting.filter(Q(code_hash="") | Q(expires_at__gt=now)).exists():
        return
    code = _begun(payer_id, way, now)
    if way == Way.MAIL:
        Message.post(MAIL_TOPIC, code=code.public_id)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One of the two sheets of a letter, with its half of the code: to be printed now, it cannot be read again."""

    number: int
    half: str


@transaction.atomic
def print_sheet(*, payer_id: int, by: User, now: datetime, ip: str | None = None) -> Sheet:
    """Print the second sheet of the payer's letter when somebody else has printed the first; else a new first one.

    So nobody in the office knows a whole code. With a new first sheet an earlier letter of the payer is void.
    Whoever sees the payer reads who has printed which sheet.

    :raises NewInOffice: see `four_eyes.check_settled`.
    """
    four_eyes.check_settled(by, now)
    payer = Payer.objects.select_for_update(no_key=True).get(pk=payer_id)  # two who print at once
    begun = letters_begun(now).filter(payer=payer_id).exclude(printed_by=by).first()
    half = new_code(HALF)
    if begun is None:
        code = _begun(payer_id, Way.LETTER, now)
        LinkCode.objects.filter(pk=code.pk).update(code_hash=make_password(half), printed_by=by)
    else:
        whole = {"second_hash": make_password(half), "second_printed_by": by, "made_at": now}
        LinkCode.objects.filter(pk=begun.pk).update(**whole, expires_at=now + GOOD_FOR)
    sheet = Sheet(number=1 if begun is None else 2, half=half)
    what, about = AccessEvent.What.CODE_PRINTED, f"{sheet.number}/2"
    record_for_payer(number=payer.number, what=what, by=by, about=about, ip=ip, now=now)
    return sheet


def letters_begun(now: datetime) -> "QuerySet[LinkCode]":
    """Return the letters whose first sheet alone is printed."""
    first_only = LinkCode.objects.filter(way=Way.LETTER, used_at=None, second_hash="", expires_at__gt=now)
    return first_only.exclude(code_hash="")


@deliverer(MAIL_TOPIC)
def deliver_code_mail(message: Message) -> None:
    """Make the code, keep its hash, send it to the contact known by then; a mail tried again carries a new code."""
    code = LinkCode.objects.select_related("payer").filter(public_id=message.payload["code"], used_at=None).first()
    if code is None or not code.payer.email:
        return
    secret = _made(code, timezone.now())
    context = {"code": secret, "payer_number": code.payer.number}
    mail.send_now(
        to=code.payer.email,
        template="linking/mail/link_code",
        context=context,
        language=_language_of(code.payer.email),
        message_id=message.public_id,
    )


def redeem_code(
    *, tax_number: str, payer_number: str, code: str, by: User, session: Session, ip: str | None, now: datetime
) -> Opened:
    """Link `by` to places of the payer whose code this is; linking by numbers is open again then.

    Tries are written also when they are refused: the caller must let them be committed.

    :raises WrongCode: the one answer for everything that does not open.
    :raises NoLongerPayer, AlreadyLinked, TooManyUsers: only when all is right; the code stays good.
    """
    tax, number = read_tax_number(tax_number) or "", folded(payer_number)
    payer = {"payer__number": number, "payer__tax_number_hash": lookup_hash(tax)}
    found = matching(payer, as_typed(code), now)  # slow: before any row is held
    with transaction.atomic():
        is_judged = limits.reserve(by, ip, now)
        if found and is_judged:
            limits.give_back(by, ip, now)
        outcomes = LinkAttempt.Outcome
        outcome = (outcomes.LINKED if found else outcomes.WRONG_CODE) if is_judged else outcomes.PAUSED
        LinkAttempt.objects.create(
            user=by,
            tried_at=now,
            ip=ip,
            tax_number_hash=lookup_hash(tax),
            payer_number_hash=lookup_hash(number),
            outcome=outcome,
        )
    if not found or not is_judged:
        raise WrongCode
    return _use(found, by, session, now)


@transaction.atomic
def _use(code: LinkCode, by: User, session: Session, now: datetime) -> Opened:
    if not use_up(code, by=by, now=now):
        raise WrongCode
    closing.clear(code.payer_id, ClosedPayer.Reopening.CODE, by=by, now=now)
    return open_places(
        payer_id=code.payer_id, document=None, proven_by=Link.Proof.CODE, name="", by=by, session=session, now=now
    )


def use_up(code: LinkCode, *, by: User, now: datetime) -> bool:
    """Use a code; return False when it was used or replaced meanwhile."""
    good = LinkCode.objects.filter(pk=code.pk, code_hash=code.code_hash, second_hash=code.second_hash, used_at=None)
    return bool(good.update(used_at=now, used_by=by))


def matching(whose: Mapping[str, Any], typed: str, now: datetime) -> LinkCode | None:
    """Return the code that was typed; always as many hashes are compared as a payer can have codes.

    :param whose: conditions that leave the codes of one payer at most.
    """
    found = LinkCode.objects.filter(**whose, used_at=None, expires_at__gt=now, made_at__isnull=False)
    codes = {code.way: code for code in found}
    mailed, letter = codes.get(Way.MAIL.value), codes.get(Way.LETTER.value)
    is_mailed = check_password(typed, mailed.code_hash if mailed else NOBODYS)
    is_first = check_password(typed[:HALF], letter.code_hash if letter else NOBODYS)
    is_second = check_password(typed[HALF:], letter.second_hash if letter else NOBODYS)
    return mailed if is_mailed else letter if is_first and is_second else None


def _begun(payer_id: int, way: LinkCode.Way, now: datetime) -> LinkCode:
    """Return the payer's one row of that way, ready for a new code."""
    nobody = {"printed_by": None, "second_printed_by": None}
    fresh = {"asked_at": now, "code_hash": "", "second_hash": "", "made_at": None, "expires_at": now + GOOD_FOR}
    code, _is_new = LinkCode.objects.update_or_create(payer_id=payer_id, way=way, used_at=None, defaults=fresh | nobody)
    return code


def _made(code: LinkCode, now: datetime) -> str:
    secret = new_code(2 * HALF)
    LinkCode.objects.filter(pk=code.pk, used_at=None).update(
        code_hash=make_password(secret), made_at=now, expires_at=now + GOOD_FOR
    )
    return f"{secret[:HALF]}-{secret[HALF:]}"


def _language_of(address: str) -> str:
    """Return the language of the user with that address; the supplier's own when nobody has it."""
    known = User.objects.filter(email=address.casefold()).values_list("language", flat=True).first()
    return known or User.Language.SLOVENE.value


NOBODYS = make_password(None)
"""Matches nothing, and must cost as much as a real one: see `matching`."""
