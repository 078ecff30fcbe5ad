"""One mail as a mail server hands it over (RFC 5322), read so that no mail can do harm or take long.

Headers are read as short pieces of text, by patterns and never by a full parser; a part that is itself a mail stays
closed; what is nested, large or broken beyond measure is a fault of that mail, and never a crash.
"""

import io
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from mojplin.domain.support.by_mail import CameIn, Outcome
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.uploads import LARGEST_BYTES, SentFile
from mojplin.interfaces.mail.html_text import text_of_html
from mojplin.interfaces.mail.quotation import new_words

LARGEST_MAIL_BYTES = 45 * 1024 * 1024
"""Three files of 10 MB are 41 MB as mails write them."""
LARGEST_HEAD_BYTES = 256 * 1024
MOST_BOUNDARIES = 40
"""A mail with more parts within parts would take minutes to read."""
MOST_MARKS = 2_000
"""Of lines that could begin a part."""
MOST_LINES = 1_000_000
MOST_PARTS = 100
LARGEST_TEXT_BYTES = 512 * 1024
LONGEST_HEADER = 4_000
MOST_FILES_LOOKED_AT = 8
SMALLEST_PICTURE_IN_TEXT_BYTES = 12 * 1024
"""A smaller picture within the text is the mark of a signature."""
SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
CHARSET = re.compile(r"utf-?(?:8|16(?:[lb]e)?)|(?:us-)?ascii|iso-?8859-\d+|latin-?\d|windows-\d+|cp\d+|koi8-[ru]")
OF_SLOVENE_WINDOWS = "cp1250"
NO_FILES = (
    "text/calendar", "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/ms-tnef",
)  # fmt: skip
MACHINE = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+@.-]|\Z)", re.I)
MACHINES_PRECEDENCE = ("bulk", "junk", "list", "auto_reply")
MACHINES_HEADERS = ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe", "X-Failed-Recipients")


def read(raw: bytes) -> CameIn:
    """Return what the mail says; of one that cannot be read, where it was sent to and its fault."""
    head = BytesHeaderParser().parsebytes(raw[:LARGEST_HEAD_BYTES])
    message_id = _header(head, "Message-ID").strip()
    known: dict[str, Any] = {
        "addresses": [_header(head, name) for name in SENT_TO],
        "sender": _sender(head),
        "identity": lookup_hash(f"mail {message_id or sha256(raw).hexdigest()}"),
        "is_automatic": _is_automatic(head, message_id),
    }
    return CameIn(**known, **({} if known["is_automatic"] else _content(raw)))


def _is_automatic(head: Message, message_id: str) -> bool:
    """Return whether a machine wrote it (RFC 3834), a list passed it on, or it is a mail of our own come back."""
    if _header(head, "Auto-Submitted").strip().lower().partition(";")[0] not in ("", "no"):
        return True
    if _header(head, "Precedence").strip().lower() in MACHINES_PRECEDENCE:
        return True
    if any(name in head for name in MACHINES_HEADERS) or _header(head, "Return-Path").strip() == "<>":
        return True
    sender = _sender(head).lower()
    if not sender or MACHINE.match(sender) or head.get_content_type() == "multipart/report":
        return True
    return _is_ours(sender) or message_id.endswith(f"@{urlsplit(settings.BASE_URL).hostname}>")


def _sender(head: Message) -> str:
    """Return the address the mail says it is from; empty: none that can be read."""
    try:
        return parseaddr(_header(head, "From"))[1]
    except RecursionError:  # brackets within brackets, as only a mail made to break its reader has them
        return ""


def _is_ours(sender: str) -> bool:
    ours = (settings.SUPPORT_REPLY_EMAIL, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.SUPPLIER["email"])
    return re.sub(r"\+[^@]*@", "@", sender) in [each.lower() for each in ours]


def _content(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST_MAIL_BYTES:
        return {"fault": Outcome.TOO_LARGE}
    if _takes_long(raw):
        return {"fault": Outcome.UNREADABLE}
    try:
        parts = list(_leaves(BytesParser().parsebytes(raw)))
        return {"text": new_words(_text(parts)), "files": _files(parts)}
    except Exception:  # a mail made to break its reader makes it raise anything; to both sides all of it is one thing
        return {"fault": Outcome.UNREADABLE}


def _takes_long(raw: bytes) -> bool:
    """Return whether the mail is built to keep its reader busy; counted without reading it."""
    boundaries, marks, lines = raw.lower().count(b"boundary"), raw.count(b"\n--"), raw.count(b"\n")
    return boundaries > MOST_BOUNDARIES or marks > MOST_MARKS or lines > MOST_LINES


def _leaves(mail: Message) -> Iterator[Message]:
    """Walk through the parts in their order; a mail within the mail counts as one part."""
    waiting, seen = [mail], 0
    while waiting:
        part, seen = waiting.pop(), seen + 1
        if seen > MOST_PARTS:
            raise ValueError("too many parts")
        inner = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield part


def _text(parts: list[Message]) -> str:
    """Return the first plain text, else that of the first HTML."""
    for media_type in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == media_type and part.get_content_disposition() != "attachment":
                written = _decoded(part)
                text = text_of_html(written) if media_type == "text/html" else written
                if text.strip():
                    return text
    return ""


def _decoded(part: Message) -> str:
    content = _bytes(part)[:LARGEST_TEXT_BYTES]
    charset = (part.get_content_charset() or "").lower()
    for each in (charset if CHARSET.fullmatch(charset) else "", "utf-8"):
        try:
            return content.decode(each) if each else content.decode()
        except (LookupError, UnicodeError):
            continue
    return content.decode(OF_SLOVENE_WINDOWS, "replace")


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _files(parts: list[Message]) -> list[SentFile]:
    """Return what was attached; what is none, is left out when the enquiry judges it by its content."""
    files: list[SentFile] = []
    for part in parts:
        media_type = part.get_content_type()
        is_attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if (media_type.startswith("text/") and not is_attached) or media_type in NO_FILES:
            continue
        content = _bytes(part)[: LARGEST_BYTES + 1]
        if "Content-ID" in part and len(content) < SMALLEST_PICTURE_IN_TEXT_BYTES:
            continue
        files.append(SentFile(_words(str(part.get_filename() or media_type)), io.BytesIO(content)))
        if len(files) == MOST_FILES_LOOKED_AT:
            break
    return files


def _header(head: Message, name: str) -> str:
    return " ".join(str(each)[:LONGEST_HEADER] for each in (head.get_all(name) or [])[:5])


def _words(header: str) -> str:
    """Return a header in words; what is wrongly encoded stays as it came."""
    try:
        pieces = decode_header(header[:LONGEST_HEADER])
        return "".join(each if isinstance(each, str) else each.decode(name or "utf-8") for each, name in pieces)
    except Exception:  # the decoder raises of its own kinds and of its codecs'
        return header[:LONGEST_HEADER]
