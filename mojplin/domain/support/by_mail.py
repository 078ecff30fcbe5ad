"""An answer that came by mail: whose it is, whether it is taken, and what its customer is told when it is not.

A mail that belongs to no enquiry is answered by nobody. Where one belongs to an enquiry and is not taken, or not whole,
the enquiry's own customer is told at the address of the account, once a day at most: never whoever sent it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from mojplin.domain.support import telling
from mojplin.domain.support.files import MOST_FILES, WrongFile, checked, clean_name
from mojplin.domain.support.models import Enquiry, Entry
from mojplin.domain.support.models.conversation import LONGEST_TEXT
from mojplin.domain.support.operations import ClosedForGood, TooManyEnquiries, go_on
from mojplin.domain.support.reply_address import enquiry_behind
from mojplin.foundation import limits
from mojplin.foundation.mail import UNSEEN
from mojplin.foundation.uploads import SentFile

DAY = timedelta(days=1)
MOST_NAMED = 5
"""So many files that were left out are named in the mail about them."""


class Outcome(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    IN_PART = "in_part"
    """Files or the end of a very long text were left out."""
    AGAIN = "again"
    """The same mail had come before."""
    AUTOMATIC = "automatic"
    """Written by a machine: an absence notice, a bounce, a mailing list, a mail of our own."""
    UNKNOWN = "unknown"
    """No address in it belongs to an enquiry, or its customer is gone."""
    EMPTY = "empty"
    CLOSED = "closed"
    """The enquiry was closed long ago."""
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"


NOT_TAKEN = (Outcome.EMPTY, Outcome.CLOSED, Outcome.TOO_MANY, Outcome.TOO_LARGE, Outcome.UNREADABLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class CameIn:
    """A mail as the door has read it."""

    addresses: Sequence[str]
    """Where it was sent to."""
    sender: str
    identity: str
    """The same for the same mail, however often it comes."""
    text: str = ""
    """What is new in it, without what it quotes."""
    files: Sequence[SentFile] = ()
    is_automatic: bool = False
    fault: Outcome | None = None
    """Why the door could not read it: too large or unreadable."""


def take_answer(mail: CameIn, *, now: datetime, office_email: str) -> Outcome:
    """Take the mail into its enquiry, once; count what became of it."""
    enquiry = None if mail.is_automatic else next(filter(None, map(enquiry_behind, mail.addresses)), None)
    if mail.is_automatic:
        outcome = Outcome.AUTOMATIC
    elif enquiry is None:
        outcome = Outcome.UNKNOWN
    else:
        outcome = _taken(mail, enquiry, now, office_email)
    limits.hit(_counted(outcome), window=DAY, now=now)
    return outcome


def mails_since(first: date) -> dict[str, int]:
    """Return how many mails came since that day, by what became of them; counters are kept for a week."""
    starts = limits.Counter.objects.filter(key__startswith=_counted(""), window_start__date__gte=first)
    found: dict[str, int] = {}
    for key, count in starts.values_list("key", "count"):
        outcome = key.removeprefix(_counted(""))
        found[outcome] = found.get(outcome, 0) + count
    return found


def _counted(outcome: str) -> str:
    return f"answer by mail:{outcome}"


def _taken(mail: CameIn, enquiry: Enquiry, now: datetime, office_email: str) -> Outcome:
    mail_hash = mail.identity
    if Entry.objects.filter(enquiry=enquiry, mail_hash=mail_hash).exists():
        return Outcome.AGAIN
    if mail.fault:
        return _not_taken(enquiry, mail.fault, now)
    text = UNSEEN.sub("", mail.text).strip()
    files, left_out = _good_files(mail.files)
    if not text and not files:
        return _not_taken(enquiry, Outcome.EMPTY, now, left_out)
    is_cut = len(text) > LONGEST_TEXT
    try:
        # In a transaction of its own, so that a doubled mail of the same moment undoes nothing else.
        with transaction.atomic():
            go_on(
                enquiry=enquiry.pk, message=text[:LONGEST_TEXT], sent_files=files, by=enquiry.sent_by, now=now,
                office_email=office_email, way=Entry.Way.MAIL, came_from=_other_sender(mail, enquiry),
                mail_hash=mail_hash,
            )  # fmt: skip
            if left_out or is_cut:
                telling.tell_not_taken(enquiry, Outcome.IN_PART, left_out, is_cut=is_cut)
    except IntegrityError:
        return Outcome.AGAIN
    except ClosedForGood:
        return _not_taken(enquiry, Outcome.CLOSED, now)
    except TooManyEnquiries:
        return _not_taken(enquiry, Outcome.TOO_MANY, now)
    return Outcome.IN_PART if left_out or is_cut else Outcome.TAKEN


def _good_files(sent: Sequence[SentFile]) -> tuple[list[SentFile], list[str]]:
    """Return the files that get in, and the names of those left out: a mail is not refused for one of them."""
    good: list[SentFile] = []
    left_out: list[str] = []
    for file in sent:
        try:
            if len(good) == MOST_FILES:
                raise WrongFile
            checked([file])
            good.append(file)
        except WrongFile:
            left_out.append(clean_name(file.name, "") or "?")
    return good, left_out[:MOST_NAMED]


def _not_taken(enquiry: Enquiry, why: Outcome, now: datetime, left_out: Sequence[str] = ()) -> Outcome:
    """Tell the customer at the account's address, once a day for each enquiry, so that no machines go on talking."""
    day = timezone.localdate(now)
    with transaction.atomic():
        if limits.hit(f"mail not taken:{enquiry.pk}:{day}", window=DAY, now=now) == 1:
            telling.tell_not_taken(enquiry, why, left_out, is_cut=False)
    return why


def _other_sender(mail: CameIn, enquiry: Enquiry) -> str:
    """Return the sender's address when it is not the account's own, for the office to see."""
    sender = UNSEEN.sub("", mail.sender).strip()[:254]
    return "" if sender.casefold() == enquiry.sent_by.email.casefold() else sender or "?"
