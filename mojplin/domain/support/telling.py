"""Mails and messages of an enquiry. An answer by mail goes to an address that only the customer's mail names."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from mojplin.domain.accounts.notices import is_wanted
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.support.hours import call_clock
from mojplin.domain.support.models import Enquiry, Entry
from mojplin.domain.support.reply_address import reply_address
from mojplin.foundation import formats, mail
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.unsubscribing import Stop

OFFICE_LANGUAGE = "sl"
RECEIVED, NOT_TAKEN = "enquiry_received", "enquiry_not_taken"


def tell_received(enquiry: Enquiry, entry: Entry, supply_point_number: str, place_name: str, office_email: str) -> None:
    """Write the message to the ERP, the mail to the office and the confirmation for the customer."""
    Message.post(
        "erp.enquiry.received",
        wakes_worker=False,
        id=enquiry.public_id,
        number=enquiry.number,
        kind=enquiry.kind,
        about=enquiry.topic,
        supply_point=supply_point_number,
        subject_kind=enquiry.about_kind,
        subject=enquiry.about_name,
        message=entry.text,
        sent_by=enquiry.sent_by.email,
        sent_at=enquiry.sent_at.isoformat(),
        answer_by=enquiry.promised_on.isoformat() if enquiry.promised_on else None,
        call_phone=enquiry.call_phone,
        call_hour=enquiry.call_hour,
    )
    _tell_office(enquiry, entry, supply_point_number, office_email, is_new=True)
    if is_wanted(RECEIVED, by=enquiry.sent_by):
        Message.post(RECEIVED, entry=entry.pk, place=place_name)


def tell_more(enquiry: Enquiry, entry: Entry, office_email: str) -> None:
    number = enquiry.supply_point.number if enquiry.supply_point else ""
    _tell_office(enquiry, entry, number, office_email, is_new=False)


def _tell_office(enquiry: Enquiry, entry: Entry, supply_point_number: str, office_email: str, *, is_new: bool) -> None:
    context = {
        "number": enquiry.number,
        "kind": enquiry.kind,
        "topic": enquiry.topic,
        "about": enquiry.about_name,
        "message": entry.text,
        "supply_point": supply_point_number,
        "sender": enquiry.sent_by.username,
        "sender_email": enquiry.sent_by.email,
        "files": entry.attachments.count(),
        "is_new": is_new,
        "is_mail": entry.way == Entry.Way.MAIL,
        "came_from": entry.came_from,
        "action_url": address_in(OFFICE_LANGUAGE, "staff:enquiry", enquiry.public_id, site=settings.OFFICE_URL),
        **_call(enquiry, OFFICE_LANGUAGE),
        **_promise(enquiry, OFFICE_LANGUAGE),
    }
    mail.post(to=office_email, template="support/mail/to_office", context=context, language=OFFICE_LANGUAGE)


def tell_not_taken(enquiry: Enquiry, why: str, left_out: Sequence[str], *, is_cut: bool) -> None:
    """Post the mail that says why an answer by mail, or a part of it, is not in the conversation.

    :param why: one of `by_mail.Outcome`.
    :param left_out: names of files.
    """
    Message.post(NOT_TAKEN, enquiry=enquiry.pk, why=why, left_out=list(left_out), is_cut=is_cut)


@deliverer(RECEIVED)
def send_received(message: Message) -> None:
    """Send the confirmation; the address for an answer is made when it leaves, so that the outbox holds none."""
    entry = _entry(message)
    if entry is None:
        return
    enquiry, user = entry.enquiry, entry.enquiry.sent_by
    context = _common(enquiry) | {
        "place": message.payload["place"],
        "message": entry.text,
        "kind": enquiry.kind,
        "about": enquiry.about_name,
        **_call(enquiry, user.language),
        **_promise(enquiry, user.language),
    }
    _send(message, enquiry, "support/mail/enquiry_received", context, stop=Stop(user.pk, [RECEIVED]))


@deliverer(NOT_TAKEN)
def send_not_taken(message: Message) -> None:
    found = Enquiry.objects.select_related("sent_by").filter(pk=message.payload["enquiry"], sent_by__is_active=True)
    enquiry = found.first()
    if enquiry is not None:
        told = {name: message.payload[name] for name in ("why", "left_out", "is_cut")}
        _send(message, enquiry, "support/mail/answer_not_taken", _common(enquiry) | told)


def words_of_answer(entry: Entry) -> dict[str, Any]:
    """Return what the mail "support/mail/answer" says: the office's answer, or only that there is one."""
    return _common(entry.enquiry) | {
        "text": "" if entry.is_confidential else entry.text,
        "files": entry.attachments.count(),
        "is_closed": entry.enquiry.state == Enquiry.State.CLOSED,
        "may_reply": bool(reply_address(entry.enquiry)),
    }


def words_of_delay(enquiry: Enquiry) -> dict[str, Any]:
    """Return what the mail "support/mail/answer_later" says: by which later day the customer is answered."""
    promise = _promise(enquiry, enquiry.sent_by.language)
    return _common(enquiry) | promise | {"may_reply": bool(reply_address(enquiry))}


def _entry(message: Message) -> Entry | None:
    """Return what the mail is about, unless it or its customer is gone."""
    found = Entry.objects.select_related("enquiry__sent_by").filter(pk=message.payload["entry"])
    return found.filter(enquiry__sent_by__is_active=True).first()


def _send(message: Message, enquiry: Enquiry, template: str, context: dict[str, Any], stop: Stop | None = None) -> None:
    user, answers_to = enquiry.sent_by, reply_address(enquiry)
    mail.send_now(
        to=user.email, template=template, context=context | {"may_reply": bool(answers_to)}, language=user.language,
        message_id=message.public_id, reply_to=answers_to, stop=stop,
    )  # fmt: skip


def _common(enquiry: Enquiry) -> dict[str, Any]:
    language = enquiry.sent_by.language
    page = address_in(language, "web:enquiry", enquiry.public_id)
    return {"number": enquiry.number, "topic": str(enquiry.topic), "action_url": page}


def _promise(enquiry: Enquiry, language: str) -> dict[str, Any]:
    spoken = formats.language_of(language)
    day = formats.weekday_day(enquiry.promised_on, spoken) if enquiry.promised_on else ""
    return {"promised": day}


def _call(enquiry: Enquiry, language: str) -> dict[str, Any]:
    """Return day and hour of a call, as "torek, 24. novembra" and "10.00"."""
    if enquiry.call_on is None or enquiry.call_hour is None:
        return {"call_day": "", "call_from": "", "call_to": "", "call_phone": ""}
    spoken = formats.language_of(language)
    first, last = call_clock(enquiry.call_hour)
    return {
        "call_day": formats.weekday_day(enquiry.call_on, spoken, "accusative"),
        "call_from": formats.clock(first, spoken),
        "call_to": formats.clock(last, spoken),
        "call_phone": enquiry.call_phone,
    }
