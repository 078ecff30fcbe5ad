"""What customers do here: write to the office, go on writing, say that it is settled, ask to be called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.support import files, telling
from mojplin.domain.support.hours import call_slots, promised_on
from mojplin.domain.support.models import Enquiry, Entry
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number
from mojplin.foundation.uploads import SentFile

MOST_IN_A_DAY = 20
REOPEN_WITHIN = timedelta(days=90)
"""A closed enquiry can be gone on with for so long; later a new one is clearer to both sides."""
Kind, State, Side = Enquiry.Kind, Enquiry.State, Entry.Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What somebody writes about, as they may see it: the door has checked that."""

    supply_point_id: int | None = None
    supply_point_number: str = ""
    payer_id: int | None = None
    place_name: str = ""
    """The customer's own name of the place; only their confirmation says it, never the office's mail."""
    about_kind: str = ""
    """One of `Enquiry.About`, or empty."""
    about_id: str = ""
    about_name: str = ""


class TooManyEnquiries(Refused):
    message = _("You have written many messages today. Call us, or write again tomorrow.")


class ComplaintWithoutDocument(Refused):
    field = "about"
    message = _("Choose the invoice you complain about.")


class HourIsGone(Refused):
    field = "when"
    message = _("This hour is no longer free. Choose another one.")


class ClosedForGood(Refused):
    message = _("This matter was closed some time ago. Write a new message and name its number.")


@transaction.atomic
def send_enquiry(
    *,
    topic: str,
    subject: Subject,
    message: str,
    sent_files: Sequence[SentFile] = (),
    is_complaint: bool = False,
    by: User,
    now: datetime,
    office_email: str,
) -> Enquiry:
    """Keep what the customer wrote, promise a day, pass it to the office and the ERP, and confirm it by mail.

    :param is_complaint: the customer objects to the document in `subject`.
    :raises TooManyEnquiries: more than twenty in a day.
    :raises TooManyFiles, WrongFile: see `files`.
    :raises ComplaintWithoutDocument: a complaint is bound to a document.
    """
    if is_complaint and subject.about_kind != Enquiry.About.DOCUMENT:
        raise ComplaintWithoutDocument
    days = settings.SUPPORT_COMPLAINT_WORKING_DAYS if is_complaint else settings.SUPPORT_ANSWER_WORKING_DAYS
    _count(by, now)
    kept = files.checked(sent_files)
    kind = Kind.COMPLAINT if is_complaint else Kind.QUESTION
    enquiry = _begun(Enquiry(kind=kind, topic=topic, promised_on=promised_on(now, days)), subject, by, now)
    entry = _said(enquiry, message, by, now)
    files.keep(kept, entry=entry)
    telling.tell_received(enquiry, entry, subject.supply_point_number, subject.place_name, office_email)
    return enquiry


@transaction.atomic
def ask_for_call(
    *, topic: str, subject: Subject, message: str, phone: str, when: str, by: User, now: datetime, office_email: str
) -> Enquiry:
    """Ask the office to call on an open day within a whole hour.

    :param when: one of `call_choices`.
    :param message: what it is about; may be empty.
    :raises HourIsGone: it is none of them (any more).
    :raises TooManyEnquiries: more than twenty messages and calls in a day.
    """
    slot = next(((day, hour) for value, day, hour in call_choices(now) if value == when), None)
    if slot is None:
        raise HourIsGone
    _count(by, now)
    call_on, call_hour = slot
    wish = Enquiry(
        kind=Kind.CALL, topic=topic, promised_on=call_on, call_on=call_on, call_hour=call_hour, call_phone=phone
    )
    enquiry = _begun(wish, subject, by, now)
    entry = _said(enquiry, message, by, now)
    telling.tell_received(enquiry, entry, subject.supply_point_number, subject.place_name, office_email)
    return enquiry


def call_choices(now: datetime) -> list[tuple[str, date, int]]:
    """Return the hours that can be wished for: the value of the form, the day, the hour."""
    return [(f"{day.isoformat()}T{hour:02}", day, hour) for day, hours in call_slots(now) for hour in hours]


def _begun(enquiry: Enquiry, subject: Subject, by: User, now: datetime) -> Enquiry:
    """Write the enquiry with its number, which follows from its key."""
    enquiry.number = new_public_id()[:20]
    enquiry.supply_point_id, enquiry.payer_id = subject.supply_point_id, subject.payer_id
    enquiry.about_kind, enquiry.about_id = subject.about_kind, subject.about_id
    enquiry.about_name = subject.about_name
    enquiry.sent_by, enquiry.sent_at, enquiry.last_at = by, now, now
    enquiry.save()
    give_number(enquiry, "P", now=now)
    return enquiry


def _said(enquiry: Enquiry, text: str, by: User, now: datetime) -> Entry:
    return Entry.objects.create(enquiry=enquiry, side=Side.CUSTOMER, text=text, written_by=by, written_at=now)


def _count(by: User, now: datetime) -> None:
    if limits.hit(f"enquiry:{by.pk}", window=timedelta(days=1), now=now) > MOST_IN_A_DAY:
        raise TooManyEnquiries


@transaction.atomic
def go_on(
    *,
    enquiry: int,
    message: str,
    sent_files: Sequence[SentFile] = (),
    by: User,
    now: datetime,
    office_email: str,
    way: Entry.Way = Entry.Way.PORTAL,
    came_from: str = "",
    mail_hash: str = "",
) -> Entry:
    """Say something more in the customer's own enquiry; an answered or closed one waits for the office again.

    :param enquiry: key of an enquiry of `by`.
    :param way: by mail the address it came from, where it is not the customer's own, and the hash of the mail are kept.
    :raises ClosedForGood: it was closed more than 90 days ago.
    :raises TooManyEnquiries, TooManyFiles, WrongFile: see `send_enquiry`.
    """
    _count(by, now)
    kept = files.checked(sent_files)
    held = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry, sent_by=by)
    if held.closed_at and held.closed_at < now - REOPEN_WITHIN:
        raise ClosedForGood
    if held.state != State.SENT:
        held.promised_on, held.is_put_off = promised_on(now, settings.SUPPORT_ANSWER_WORKING_DAYS), False
    held.state, held.closed_at, held.last_at = State.SENT, None, now
    held.save(update_fields=["promised_on", "is_put_off", "state", "closed_at", "last_at"])
    entry = Entry.objects.create(
        enquiry=held, side=Side.CUSTOMER, way=way, text=message, written_by=by, written_at=now,
        came_from=came_from, mail_hash=mail_hash,
    )  # fmt: skip
    files.keep(kept, entry=entry)
    telling.tell_more(held, entry, office_email)
    return entry


def close_enquiry(*, enquiry: int, by: User, now: datetime) -> bool:
    """Say that the matter is settled; return whether it was open. Writing again opens it."""
    opened = Enquiry.objects.filter(pk=enquiry, sent_by=by).exclude(state=State.CLOSED)
    return bool(opened.update(state=State.CLOSED, closed_at=now, last_at=now))
