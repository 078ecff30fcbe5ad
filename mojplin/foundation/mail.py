"""Mails: posted through the outbox, written from templates in the reader's language, sent by SMTP.

A mail is a folder of three templates: `subject.txt`, `body.txt` (extends mail/layout.txt) and `body.html` (extends
mail/layout.html). They know the context, `subject`, `base_url` and `supplier`; `preheader`, `action_url` and
`action_label` come with the context or are `set` on top of both bodies.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation

from mojplin.foundation.outbox.delivery import Undeliverable, deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.unsubscribing import Stop, stop_url

TOPIC = "mail"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters and those that turn the direction of writing, with which a name could disguise what follows."""


class DemoMail(models.Model):
    """A mail of a demo that has no mail server; read on the demo's mailbox page."""

    message_id = models.CharField(max_length=100, unique=True)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    attachments = models.JSONField(default=list)
    """Names of the files that came with it."""
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "foundation"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with a mail: read from the document storage when the mail is sent."""

    path: str
    name: str
    """As its reader sees it, with its suffix."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    subject: str
    text: str
    html: str


def post(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    language: str,
    expires_at: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    stop: Stop | None = None,
) -> Message:
    """Post a mail in the caller's transaction.

    :param template: the folder of the three templates, for example "accounts/mail/confirm_sign_in".
    :param context: JSON values only; kept in the outbox, so never a token or password.
    :param expires_at: after this the mail is dropped rather than sent late.
    :param attachments: stored before the mail is posted, and kept at least until it is sent.
    :param stop: as `send_now` has it; the link itself is made when the mail is sent.
    """
    more: dict[str, Any] = {"attachments": [asdict(each) for each in attachments]} if attachments else {}
    if stop:
        more["stop"] = list(stop)
    return Message.post(
        TOPIC, expires_at=expires_at, to=to, template=template, context=context, language=language, **more
    )


@deliverer(TOPIC)
def deliver_mail(message: Message) -> None:
    stop = message.payload.get("stop")
    send_now(**message.payload | {"stop": Stop(*stop) if stop else None}, message_id=message.public_id)


def send_now(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    language: str,
    message_id: str,
    attachments: Sequence[dict[str, str]] = (),
    reply_to: str = "",
    stop: Stop | None = None,
) -> None:
    """Write the mail in `language` and hand it to the mail server; only deliverers call this.

    :param message_id: public id of the outbox message; the same id is the same mail to its receiver.
    :param reply_to: where an answer goes; empty: to the sender of all mails.
    :param stop: what its reader may stop with one click, in the mail and by the mail program (RFC 8058); None: nothing.
    :raises Undeliverable: the mail server refused the address or the mail for good (5xx).
    :raises Exception: the server is away or asks to try later.
    """
    if any(character in to for character in "\r\n,"):
        raise Undeliverable("not one e-mail address")
    with translation.override(language):
        stops_at = stop_url(stop) if stop else ""
    letter = written(template=template, context=context | {"stop_url": stops_at}, language=language)
    identifier = f"{message_id}@{urlsplit(settings.BASE_URL).hostname}"
    if settings.MAIL_GOES_TO_DEMO_MAILBOX:
        _keep_for_demo(letter, to=to, identifier=identifier, names=[each["name"] for each in attachments])
    else:
        files = [(each["name"], _stored(each["path"])) for each in attachments]
        _hand_over(letter, to=to, identifier=identifier, files=files, reply_to=reply_to, stops_at=stops_at)


def _stored(path: str) -> bytes:
    with default_storage.open(path) as file:
        content: bytes = file.read()
    return content


def written(*, template: str, context: dict[str, Any], language: str) -> Letter:
    """Return the mail as its reader gets it."""
    with translation.override(language):
        known = {"preheader": "", "base_url": settings.BASE_URL} | context
        known["subject"] = _subject(template, known)
        # An empty block of a template would leave a hole in the text.
        text = re.sub(r"\n{3,}", "\n\n", _rendered(f"{template}/body.txt", known)) + "\n"
        html = _rendered(f"{template}/body.html", known) + "\n"
    return Letter(subject=known["subject"], text=text, html=html)


def subject_of(*, template: str, context: dict[str, Any], language: str) -> str:
    """Return the subject of a mail as its reader gets it; it never holds a secret."""
    with translation.override(language):
        return _subject(template, context)


def _subject(template: str, context: dict[str, Any]) -> str:
    # A line break in a subject would begin another header.
    return " ".join(_rendered(f"{template}/subject.txt", context).split())


def _rendered(template: str, context: dict[str, Any]) -> str:
    return UNSEEN.sub("", render_to_string(template, context)).strip()


def _hand_over(
    letter: Letter, *, to: str, identifier: str, files: Sequence[tuple[str, bytes]], reply_to: str, stops_at: str
) -> None:
    headers = {"Message-ID": f"<{identifier}>", "Auto-Submitted": "auto-generated"}
    if stops_at:
        headers |= {"List-Unsubscribe": f"<{stops_at}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answers_to = [reply_to] if reply_to else None
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[to], headers=headers, reply_to=answers_to)
    mail.attach_alternative(letter.html, "text/html")
    for name, content in files:
        mail.attach(name, content)
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        _give_up_when_final(code, answer)
        raise
    except SMTPDataError as refused:
        _give_up_when_final(refused.smtp_code, refused.smtp_error)
        raise


def _give_up_when_final(code: int, answer: bytes | str) -> None:
    if code >= 500:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        raise Undeliverable(f"refused by the mail server: {code} {text}")


def _keep_for_demo(letter: Letter, *, to: str, identifier: str, names: list[str]) -> None:
    kept = {"to": to, "subject": letter.subject[:200], "text": letter.text, "html": letter.html, "attachments": names}
    DemoMail.objects.get_or_create(message_id=identifier, defaults=kept | {"sent_at": timezone.now()})
